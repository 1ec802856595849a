// SPDX-License-Identifier: LGPL-2.1-or-later
// Ordinary users in a booted Debian, with its own polkitd.
#include "tests/boot/boot_test.hpp"

namespace nsd::test {
namespace {

class Users : public BootTest {
  protected:
    void TearDown() override {
        if (testing::Test::IsSkipped())
            return;
        system().shell("rm -f /etc/polkit-1/rules.d/10-test.rules");
        BootTest::TearDown();
    }
    // polkitd takes notice by itself, in its own time.
    static void rule(const std::string& condition, const std::string& awaited) {
        system().writeFile(
            "/etc/polkit-1/rules.d/10-test.rules", "polkit.addRule(function(action, subject) {\n  if (" +
                                                       condition + ")\n    return polkit.Result.YES;\n});\n");
        system().shell("chmod 644 /etc/polkit-1/rules.d/10-test.rules");
        await(awaited);
    }
    static std::string asAlice(const std::string& command) {
        return "setpriv --reuid alice --regid alice --init-groups " + command;
    }
};

TEST_F(Users, SeeEverythingAndChangeNothing) {
    system().shell("nsctl create web -t net");
    EXPECT_EQ(as("alice", "nsctl --no-legend list").substr(0, 4), "web ");
    for (const auto* call :
        {"create mine -t net", "destroy web", "rename web other", "label web a=b", "hold web true",
            "grant web user:alice enter", "exec web true", "socket web tcp:127.0.0.1:80 true"}) {
        EXPECT_NE(refused("alice", std::string("nsctl --no-ask-password ") + call).find("lacks the right"),
            std::string::npos)
            << call;
    }
    EXPECT_EQ(system().shell("nsctl --no-legend list | cut -d' ' -f1"), "web");
}

TEST_F(Users, OwnersMayDoWhatOwnersMay) {
    system().shell("nsctl create web -t net --owner alice");
    as("alice", "nsctl exec web ip link; nsctl hold web true; nsctl socket web tcp:127.0.0.1:8080 true; "
                "nsctl label web "
                "a=b; nsctl rename web mine");
    (void)refused("bob", "nsctl --no-ask-password exec mine true");
    (void)refused("alice", "nsctl --no-ask-password grant mine user:bob enter");
    as("alice", "nsctl destroy mine");
    EXPECT_EQ(system().shell("nsctl --no-legend list"), "");
}

TEST_F(Users, GrantsGiveWhatTheySay) {
    system().shell(
        "nsctl create web -t net; nsctl grant web user:bob enter; nsctl grant web group:alice socket");
    EXPECT_EQ(as("bob", "nsctl exec web -- id -u"), "1002");
    as("alice", "nsctl socket web tcp:127.0.0.1:8080 true");
    (void)refused("bob", "nsctl --no-ask-password socket web tcp:127.0.0.1:8080 true");
    (void)refused("alice", "nsctl --no-ask-password exec web true");
    system().shell("nsctl revoke web user:bob enter");
    (void)refused("bob", "nsctl --no-ask-password exec web true");
}

TEST_F(Users, PolkitDecidesForEverybodyElse) {
    rule("action.id == 'org.nsd1.create' && subject.user == 'alice'",
        asAlice("nsctl --no-ask-password create mine -t net"));
    EXPECT_NE(as("bob", "nsctl show mine").find("alice"), std::string::npos);
    (void)refused("bob", "nsctl --no-ask-password create his -t net");
    system().shell("nsctl create web -t net");
    // By the details that nsd gives.
    rule("action.id == 'org.nsd1.manage' && action.lookup('namespace') == 'web' && subject.user == 'alice'",
        asAlice("nsctl --no-ask-password label web a=b"));
    system().shell("nsctl create other -t net");
    (void)refused("alice", "nsctl --no-ask-password label other a=b");
    // No polkit means no.
    system().shell("systemctl mask --runtime --now polkit.service");
    (void)refused("alice", "nsctl --no-ask-password label web a=c");
    as("alice", "nsctl label mine a=b");
    system().shell("systemctl unmask --runtime polkit.service");
}

TEST_F(Users, NeedNobodyForNamespacesOfTheirOwn) {
    as("alice", "nsctl create --rootless mine -t all --map-root");
    EXPECT_EQ(as("alice", "nsctl exec mine -- id -u"), "0");
    EXPECT_EQ(as("alice", "nsctl exec mine -- ps --no-headers -o comm -p 1"), "nsd-init");
    as("alice", "nsctl grant mine user:bob hold");
    as("bob", "nsctl hold mine true");
    (void)refused("bob", "nsctl --no-ask-password exec mine true");
    as("alice", "nsctl destroy --force mine");
    as("alice", "nsctl create --rootless ranged -t net --uid-map 0:100000:65536 --gid-map 0:100000:65536");
    (void)refused("bob", "nsctl --no-ask-password create --rootless stolen -t net --uid-map 0:100000:65536");
}

} // namespace
} // namespace nsd::test
