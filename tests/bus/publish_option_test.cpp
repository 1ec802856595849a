// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The option publish over the bus: what shows, and who may.
#include "tests/bus/bus_fixture.hpp"

#include "dbus/object_path.hpp"

#include "tests/support/require.hpp"

namespace nsd::test {
namespace {

constexpr uid_t games = 5; // a uid with an entry in passwd on any Debian
constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";

class Publish : public BusTest {
  protected:
    AnswerPtr publish(BusClient& client, const char* name = "web", const char* type = "net") {
        return client.manager("Create", "sasa{sv}", name, 1, type, 1, "publish", "b", 1);
    }
    std::string property(const char* name) {
        return root_->property(
            dbus::objectPath(namespaces_->find(Name("web")).uuid), "org.nsd1.Namespace", name);
    }
    // Yes to this right and no to all others.
    void allowOnly(Right right) {
        authority_->instead = [this, right](Completion<Done> done) {
            const bool yes = authority_->questions.back().right == right;
            loop_->post([done = std::move(done), yes] {
                if (yes)
                    done(Done{});
                else
                    done(Error(Errc::AccessDenied, "no"));
            });
        };
    }
};

TEST_F(Publish, showsThePathAndTheNumber) {
    EXPECT_EQ(publish(*root_)->error, "");
    EXPECT_EQ(property("PublicPath"), R"("/run/netns/web")");
    EXPECT_EQ(property("Nsid"), "0");
    netRegister_->names.clear(); // ip netns del
    EXPECT_EQ(property("PublicPath"), R"("")");
}

TEST_F(Publish, ofATakenNameIsNameExists) {
    netRegister_->names["web"] = 1;
    EXPECT_EQ(publish(*root_)->error, "org.nsd1.Error.NameExists");
}

TEST_F(Publish, withoutNetIsRefused) {
    const auto answer = publish(*root_, "web", "uts");
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(answer->text, "publish needs type net");
}

TEST_F(Publish, needsTheRightToCreateAsWell) {
    NSD_REQUIRE_ROOT();
    const auto user = clientAs(games);
    allowOnly(Right::Link);
    EXPECT_EQ(publish(*user)->error, denied);
    EXPECT_EQ(authority_->questions.size(), 2U);
    allowOnly(Right::Create);
    EXPECT_EQ(publish(*user)->error, denied);
    EXPECT_EQ(authority_->questions.size(), 3U);
    EXPECT_TRUE(netRegister_->names.empty());
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(Publish, aNameOfTheHostIsNotTheOwnersToMove) {
    NSD_REQUIRE_ROOT();
    EXPECT_EQ(root_
                  ->manager("Create", "sasa{sv}", "web", 1, "net", 2, "publish", "b", 1, "owner", "u",
                      unsigned{games})
                  ->error,
        "");
    const auto user = clientAs(games);
    EXPECT_EQ(user->manager("Rename", "ss", "web", "www")->error, denied);
    ASSERT_EQ(authority_->questions.size(), 1U);
    EXPECT_EQ(authority_->questions.front().right, Right::Link);
    allowOnly(Right::Link);
    EXPECT_EQ(user->manager("Rename", "ss", "web", "www")->error, "");
    EXPECT_EQ(netRegister_->names.count("www"), 1U);
    EXPECT_EQ(user->manager("Destroy", "sa{sv}", "www", 0)->error, "") << "but his to end";
}

} // namespace
} // namespace nsd::test
