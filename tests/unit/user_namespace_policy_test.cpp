// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/user_namespace_policy.hpp"

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace nsd {
namespace {

// A host is a tree of files here, as /proc/sys is one.
class UserNamespacePolicy : public testing::Test {
  protected:
    void set(const std::string& name, const std::string& value) const {
        const auto file = directory_.path() / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << value;
    }
    [[nodiscard]] bool allows() const { return usersMayMakeUserNamespaces(directory_.path()); }

    test::TempDir directory_;
};

TEST_F(UserNamespacePolicy, AHostWithoutTheSwitchesRestrictsNobody) {
    EXPECT_TRUE(allows());
}

TEST_F(UserNamespacePolicy, AHostWithAllSwitchesOffRestrictsNobody) {
    set("kernel/unprivileged_userns_clone", "1\n");
    set("user/max_user_namespaces", "96365\n");
    set("kernel/apparmor_restrict_unprivileged_userns", "0\n");
    EXPECT_TRUE(allows());
}

TEST_F(UserNamespacePolicy, DebiansSwitchForbids) {
    set("kernel/unprivileged_userns_clone", "0\n");
    EXPECT_FALSE(allows());
}

TEST_F(UserNamespacePolicy, ALimitOfZeroForbids) {
    set("user/max_user_namespaces", "0\n");
    EXPECT_FALSE(allows());
}

TEST_F(UserNamespacePolicy, AppArmorForbids) {
    set("user/max_user_namespaces", "10\n");
    set("kernel/apparmor_restrict_unprivileged_userns", "1\n");
    EXPECT_FALSE(allows());
}

TEST_F(UserNamespacePolicy, WhatCannotBeReadForbids) {
    set("user/max_user_namespaces", "");
    EXPECT_FALSE(allows());
    set("user/max_user_namespaces", "10\n");
    EXPECT_TRUE(allows());
    std::filesystem::create_directories(directory_.path() / "kernel/unprivileged_userns_clone");
    EXPECT_FALSE(allows());
}

} // namespace
} // namespace nsd
