// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"

#include <cerrno>
#include <cstring>
#include <future>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>
#include <sys/types.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {

constexpr int heldAs = 27; // the number that a descriptor has in who holds it

// A process elsewhere that has this descriptor as number 27, and nothing else of the test's.
class Keeper {
  public:
    explicit Keeper(int fd) : process_({"sleep", "1000"}, with(fd)) {
        const auto comm = "/proc/" + std::to_string(process_.pid()) + "/comm";
        EXPECT_TRUE(eventually([&] { return readFile(comm) == "sleep\n"; }));
    }
    [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }

  private:
    static CommandOptions with(int fd) {
        CommandOptions options;
        options.descriptors[heldAs] = fd;
        return options;
    }
    BackgroundProcess process_;
};

// A process elsewhere of which one thread has this descriptor, in a table of its own.
inline Sleeper threadThatAloneHas(int fd, const MadeByWorker& made) {
    return Sleeper(made, {}, [fd] {
        std::promise<void> apart;
        std::thread([&apart] {
            static_cast<void>(::unshare(CLONE_FILES));
            apart.set_value();
            for (;;)
                ::pause();
        }).detach();
        apart.get_future().wait();
        ::close(fd);
    });
}

// What `make` answers when it is called by a thread in the network namespace.
template <class Make>
UniqueFd inNet(const MadeByWorker& made, const Make& make) {
    UniqueFd result;
    std::thread([&] {
        ASSERT_EQ(::setns(made.fd(NamespaceType::Net), CLONE_NEWNET), 0);
        result = UniqueFd(make());
        ASSERT_TRUE(result) << std::strerror(errno);
    }).join();
    return result;
}

} // namespace nsd::test
