// SPDX-License-Identifier: LGPL-2.1-or-later
// Manager.Adopt: what is taken of the descriptors that somebody sends, and of whom.
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 1; // "daemon": every host has an entry for it
constexpr auto wrongFd = "org.nsd1.Error.WrongFd";
constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
using Sent = std::vector<std::pair<const char*, int>>;

class Adopt : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
    }
    static BusClient::Fill arguments(const Sent& fds, const BusClient::Fill& options = {}) {
        return [=](sd_bus_message* message) {
            sd_bus_message_append(message, "s", "box");
            sd_bus_message_open_container(message, 'a', "{sh}");
            for (const auto& [type, fd] : fds)
                sd_bus_message_append(message, "{sh}", type, fd);
            sd_bus_message_close_container(message);
            sd_bus_message_open_container(message, 'a', "{sv}");
            if (options)
                options(message);
            sd_bus_message_close_container(message);
        };
    }
    AnswerPtr adopt(BusClient& client, const Sent& fds, const BusClient::Fill& options = {}) {
        return client.call("/org/nsd1", "org.nsd1.Manager", "Adopt", arguments(fds, options));
    }
    [[nodiscard]] bool retired(const std::string& type) const {
        const auto& calls = kernel_->calls();
        return std::find(calls.begin(), calls.end(), "retire " + type) != calls.end();
    }
    // A net namespace that a user namespace of this uid owns.
    UniqueFd netOf(uid_t owner) {
        auto fd = kernel_->foreignNamespace(NamespaceType::Net);
        kernel_->answerOwnership(fd.get(),
            {.ofHost = false, .user = {NamespaceType::User, 4, 77, 0}, .foreign = true, .owner = owner});
        return fd;
    }
};

TEST_F(Adopt, namesWhatRootSends) {
    const auto net = kernel_->foreignNamespace(NamespaceType::Net);
    const auto uts = kernel_->foreignNamespace(NamespaceType::Uts);
    const auto answer = adopt(*root_, {{"net", net.get()}, {"uts", uts.get()}});
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto path = answer->text.substr(1, answer->text.size() - 2);
    EXPECT_EQ(root_->property(path, "org.nsd1.Namespace", "Origin"), R"("adopted")");
    EXPECT_EQ(root_->property(path, "org.nsd1.Namespace", "Types"), R"(["net", "uts"])");
    EXPECT_EQ(root_->property(path, "org.nsd1.Namespace", "ControlGroup"), R"("")");
    EXPECT_EQ(root_->manager("Identify", "h", net.get())->text, R"("box" "net")");
}

TEST_F(Adopt, takesItsOptions) {
    const auto net = kernel_->foreignNamespace(NamespaceType::Net);
    const auto options = [](sd_bus_message* message) {
        sd_bus_message_append(message, "{sv}", "owner", "u", user);
        sd_bus_message_append(message, "{sv}", "labels", "a{ss}", 1, "k", "v");
        sd_bus_message_append(message, "{sv}", "ttl", "t", std::uint64_t{60'000'000});
        sd_bus_message_append(message, "{sv}", "request-id", "s", "r");
    };
    const auto first = adopt(*root_, {{"net", net.get()}}, options);
    ASSERT_EQ(first->error, "") << first->text;
    const auto& record = namespaces_->find(Name("box"));
    EXPECT_EQ(record.owner, user);
    EXPECT_EQ(record.labels, (Labels{{"k", "v"}}));
    EXPECT_EQ(record.lifetime, Lifetime::Ttl);
    EXPECT_EQ(adopt(*root_, {{"net", net.get()}}, options)->text, first->text);
}

TEST_F(Adopt, hasNoOptionsOfContents) {
    const auto net = kernel_->foreignNamespace(NamespaceType::Net);
    const auto answer = adopt(*root_, {{"net", net.get()}},
        [](sd_bus_message* message) { sd_bus_message_append(message, "{sv}", "hostname", "s", "inner"); });
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_NE(answer->text.find("\"hostname\""), std::string::npos) << answer->text;
}

TEST_F(Adopt, refusesEveryDescriptorThatIsNoneAndKeepsNone) {
    struct Wrong {
        const char* what;
        UniqueFd fd;
    };
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const UniqueFd writeEnd(pipe[1]);
    std::vector<Wrong> all;
    all.push_back({"a pipe", UniqueFd(pipe[0])});
    all.push_back({"a directory", UniqueFd(::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC))});
    all.push_back({"a path", UniqueFd(::open("/proc/self/ns/net", O_PATH | O_CLOEXEC))});
    all.push_back({"a file", UniqueFd(::open("/etc/passwd", O_RDONLY | O_CLOEXEC))});
    all.push_back({"a socket", UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))});
    all.push_back({"another type", kernel_->foreignNamespace(NamespaceType::Uts)});
    const auto good = kernel_->foreignNamespace(NamespaceType::Ipc);
    // What the first call of all opens stays: sd-event's timers.
    EXPECT_EQ(adopt(*root_, {{"ipc", good.get()}, {"net", writeEnd.get()}})->error, wrongFd);
    settle();
    const auto before = countOpenFds();
    for (const auto& wrong : all) {
        ASSERT_TRUE(wrong.fd.valid()) << wrong.what;
        const auto answer = adopt(*root_, {{"ipc", good.get()}, {"net", wrong.fd.get()}});
        EXPECT_EQ(answer->error, wrongFd) << wrong.what << ": " << answer->text;
        EXPECT_NE(answer->text.find("net"), std::string::npos) << answer->text;
        settle();
    }
    EXPECT_EQ(countOpenFds(), before);
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(Adopt, retiresWhatCameWithAWrongDescriptor) {
    const auto mnt = kernel_->foreignNamespace(NamespaceType::Mnt);
    const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(adopt(*root_, {{"mnt", mnt.get()}, {"net", file.get()}})->error, wrongFd);
    EXPECT_TRUE(retired("mnt"));
    EXPECT_FALSE(retired("net"));
}

TEST_F(Adopt, refusesATypeThatComesTwice) {
    const auto one = kernel_->foreignNamespace(NamespaceType::Net);
    const auto other = kernel_->foreignNamespace(NamespaceType::Net);
    EXPECT_EQ(adopt(*root_, {{"net", one.get()}, {"net", other.get()}})->error, wrongFd);
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(Adopt, refusesWhatIsNoTypeOrNothingAtAll) {
    const auto net = kernel_->foreignNamespace(NamespaceType::Net);
    EXPECT_EQ(adopt(*root_, {{"network", net.get()}})->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(adopt(*root_, {})->error, "org.nsd1.Error.InvalidArgument");
}

TEST_F(Adopt, refusesTheHostsOwnAlsoToRoot) {
    for (const auto type : allNamespaceTypes) {
        const auto fd = kernel_->foreignNamespace(type);
        kernel_->answerOwnership(fd.get(), {.ofHost = true, .user = {}});
        const std::string word(toWord(type));
        const auto answer = adopt(*root_, {{word.c_str(), fd.get()}});
        EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
        EXPECT_NE(answer->text.find("host's own " + word), std::string::npos) << answer->text;
    }
}

TEST_F(Adopt, saysTheNameThatItHas) {
    create("web", {"net"});
    const auto fds = takeFds(root_->manager("Enter", "sasa{sv}", "web", 0, 0));
    const auto answer = adopt(*root_, {{"net", fds.at("net").get()}});
    EXPECT_EQ(answer->error, "org.nsd1.Error.NameExists");
    EXPECT_NE(answer->text.find("\"web\""), std::string::npos) << answer->text;
}

TEST_F(Adopt, isEverybodysForHisOwn) {
    const auto net = netOf(user);
    const auto client = clientAs(user);
    const auto answer = adopt(*client, {{"net", net.get()}});
    EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(namespaces_->find(Name("box")).owner, user);
    EXPECT_TRUE(authority_->questions.empty());
}

TEST_F(Adopt, ofOthersIsAskedAboutAndKeepsNoDescriptor) {
    const auto client = clientAs(user);
    const auto theirs = netOf(1000);
    const auto hosts = kernel_->foreignNamespace(NamespaceType::Net); // made by root, not one of root's own
    client->manager("List", "a{sv}", 0);
    const auto before = countOpenFds();
    for (const auto* fd : {&theirs, &hosts}) {
        EXPECT_EQ(adopt(*client, {{"net", fd->get()}})->error, denied);
        settle();
    }
    EXPECT_EQ(countOpenFds(), before);
    EXPECT_TRUE(retired("net"));
    EXPECT_EQ(authority_->questions.size(), 2U);
    const auto& question = authority_->questions.front();
    EXPECT_EQ(question.right, Right::Adopt);
    EXPECT_EQ(question.name, "box");
    EXPECT_EQ(question.types, std::vector<std::string>{"net"});
    EXPECT_EQ(question.owner, std::optional<uid_t>(1000));
    EXPECT_EQ(authority_->questions.back().owner, std::nullopt);
    EXPECT_EQ(namespaces_->count(), 0U);
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    EXPECT_EQ(adopt(*client, {{"net", theirs.get()}})->error, "");
}

TEST_F(Adopt, bySomebodyWhoIsNobodyIsNoRightOfHis) {
    const auto net = netOf(nobody);
    const auto client = clientAs(nobody);
    EXPECT_EQ(adopt(*client, {{"net", net.get()}})->error, denied);
}

TEST_F(Adopt, forAnotherOwnerIsRootsAlone) {
    const auto net = netOf(user);
    const auto client = clientAs(user);
    const auto answer = adopt(*client, {{"net", net.get()}},
        [](sd_bus_message* message) { sd_bus_message_append(message, "{sv}", "owner", "u", 1000U); });
    EXPECT_EQ(answer->error, denied);
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_TRUE(retired("net"));
}

} // namespace
} // namespace nsd::test
