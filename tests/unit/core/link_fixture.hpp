// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "daemon/core/link_desk.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nsd::test {

// The namespace "web", and a host with the link "eth0".
class LinkTest : public CoreTest {
  protected:
    LinkTest() : web_(create("web")) { links_.put(FakeLinks::host, eth0()); }

    [[nodiscard]] static LinkState eth0() {
        LinkState link{.name = "eth0", .identity = {.kind = "", .parentDevice = "pci/0000:00:03.0"}};
        link.altNames = {"enp0s3"};
        link.mac = "02:00:00:00:00:01";
        link.mtu = 9000;
        link.isUp = true;
        link.master = "br0";
        return link;
    }
    [[nodiscard]] std::uint64_t inside(const Uuid& uuid) const { return inode(uuid, NamespaceType::Net); }

    // Each waits for the one answer, and is the error's text, or "done".
    std::string move(const std::string& link, const std::string& name = "") {
        return answerOf<Done>([&](auto done) { namespaces_->links().move(web_, link, name, done); });
    }
    std::string giveBack(const std::string& link, const std::string& name = "") {
        return answerOf<ReturnedLink>(
            [&](auto done) { namespaces_->links().giveBack(web_, link, name, done); });
    }
    std::string add(LinkRequest link, std::optional<Uuid> peer = std::nullopt) {
        return answerOf<Done>([&](auto done) { namespaces_->links().add(web_, link, peer, done); });
    }
    template <class T, class Work>
    std::string answerOf(Work work) {
        std::optional<std::string> answer;
        work([&](const Outcome<T>& outcome) {
            EXPECT_FALSE(answer) << "a second answer";
            answer = outcome.ok() ? "done" : outcome.error().text();
            code_ = outcome.ok() ? "none" : toWord(outcome.error().code());
        });
        EXPECT_FALSE(answer) << "answered from inside the call";
        loop_.settle();
        return answer.value_or("no answer");
    }
    // The host's link as it was, wherever it was meanwhile.
    void expectHome() {
        const auto* link = links_.find(FakeLinks::host, "eth0");
        ASSERT_NE(link, nullptr);
        auto expected = eth0();
        expected.index = link->index;
        EXPECT_EQ(*link, expected);
    }

    Uuid web_;
    std::string code_; // of the last answer
};

} // namespace nsd::test
