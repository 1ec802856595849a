// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/programs.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

namespace nsd::bench {

Rows measureExec(Depth depth) {
    const Effort effort = depth == Depth::Quick ? Effort{5, 20, 10} : Effort{20, 40, 40};
    constexpr double target = 2.0;
    const Stage stage;
    stage.bus().create("bench", "net");
    const IpNetns ip;
    const auto goIn = [&] { ip.goIn(); };
    const auto goHome = [&] { ip.goHome(); };
    goIn();
    ip.add("bench");
    goHome();

    const auto nsctl = test::TestDaemon::binary("nsctl").string();
    const auto comparison = interleave(effort,
        {[&] {
             runProgram({nsctl, "exec", "bench", "true"});
         },
            {}, {}},
        {[&] { ip.exec("bench", "true"); }, goIn, goHome});
    return {ratioRow("exec", "nsctl exec X true", "ip netns exec X true", comparison, target)};
}

} // namespace nsd::bench
