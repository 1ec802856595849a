// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/bus_service.hpp"
#include "daemon/bus/client_tracker.hpp"
#include "daemon/bus/deny_authority.hpp"
#include "daemon/core/namespaces.hpp"
#include "tests/bus/bus_connection_fixture.hpp"
#include "tests/support/fake_etc.hpp"
#include "tests/support/fake_kernel.hpp"
#include "tests/support/fake_launcher.hpp"
#include "tests/support/fake_links.hpp"
#include "tests/support/fake_net_register.hpp"
#include "tests/support/fake_plugins.hpp"
#include "tests/support/fake_views.hpp"
#include "tests/support/temp_dir.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace nsd::test {

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
class BusTest : public BusConnectionTest {
  protected:
    void SetUp() override;
    void TearDown() override;
    // Whom the service asks; over the connection, which is there by then.
    [[nodiscard]] virtual Authority& authority() { return *authority_; }
    // It goes when the service has gone, and before the connection.
    virtual void endAuthority() { authority_.reset(); }

    // Creates a namespace and answers its object path; fails the test where that fails.
    std::string create(const std::string& name, std::initializer_list<const char*> types);
    [[nodiscard]] std::string nameOf(const std::string& path);
    // Takes the service down and makes a new one over the same pins, as at a restart.
    void restart();

    // From the first made to the first destroyed.
    std::unique_ptr<bus::ClientTracker> clients_;
    TempDir pins_;
    std::unique_ptr<FakeKernel> kernel_;
    std::unique_ptr<FakeNetRegister> netRegister_;
    std::unique_ptr<FakeLinks> links_;
    std::unique_ptr<FakePlugins> plugins_;
    std::unique_ptr<RecordingAuthority> authority_;
    RecordingAudit audit_;
    std::unique_ptr<FakeEtc> etcMaker_;
    std::unique_ptr<FakeViews> viewMaker_;
    std::unique_ptr<Namespaces> namespaces_;
    std::unique_ptr<Views> views_;
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
