// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/sections.hpp"

#include <array>

namespace nsd::bench {

std::span<const Section> sections() noexcept {
    static constexpr std::array table{
        Section{"enter", "Enter against an empty call that returns a descriptor", measureEnter},
        Section{"exec", "nsctl exec against ip netns exec", measureExec},
        Section{"tool", "nsctl create against ip netns add, nsctl list against lsns", measureTool},
        Section{
            "lifecycle", "Create and Destroy against the bare calls and against ip netns", measureLifecycle},
        Section{"count", "Create with many namespaces held against Create with none", measureCount},
        Section{"mount", "Create of a mount namespace with many pins held against none", measureMount},
        Section{"memory", "memory of nsd for each namespace that it keeps", measureMemory},
        Section{"flood", "p99 of Enter while another user calls and never reads against p99 without",
            measureFlood},
        Section{"forward", "nsctl forward against socat", measureForward},
    };
    return table;
}

} // namespace nsd::bench
