// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "daemon/bus/bus_service.hpp"
#include "daemon/bus/deny_authority.hpp"
#include "daemon/core/namespaces.hpp"
#include "dbus/compat.hpp"
#include "dbus/loop_attachment.hpp"
#include "systemd/event_loop.hpp"
#include "tests/bus/bus_client.hpp"
#include "tests/support/fake_kernel.hpp"
#include "tests/support/fake_launcher.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_bus.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace nsd::test {

// Everybody's uid without any rights; it has an entry in passwd, without which dbus-daemon throws a
// connection off.
constexpr uid_t nobody = 65534;

// Keeps the errors, so that every test can say that there were none.
class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            complaints.emplace_back(text);
    }
    std::vector<std::string> complaints;
};

// An authority that remembers what it was asked, and does with it what the test says; by default it
// is the DenyAuthority of the daemon.
class RecordingAuthority final : public Authority {
  public:
    explicit RecordingAuthority(Loop& loop) : deny_(loop) {}

    void ask(const AuthorizationRequest& request, Completion<Done> done) override {
        questions.push_back(request);
        if (instead)
            instead(std::move(done));
        else
            deny_.ask(request, std::move(done));
    }

    std::vector<AuthorizationRequest> questions;
    std::function<void(Completion<Done>)> instead;

  private:
    bus::DenyAuthority deny_;
};

// Keeps what was decided.
class RecordingAudit final : public Audit {
  public:
    void record(const AuditRecord& decision) noexcept override { decisions.push_back(decision); }
    std::vector<AuditRecord> decisions;
};

// The daemon's bus side in this process, driven by hand: the service on a bus of the test's own over
// the real core and the fake kernel. `root` is a client of the test's own uid.
class BusTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;
    [[nodiscard]] virtual std::unique_ptr<TestBus> makeBus() { return std::make_unique<TestBus>(); }
    // Whom the service asks; over the connection, which is there by then.
    [[nodiscard]] virtual Authority& authority() { return *authority_; }
    // It goes when the service has gone, and before the connection.
    virtual void endAuthority() { authority_.reset(); }

    [[nodiscard]] std::unique_ptr<BusClient> clientAs(uid_t user);
    // Creates a namespace and answers its object path; fails the test where that fails.
    std::string create(const std::string& name, std::initializer_list<const char*> types);
    [[nodiscard]] std::string nameOf(const std::string& path);
    // Turns the loop until there is nothing more to do now.
    void settle();
    // Takes the service down and makes a new one over the same pins, as at a restart.
    void restart();

    // From the first made to the first destroyed.
    std::unique_ptr<TestBus> bus_;
    RecordingLog log_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<sdbus::IConnection> connection_;
    std::unique_ptr<dbus::LoopAttachment> attachment_;
    TempDir pins_;
    std::unique_ptr<FakeKernel> kernel_;
    std::unique_ptr<RecordingAuthority> authority_;
    RecordingAudit audit_;
    std::unique_ptr<Namespaces> namespaces_;
    TempDir processFiles_;
    std::unique_ptr<FakeLauncher> launcher_;
    std::unique_ptr<Processes> processes_;
    std::unique_ptr<bus::BusService> service_;
    std::unique_ptr<BusClient> root_;
    std::function<void()> reload_ = [] {};
    // As by default, save that tests call more often than people do. Read when the service is made.
    QuotaLimits quotas_{.rate = 1'000'000, .burst = 1'000'000};

  private:
    void startService();
};

// Appends an `as`.
[[nodiscard]] BusClient::Fill strings(const std::vector<std::string>& values);

} // namespace nsd::test
