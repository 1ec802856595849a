// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/bus/authorization_calls.hpp"
#include "tests/bus/authorization_table.hpp"
#include "tests/bus/polkit_fixture.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nsd::test {

// A column of the table of expectations, and who stands for it.
struct Role {
    const char* name;
    uid_t uid;
    std::vector<gid_t> groups;
    May Expectation::*column;
    const char* ground; // on which it has the rights that are its own
};
[[nodiscard]] std::span<const Role> matrixRoles();

// The namespace "web" of the authorisation matrix, with its grants and all that a call needs, and a
// client for each role. It owns what the calls change, so it can say whether one did.
class AuthorizationFixture : public PolkitBusTest {
  protected:
    void SetUp() override;
    void TearDown() override;
    [[nodiscard]] std::unique_ptr<TestBus> makeBus() override;

    // A client whom the daemon knows already, so that it asks nobody but polkit any more.
    [[nodiscard]] std::unique_ptr<BusClient> join(const Role& role);
    // Makes everything new, as the call needs it.
    void setStage(const Expectation& expected, const MatrixCall& call);
    void clearStage();
    [[nodiscard]] AnswerPtr start(BusClient& client, const MatrixCall& call);
    // All that a call can change and nobody but a call does.
    [[nodiscard]] std::string state() const;

    std::map<std::string, std::unique_ptr<BusClient>> clients_; // by role

  private:
    void make(const std::string& name, bool rootless);
    void grantAsExpected(const std::string& name, const Expectation& expected);
    void bring(const MatrixCall& call);
    void startCommand(const MatrixCall& call);
    void borrowLink();

    Stage stage_;
    int reloads_ = 0;
};

} // namespace nsd::test
