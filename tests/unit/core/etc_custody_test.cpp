// SPDX-License-Identifier: LGPL-2.1-or-later
// The files that a namespace has in /etc: whose they may be, when they come and go.
#include "daemon/core/etc_custody.hpp"
#include "daemon/core/etc_rules.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

using Type = NamespaceType;
using Files = std::vector<std::string>;

class Etc : public CoreTest {
  protected:
    static CreateRequest withEtc(const std::string& name, EtcFiles files) {
        auto wanted = request(name, {Type::Net});
        wanted.spec.etc = std::move(files);
        return wanted;
    }
    [[nodiscard]] bool isMounted(const std::string& name) const {
        return std::filesystem::is_directory(pins() / name / "etc");
    }
};

TEST_F(Etc, WithoutFilesThereIsNone) {
    EXPECT_TRUE(record(create("web")).etcFiles.empty());
    EXPECT_FALSE(isMounted("web"));
}

TEST_F(Etc, IsMountedWhenTheNamespaceIsSeen) {
    const auto uuid = create(withEtc("web", {{"resolv.conf", "a"}, {"hosts", "b"}}));
    EXPECT_EQ(record(uuid).etcFiles, (Files{"hosts", "resolv.conf"}));
    EXPECT_TRUE(isMounted("web"));
    EXPECT_TRUE(namespaces_->etc().copy(record(uuid)));
    EXPECT_EQ(etc_.refreshes(), 1U);
    destroy(uuid);
    expectNoLeftovers();
}

TEST_F(Etc, IsKnownAfterARestart) {
    const auto uuid = create(withEtc("web", {{"resolv.conf", "text"}}));
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(record(uuid).etcFiles, Files{"resolv.conf"});
    EXPECT_EQ(record(uuid).spec.etc.at("resolv.conf"), "text");
    destroy(uuid);
    expectNoLeftovers();
}

TEST_F(Etc, ComesFromNetnsAndTheSettingsToo) {
    etc_.answerNetns("web", {{"hosts", ""}});
    namespaces_->etc().setDefaults({{"networks", ""}});
    EXPECT_EQ(record(create("web")).etcFiles, (Files{"hosts", "networks"}));
    EXPECT_EQ(record(create("other")).etcFiles, Files{"networks"});
    EXPECT_TRUE(record(create("box", {Type::Net, Type::Mnt})).etcFiles.empty());
    EXPECT_TRUE(record(create("names", {Type::Uts})).etcFiles.empty());
}

TEST_F(Etc, WhatCannotBeMadeOrMountedLeavesNothing) {
    etc_.failNext(kernelError("make", "an overlay of /etc", EINVAL));
    EXPECT_EQ(codeOf([&] { create(withEtc("web", {{"hosts", ""}})); }), "KernelError");
    expectNoLeftovers();
    etc_.refuseMounts();
    EXPECT_EQ(codeOf([&] { create(withEtc("web", {{"hosts", ""}})); }), "LimitExceeded");
    expectNoLeftovers();
    etc_.refuseMounts(false);
    create(withEtc("web", {{"hosts", ""}}));
}

// Each of these characters has six in the record's JSON.
TEST_F(Etc, WhatTheRecordHasNoRoomForIsRefusedAndNotFoundUnreadableAtTheNextStart) {
    EXPECT_EQ(codeOf([&] {
        create(withEtc("web", {{"hosts", std::string(maxEtcBytes, '\x01')}}));
    }),
        "LimitExceeded");
    expectNoLeftovers();
    create(withEtc("web", {{"hosts", std::string(maxEtcBytes, '\n')}}));
    EXPECT_TRUE(restart().empty());
}

TEST_F(Etc, OfEverybodyButRootOnlyFilesOfTheNetworkAreTaken) {
    const NamespaceTypes net{Type::Net};
    EXPECT_NO_THROW(validateEtc({{"ld.so.preload", ""}}, net, 0));
    EXPECT_NO_THROW(validateEtc({{"resolv.conf", ""}, {"hosts", ""}}, net, 1000));
    for (const auto* const name : {"ld.so.preload", "passwd", "nsswitch.conf", "sudoers"})
        EXPECT_EQ(codeOf([&] { validateEtc({{name, ""}}, net, 1000); }), "AccessDenied") << name;
}

TEST_F(Etc, NamesAndSizesAreLimited) {
    const NamespaceTypes net{Type::Net};
    for (const std::string name : {"", ".", "..", "a/b", "a\nb", "\xff"})
        EXPECT_EQ(codeOf([&] { validateEtc({{name, ""}}, net, 0); }), "InvalidArgument") << name;
    EtcFiles many;
    for (std::size_t i = 0; i <= maxEtcFiles; ++i)
        many.emplace(std::to_string(i), "");
    EXPECT_EQ(codeOf([&] { validateEtc(many, net, 0); }), "InvalidArgument");
    const std::string half(maxEtcBytes / 2, 'x');
    EXPECT_NO_THROW(validateEtc({{"a", half}, {"b", half}}, net, 0));
    EXPECT_EQ(codeOf([&] { validateEtc({{"a", half}, {"b", half + 'x'}}, net, 0); }), "InvalidArgument");
    EXPECT_EQ(codeOf([&] { validateEtc({{"a", "\xff"}}, net, 0); }), "InvalidArgument");
    EXPECT_EQ(codeOf([&] { validateEtc({{"a", ""}}, {Type::Uts}, 0); }), "InvalidArgument");
    EXPECT_EQ(codeOf([&] { validateEtc({{"a", ""}}, {Type::Net, Type::Mnt}, 0); }), "InvalidArgument");
}

} // namespace
} // namespace nsd::test
