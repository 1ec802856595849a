// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/programs.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"
#include "tests/bench/system_call.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd::bench {

namespace {

// lsns(8) knows a namespace by the processes in it: so many, each in a uts namespace of its own.
class Inhabitants {
  public:
    explicit Inhabitants(unsigned count) {
        std::array<int, 2> ready{};
        must(::pipe2(ready.data(), O_CLOEXEC), "pipe2");
        UniqueFd told(ready[0]);
        UniqueFd telling(ready[1]);
        for (unsigned i = 0; i < count; ++i)
            settle(telling.get());
        telling.reset();
        std::string arrived(count, '\0');
        for (std::size_t have = 0; have < count;) {
            const auto got =
                must(static_cast<int>(::read(told.get(), arrived.data(), arrived.size() - have)), "read");
            if (got == 0)
                throw std::runtime_error("a process could not have a namespace of its own");
            have += static_cast<std::size_t>(got);
        }
    }
    Inhabitants(const Inhabitants&) = delete;
    Inhabitants& operator=(const Inhabitants&) = delete;
    ~Inhabitants() {
        for (const auto pid : pids_)
            ::kill(pid, SIGKILL);
        for (const auto pid : pids_)
            ::waitpid(pid, nullptr, 0);
    }

  private:
    void settle(int telling) {
        const auto pid = must(::fork(), "fork");
        if (pid != 0) {
            pids_.push_back(pid);
            return;
        }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::unshare(CLONE_NEWUTS) == 0 && ::write(telling, "", 1) == 1) {
            ::close(telling); // who reads waits for no others than those on the way
            for (;;)
                ::pause();
        }
        ::_exit(1);
    }

    std::vector<pid_t> pids_;
};

} // namespace

Rows measureTool(Depth depth) {
    const bool isQuick = depth == Depth::Quick;
    const Effort lists = isQuick ? Effort{3, 3, 2} : Effort{10, 10, 5};
    const Effort makings = isQuick ? Effort{5, 10, 5} : Effort{20, 20, 20};
    constexpr unsigned many = 1000;
    const auto nsctl = test::TestDaemon::binary("nsctl").string();
    const Stage stage;
    Rows rows;

    unsigned made = 0; // and not removed yet, on the side that is measured
    const auto next = [&made] { return "bench" + std::to_string(made++); };
    const auto removeAll = [&made](const auto& remove) {
        while (made > 0)
            remove("bench" + std::to_string(--made));
    };
    constexpr std::chrono::seconds noPatience{0};
    const IpNetns ip;
    rows.push_back(ratioRow("tool-create", "nsctl create X", "ip netns add X",
        interleave(makings,
            {[&] {
                 runProgram({nsctl, "create", next()});
             },
                {}, [&] { removeAll([&](const auto& name) { stage.bus().destroy(name, noPatience); }); }},
            {[&] { ip.add(next()); }, [&] { ip.goIn(); },
                [&] {
                    removeAll([&](const auto& name) { ip.remove(name); });
                    ip.goHome();
                }})));

    Crowd crowd(stage.bus());
    crowd.grow(many);
    const Inhabitants inhabitants(many);
    rows.push_back(ratioRow("tool-list", "nsctl list, 1000 namespaces", "lsns, 1000 processes in their own",
        interleave(lists,
            {[&] {
                 runProgram({nsctl, "list"});
             },
                {}, {}},
            {[] { runProgram({"/usr/bin/lsns"}); }, {}, {}})));
    crowd.clear();
    return rows;
}

} // namespace nsd::bench
