// SPDX-License-Identifier: LGPL-2.1-or-later
// Who process 1 of a pid namespace is, as far as it takes a worker to find out.
#include "daemon/kernel/pid_init.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/require.hpp"

#include <fcntl.h>

namespace nsd::test {
namespace {

using LinuxKernelInitTest = LinuxKernelTest;

TEST_F(LinuxKernelInitTest, NoWorkerLooksForOneThatTheKernelSaysThereIsNot) {
    const UniqueFd own(::open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
    NSD_REQUIRE(kernelFindsInits(own.get()), "Linux 6.11");
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    const auto pidNs = made.fds.at(NamespaceType::Pid).get();
    kernel().endInit(*made.init);
    ASSERT_TRUE(loop_.turnUntil([&] { return !kernel().findInit(pidNs, 0); }));
    const auto helpers = std::exchange(options_.helperDirectory, "/nonexistent");
    restart();
    Answer<std::optional<InitProcess>> answer;
    kernel().searchInit(pidNs, answer.completion());
    EXPECT_FALSE(await(loop_, answer));
    options_.helperDirectory = helpers;
    restart();
    end(std::move(made));
}

} // namespace
} // namespace nsd::test
