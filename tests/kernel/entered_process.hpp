// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/enter/enter.hpp"

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// A process that sleeps in fresh namespaces of the given types, and with a pid namespace its process
// 1; gone with this.
class NamespaceHome {
  public:
    // `idMap` is written to uid_map and gid_map: "0 100000 65536". `owner`
    // makes them, and then setgroups(2) is denied inside.
    explicit NamespaceHome(NamespaceTypes types, const std::string& idMap = {}, uid_t owner = 0);
    ~NamespaceHome();
    NamespaceHome(const NamespaceHome&) = delete;
    NamespaceHome& operator=(const NamespaceHome&) = delete;

    [[nodiscard]] client::NamespaceFds open(NamespaceTypes types) const;
    // "net:[4026531840]"
    [[nodiscard]] std::string link(NamespaceType type) const;
    void killInit();

  private:
    [[nodiscard]] std::string file(NamespaceType type) const;
    [[noreturn]] static void live(NamespaceTypes types, int toParent, int fromParent);

    pid_t process_ = 0;
    pid_t init_ = 0; // of the pid namespace
};

// enterAndRun in a process of its own, as nsctl is one.
class EnteredProcess {
  public:
    // `before` runs in the new process, ahead of enterAndRun.
    explicit EnteredProcess(
        client::EnterRequest request, const std::function<void()>& before = [] {});
    ~EnteredProcess();
    EnteredProcess(const EnteredProcess&) = delete;
    EnteredProcess& operator=(const EnteredProcess&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // What it writes to stdout and stderr: one line, or all until the end; without the last newline.
    [[nodiscard]] std::string readLine();
    [[nodiscard]] std::string readAll();
    // waitpid's status, also of a stop; 128+N for a signal that ended it.
    [[nodiscard]] bool waitUntilStopped() const;
    [[nodiscard]] int exitStatus();

  private:
    pid_t pid_ = 0;
    UniqueFd output_;
};

} // namespace nsd::test
