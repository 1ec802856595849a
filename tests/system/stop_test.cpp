// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsd is told to stop while somebody thinks about a call.
#include "tests/support/fake_polkit.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_bus.hpp"
#include "tests/support/test_daemon.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <systemd/sd-event.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 33; // www-data, of every Debian

struct EventUnref {
    void operator()(sd_event* event) const noexcept { sd_event_unref(event); }
};

// Freed memory is overwritten, so that a build without AddressSanitizer also ends badly where it is used.
const Environment noteFreedMemory{{"MALLOC_PERTURB_", "165"}};

TEST(Stop, withAQuestionOpenAtPolkitEndsAsEver) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    NSD_REQUIRE_PROGRAM("busctl");
    const TestBus bus;
    const std::unique_ptr<sd_event, EventUnref> event([] {
        sd_event* made = nullptr;
        sd_event_new(&made);
        return made;
    }());
    FakePolkit polkit(bus.address(), event.get());
    polkit.answerWith(FakePolkit::Answer::Never);
    TestDaemon daemon(TestDaemon::Options{
        .systemBus = bus.address(), .settings = {}, .wrapper = {}, .environment = noteFreedMemory});
    daemon.start();
    daemon.mustNsctl({"create", "web", "-t", "uts"});
    const auto address = "--address=" + bus.address();
    auto path =
        mustRun({"busctl", address, "call", "org.nsd1", "/org/nsd1", "org.nsd1.Manager", "Get", "s", "web"});
    path = path.substr(3, path.size() - 4); // o "/org/nsd1/namespace/…"

    // Of the object's own form: the call holds the object until it is answered.
    CommandOptions options;
    options.user = user;
    BackgroundProcess caller({"busctl", address, "--allow-interactive-authorization=yes", "call", "org.nsd1",
                                 path, "org.nsd1.Namespace", "Destroy", "a{sv}", "0"},
        options);
    ASSERT_TRUE(eventually([&] {
        while (sd_event_run(event.get(), 0) > 0) {
        }
        return polkit.open() == 1;
    }));
    EXPECT_EQ(daemon.terminate(), 0) << daemon.log();
    EXPECT_NE(caller.wait(std::chrono::seconds(10)).value_or(0), 0) << "it was told that nsd gave up";
}

} // namespace
} // namespace nsd::test
