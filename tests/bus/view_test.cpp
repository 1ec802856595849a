// SPDX-License-Identifier: LGPL-2.1-or-later
// What commands inside see, on the bus: the option view of Enter and who gets it, and the option etc of
// Create.
#include "tests/bus/exec_fixture.hpp"

#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr const char* wrongFd = "org.nsd1.Error.WrongFd";
constexpr const char* denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr const char* invalid = "org.nsd1.Error.InvalidArgument";

class View : public Exec {
  protected:
    AnswerPtr enter(BusClient& client, int mounts, const char* name = "web") {
        return client.manager("Enter", "sasa{sv}", name, 0, 1, "view", "h", mounts);
    }
    AnswerPtr enter(BusClient& client) { return enter(client, viewMaker_->hostFd()); }
    AnswerPtr make(BusClient& client, const char* name = "box") {
        const UniqueFd directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        return client.manager(
            "Create", "sasa{sv}", name, 2, "user", "net", 2, "rootless", "b", 1, "etc", "h", directory.get());
    }
    [[nodiscard]] std::string filesOf(const std::string& name) {
        const auto path = root_->manager("Get", "s", name.c_str())->text;
        return root_->property(path.substr(1, path.size() - 2), "org.nsd1.Namespace", "EtcFiles");
    }
};

TEST_F(View, IsAnsweredToRootWhoLivesWhereNsdDoes) {
    create("web", {"net", "uts"});
    EXPECT_EQ(enter(*root_)->text, R"(["net": fd, "uts": fd, "view": fd])");
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->text, R"(["net": fd, "uts": fd])");
    EXPECT_EQ(viewMaker_->made(), std::vector<bool>{false});
}

TEST_F(View, IsNotForWhoLivesElsewhere) {
    create("web", {"net"});
    const auto other = kernel_->foreignNamespace(NamespaceType::Mnt);
    EXPECT_EQ(enter(*root_, other.get())->text, R"(["net": fd])");
    const auto net = kernel_->foreignNamespace(NamespaceType::Net);
    EXPECT_EQ(enter(*root_, net.get())->error, wrongFd);
    const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(enter(*root_, file.get())->error, wrongFd);
    EXPECT_TRUE(viewMaker_->made().empty());
}

TEST_F(View, IsOfNoUseWithMountsOrWithoutANetwork) {
    create("web", {"net", "mnt"});
    create("names", {"uts"});
    EXPECT_EQ(enter(*root_)->text, R"(["mnt": fd, "net": fd])");
    EXPECT_EQ(enter(*root_, viewMaker_->hostFd(), "names")->text, R"(["uts": fd])");
}

TEST_F(View, OfAUserNamespaceIsItsOwnersToo) {
    const auto owner = clientAs(somebody);
    ASSERT_EQ(
        owner->manager("Create", "sasa{sv}", "web", 2, "user", "net", 1, "rootless", "b", 1)->error, "");
    EXPECT_EQ(enter(*owner)->text, R"(["net": fd, "user": fd, "view": fd])");
    EXPECT_EQ(viewMaker_->made(), std::vector<bool>{true});
    EXPECT_EQ(
        owner->manager("Enter", "sasa{sv}", "web", 1, "net", 1, "view", "h", viewMaker_->hostFd())->text,
        R"(["net": fd])")
        << "without the user type it would be root's";
}

TEST_F(View, IsNotForWhoWasGrantedDescriptors) {
    create("web", {"net"});
    ASSERT_EQ(root_->manager("Grant", "ssuas", "web", "user", somebody, 1, "fds")->error, "");
    EXPECT_EQ(enter(*clientAs(somebody))->text, R"(["net": fd])");
}

TEST_F(View, GoesWithACommandThatNsdStarts) {
    create("web", {"net"});
    create("names", {"uts"});
    started(execAs(*root_));
    EXPECT_EQ(viewMaker_->made().size(), 1U);
    started(execAs(*root_, {}, "names"));
    EXPECT_EQ(viewMaker_->made().size(), 1U);
    viewMaker_->failNext(kernelError("mount a fresh", "sysfs on /sys", EPERM));
    create("mail", {"net"});
    EXPECT_EQ(execAs(*root_, {}, "mail")->error, "org.nsd1.Error.KernelError");
}

TEST_F(View, FilesAreReadAsTheCaller) {
    etcMaker_->answerDirectory({{"resolv.conf", "nameserver 10.0.0.1\n"}});
    EXPECT_EQ(make(*clientAs(somebody))->error, "");
    EXPECT_EQ(etcMaker_->readers(), std::vector<uid_t>{somebody});
    EXPECT_EQ(filesOf("box"), R"(["resolv.conf"])");
}

TEST_F(View, FilesThatRootWouldBelieveAreRootsToGive) {
    for (const auto* const name : {"passwd", "ld.so.preload", "sudoers"}) {
        etcMaker_->answerDirectory({{name, ""}});
        const auto answer = make(*clientAs(somebody));
        EXPECT_EQ(answer->error, denied);
        EXPECT_NE(answer->text.find(name), std::string::npos) << answer->text;
    }
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "NamespaceCount"), "0");
    const UniqueFd directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_EQ(
        root_->manager("Create", "sasa{sv}", "box", 1, "net", 1, "etc", "h", directory.get())->error, "");
    EXPECT_EQ(filesOf("box"), R"(["sudoers"])");
}

TEST_F(View, WhoMayNotCreateIsNotReadFor) {
    const UniqueFd directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto answer =
        clientAs(somebody)->manager("Create", "sasa{sv}", "box", 1, "net", 1, "etc", "h", directory.get());
    EXPECT_EQ(answer->error, denied);
    EXPECT_TRUE(etcMaker_->readers().empty());
}

TEST_F(View, EtcIsADescriptor) {
    const auto answer = root_->manager("Create", "sasa{sv}", "box", 1, "net", 1, "etc", "s", "/etc");
    EXPECT_EQ(answer->error, invalid);
    EXPECT_NE(answer->text.find("\"etc\""), std::string::npos) << answer->text;
}

} // namespace
} // namespace nsd::test
