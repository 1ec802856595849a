// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/ordinary_users.hpp"

#include <pwd.h>
#include <string_view>
#include <utility>

namespace nsd::test {
namespace {

bool isKnownAs(uid_t uid, std::string_view name) {
    const passwd* entry = ::getpwuid(uid);
    return entry != nullptr && entry->pw_name == name && entry->pw_gid == uid;
}

} // namespace

bool OrdinaryUsers::exist() {
    return isKnownAs(user, "www-data") && isKnownAs(another, "backup");
}

void UserTest::SetUp() {
    NSD_REQUIRE_ORDINARY_USERS();
    SystemTest::SetUp();
}

CommandResult UserTest::as(uid_t uid, const Arguments& arguments, CommandOptions options) {
    options.user = uid;
    return daemon().nsctl(arguments, std::move(options));
}

std::string UserTest::mustAs(uid_t uid, const Arguments& arguments, CommandOptions options) {
    const auto result = as(uid, arguments, std::move(options));
    EXPECT_EQ(result.status, 0) << result.err;
    return result.out;
}

} // namespace nsd::test
