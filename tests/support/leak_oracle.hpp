// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/process_table.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// Whether a machine is after a test as it was before: mounts, processes, control groups, network
// namespaces, open descriptors, and the death of every namespace that the test told about. It looks at
// the whole machine but for what is other tests' own, and asks the kernel, not nsd.
class LeakOracle {
  public:
    // What a running program holds beside what the machine shows of it.
    struct Holdings {
        std::multiset<std::string> descriptors; // "nsd: socket"
        std::set<pid_t> helpers;                // come and go as there is work: their number is no leak
    };
    // Asked anew at each look.
    using Watched = std::function<Holdings()>;

    // Takes the first look. From now on orphans of this process's children come home to it.
    // `keepSubtree`: whose control groups are looked at, by the beginning of the subtree's name; of one
    // daemon (TestDaemon::keepSubtree) or, without, of all.
    explicit LeakOracle(Watched watched = {}, std::string keepSubtree = "nsd-keep");

    // This namespace must be gone at the end: by its nsfs file handle (Linux 6.18), which does not keep
    // it alive. False where the kernel has none: then nothing is remembered.
    bool mustDie(const std::string& namespaceFile);

    // Looks again until all is as it was; the kernel takes its time to end namespaces. After `patience`
    // the failure says what there is too much of.
    [[nodiscard]] testing::AssertionResult clean(
        std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

  private:
    struct Look {
        std::multiset<std::string> mounts;
        std::vector<Process> processes;
        std::multiset<std::string> controlGroups;
        std::multiset<std::string> descriptors;
        std::optional<std::uint64_t> netNamespaces; // no answer: the kernel does not say
    };
    struct Handle {
        std::string name;
        std::vector<unsigned char> bytes; // struct file_handle
    };
    [[nodiscard]] Look look() const;
    [[nodiscard]] std::vector<std::string> leaks() const;

    Watched watched_;
    std::string keepSubtree_;
    std::vector<Handle> handles_;
    Look before_;
};

// How many network namespaces the kernel has, counted in its memory; empty where it does not say.
[[nodiscard]] std::optional<std::uint64_t> countNetNamespaces();
// Whether this kernel can be asked if a namespace is dead (nsfs file handles, Linux 6.18).
[[nodiscard]] bool kernelHasNamespaceHandles();
// Paths of the control groups whose names begin so, and of all below them.
[[nodiscard]] std::vector<std::string> keptControlGroups(const std::string& keepSubtree);

} // namespace nsd::test
