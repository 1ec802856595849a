// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An ordinary user with a rootless namespace of his own wants the host's links: nothing moves, and nothing is
// made.
#include "tests/support/ordinary_users.hpp"
#include "tests/support/own_host_test.hpp"

#include <string>

namespace nsd::test {
namespace {

class LinkRights : public OwnHostTest<UserTest> {
  protected:
    void expectDenied(const Arguments& line) {
        const auto result = as(user, line);
        EXPECT_EQ(result.status, 1) << result.out;
        EXPECT_NE(result.err.find("link"), std::string::npos) << result.err;
        EXPECT_EQ(links(), before_);
    }
    [[nodiscard]] std::string links() const { return host_->shell("ip -o link show"); }

    std::string before_;
};

TEST_F(LinkRights, NothingOfTheHostIsHis) {
    host_->shell("ip link add br0 type bridge; ip link add v0 type veth peer name v1; ip link set v0 up");
    mustAs(user, {"create", "--rootless", "mine"});
    mustAs(user, {"create", "--rootless", "second"});
    nsctl({"create", "roots"});
    before_ = links();
    for (const auto* link : {"lo", "br0", "v0", "v1", "none"})
        expectDenied({"link", "move", "mine", link});
    for (const auto* veth : {"a", "a:b", "a:b,addr=10.0.0.1/8", "a:b,peer-addr=10.0.0.2/8", "a:b,mtu=1400",
             "a:b,addr=10.0.0.1/8,route=default via 10.0.0.2"}) {
        expectDenied({"link", "add", "mine", "--veth", veth});
        expectDenied({"create", "--rootless", "more", "--link", veth});
    }
    expectDenied({"grant", "mine", "user:www-data", "link"});
    EXPECT_EQ(as(user, {"link", "add", "mine", "--veth", "a:b@roots"}).status, 1);
    EXPECT_EQ(as(user, {"create", "--rootless", "more", "--link", "a:b@roots"}).status, 1);
    EXPECT_EQ(nsctl({"link", "list", "roots", "--no-legend"}).find("b "), std::string::npos);

    // What he may: links between namespaces of his own, and the rest if he is granted it.
    mustAs(user, {"link", "add", "mine", "--veth", "a:b@second"});
    nsctl({"grant", "mine", "user:www-data", "link"});
    mustAs(user, {"link", "move", "mine", "v0"});
    mustAs(user, {"destroy", "mine"});
    EXPECT_NE(links().find("v0"), std::string::npos);
    mustAs(user, {"destroy", "second"});
    nsctl({"destroy", "roots"});
}

} // namespace
} // namespace nsd::test
