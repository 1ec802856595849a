// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "tests/kernel/worker_process.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// The real worker, and two network namespaces: one that plays the host, and one that links are lent to. The
// machine's own links are never looked at.
class LinkTest : public testing::Test {
  protected:
    static constexpr uid_t user = 12345;

    void SetUp() override;
    // The one that links are lent to is of this user from now on, who is root in it.
    void giveInsideTo(uid_t owner);

    [[nodiscard]] int home() const { return home_.fd(NamespaceType::Net); }
    [[nodiscard]] int inside() const { return inside_.fd(NamespaceType::Net); }
    // ip(8) in one of them. Throws where it fails.
    static std::string ip(int netNs, const std::string& arguments);
    // A shell there.
    static std::string shell(int netNs, const std::string& command);

    [[nodiscard]] std::vector<LinkState> linksOf(int netNs);
    // The link of this name; without one the test fails.
    [[nodiscard]] LinkState linkOf(int netNs, const std::string& name);
    [[nodiscard]] std::vector<std::string> namesOf(int netNs);

    // What the core asks for, one after the other; each throws the worker's Error.
    [[nodiscard]] LinkCustody inspect(const std::string& link);
    [[nodiscard]] MovedLink move(const LinkCustody& custody, const std::string& name, bool up = false);
    // Both, recorded as the core does.
    [[nodiscard]] LinkCustody lend(const std::string& link, const std::string& name, bool up = false);
    [[nodiscard]] ReturnedLink bringHome(const LinkCustody& custody);
    [[nodiscard]] ReturnedLink bringHomeWithoutInside(const LinkCustody& custody);

    [[nodiscard]] WorkerProcess& worker() { return *worker_; }
    void restartWorker();

  private:
    std::unique_ptr<WorkerProcess> worker_;
    MadeByWorker home_;
    MadeByWorker inside_;
};

// "wan (eth0 2) mtu 1400 02:… up br0": all of a link that has to come back as it was.
[[nodiscard]] std::string lookOf(const LinkState& link);

} // namespace nsd::test
