// SPDX-License-Identifier: LGPL-2.1-or-later
// Supervisors as transient units: a systemd of the test's own says what it was asked for.
#include "daemon/bus/transient_units.hpp"
#include "daemon/core/process_files.hpp"
#include "daemon/kernel/spawn.hpp"
#include "daemon/kernel/supervisor_launcher.hpp"
#include "tests/bus/bus_client.hpp"
#include "tests/bus/bus_fixture.hpp"
#include "tests/bus/message_text.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <array>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace nsd::test {
namespace {

// Owns org.freedesktop.systemd1 and answers StartTransientUnit; a connection of its own on the loop.
class FakeSystemd {
  public:
    FakeSystemd(const std::string& address, sd_event* event) {
        sd_bus_new(&bus_);
        sd_bus_set_address(bus_, address.c_str());
        sd_bus_set_bus_client(bus_, 1);
        sd_bus_negotiate_fds(bus_, 1);
        sd_bus_start(bus_);
        sd_bus_add_filter(bus_, nullptr, onMessage, this);
        sd_bus_request_name(bus_, "org.freedesktop.systemd1", 0);
        sd_bus_attach_event(bus_, event, SD_EVENT_PRIORITY_NORMAL);
    }
    ~FakeSystemd() {
        sd_bus_detach_event(bus_);
        sd_bus_close_unref(bus_);
    }
    FakeSystemd(const FakeSystemd&) = delete;
    FakeSystemd& operator=(const FakeSystemd&) = delete;

    bool startsIt = false; // as a systemd does: the program with the socket as its standard input
    std::string unit;      // what was asked for, as text
    UniqueFd socket;       // the first descriptor among it
    std::string error;     // what is answered; empty: a job

  private:
    static int onMessage(sd_bus_message* message, void* data, sd_bus_error* /*error*/) {
        if (sd_bus_message_is_method_call(
                message, "org.freedesktop.systemd1.Manager", "StartTransientUnit") <= 0)
            return 0;
        auto& self = *static_cast<FakeSystemd*>(data);
        self.unit = textOf(message);
        self.takeSocket(message);
        if (self.startsIt)
            self.start();
        if (!self.error.empty())
            return sd_bus_reply_method_errorf(message, self.error.c_str(), "not today");
        return sd_bus_reply_method_return(message, "o", "/org/freedesktop/systemd1/job/1");
    }

    void start() {
        Program program;
        program.path = NSD_TEST_BIN_DIR "/nsd-worker";
        program.arguments = {"--supervise"};
        program.diesWithUs = false;
        program.input = socket.get();
        static_cast<void>(spawn(program));
        socket.reset();
    }

    void takeSocket(sd_bus_message* message) {
        sd_bus_message_rewind(message, 1);
        sd_bus_message_skip(message, "ss");
        sd_bus_message_enter_container(message, 'a', "(sv)");
        while (sd_bus_message_enter_container(message, 'r', "sv") > 0) {
            const char* name = nullptr;
            sd_bus_message_read(message, "s", &name);
            int fd = -1;
            if (std::string_view(name) == "StandardInputFileDescriptor" &&
                sd_bus_message_read(message, "v", "h", &fd) >= 0)
                socket = duplicateFd(fd);
            else
                sd_bus_message_skip(message, "v");
            sd_bus_message_exit_container(message);
        }
    }

    sd_bus* bus_ = nullptr;
};

class RecordingStarter final : public SupervisorStarter {
  public:
    void start(SupervisorStart start, Completion<Done> done) override {
        started.push_back(std::move(start));
        done(Done{});
    }
    std::vector<SupervisorStart> started;
};

class TransientUnits : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped() && !HasFatalFailure())
            units_ = std::make_unique<bus::TransientUnits>(*connection_, otherwise_,
                HelperCommand{"/usr/libexec/nsd-worker", {"--supervise"}, "nsd-exec", false});
    }
    void TearDown() override {
        units_.reset();
        BusTest::TearDown();
    }
    // The error that is answered; empty: none. `far_` is the other end of the socket that it is given.
    std::string start(uid_t uid) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
        far_.reset(ends[0]);
        std::optional<Outcome<Done>> outcome;
        units_->start({UniqueFd(ends[1]), 42, uid, "\"ip\" in web"},
            [&](const Outcome<Done>& answer) { outcome = answer; });
        root_->turnUntil([&] { return outcome.has_value(); });
        return outcome->ok() ? "" : outcome->error().text();
    }

    RecordingStarter otherwise_;
    std::unique_ptr<bus::TransientUnits> units_;
    UniqueFd far_;
};

TEST_F(TransientUnits, withoutSystemdSomebodyElseStartsIt) {
    EXPECT_EQ(start(1000), "");
    ASSERT_EQ(otherwise_.started.size(), 1U);
    EXPECT_EQ(otherwise_.started.front().number, 42U);
    EXPECT_TRUE(otherwise_.started.front().socket);
}

TEST_F(TransientUnits, aUsersCommandIsInHisSlice) {
    FakeSystemd systemd(bus_->address(), loop_->handle());
    EXPECT_EQ(start(1000), "");
    EXPECT_TRUE(otherwise_.started.empty());
    for (const auto* part :
        {"\"nsd-exec-42.service\" \"fail\"", "\"Slice\", \"user-1000.slice\"", "\"Type\", \"exec\"",
            "\"CollectMode\", \"inactive-or-failed\"", "\"/usr/libexec/nsd-worker\", \"--supervise\"",
            "\"KillMode\", \"process\"", "nsd: \"ip\" in web"})
        EXPECT_NE(systemd.unit.find(part), std::string::npos) << part << " in " << systemd.unit;
}

TEST_F(TransientUnits, theSystemsCommandsAreInTheSystemsSlice) {
    FakeSystemd systemd(bus_->address(), loop_->handle());
    EXPECT_EQ(start(999), "");
    EXPECT_NE(systemd.unit.find("\"system.slice\""), std::string::npos) << systemd.unit;
}

TEST_F(TransientUnits, theSocketIsTheStandardInput) {
    FakeSystemd systemd(bus_->address(), loop_->handle());
    EXPECT_EQ(start(1000), "");
    ASSERT_TRUE(systemd.socket);
    ASSERT_EQ(::send(systemd.socket.get(), "hello", 5, 0), 5);
    std::array<char, 8> got{};
    EXPECT_EQ(::recv(far_.get(), got.data(), got.size(), MSG_DONTWAIT), 5);
}

TEST_F(TransientUnits, aCommandRunsUnderASupervisorThatSystemdStarted) {
    NSD_REQUIRE_ROOT();
    FakeSystemd systemd(bus_->address(), loop_->handle());
    systemd.startsIt = true;
    SupervisorLauncher launcher(*loop_, *units_, {processFiles_.path(), std::chrono::seconds(10)});
    ProcessFiles files(UniqueFd(::open(processFiles_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    Launch launch{.number = 1, .uid = 1000, .what = "a test"};
    launch.command.argv = {"sh", "-c", "exit 7"};
    launch.command.directory = "/";
    launch.stateFile = files.create(1, {Uuid::random()});
    std::optional<Outcome<LaunchedProcess>> outcome;
    launcher.launch(
        std::move(launch), [&](Outcome<LaunchedProcess> answer) { outcome.emplace(std::move(answer)); });
    root_->turnUntil([&] { return outcome.has_value(); });
    ASSERT_TRUE(outcome->ok()) << outcome->error().text();
    root_->turnUntil([&] { return hasEnded(outcome->value().supervisorPidfd.get()); });
    const auto end = files.read(1).end;
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 7);
    EXPECT_NE(systemd.unit.find("\"user-1000.slice\""), std::string::npos) << systemd.unit;
}

TEST_F(TransientUnits, aRefusalIsToldAndNotGotAround) {
    FakeSystemd systemd(bus_->address(), loop_->handle());
    systemd.error = "org.freedesktop.systemd1.UnitExists";
    const auto error = start(1000);
    EXPECT_NE(error.find("not today"), std::string::npos) << error;
    EXPECT_TRUE(otherwise_.started.empty());
}

} // namespace
} // namespace nsd::test
