// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/require.hpp"
#include "tests/support/system_test.hpp"

#include <sys/types.h>

namespace nsd::test {

// Two users whom every Debian has (base-passwd), each with a group of his own number, which is the one
// that CommandOptions::user sets.
struct OrdinaryUsers {
    static constexpr uid_t user = 33;    // www-data
    static constexpr uid_t another = 34; // backup

    // By number, name and group.
    [[nodiscard]] static bool exist();
};

// A test of the whole in which they call nsd.
class UserTest : public SystemTest, protected OrdinaryUsers {
  protected:
    void SetUp() override;

    // nsctl as that user.
    [[nodiscard]] CommandResult as(uid_t uid, const Arguments& arguments, CommandOptions options = {});
    // The same for what must work; answers what it printed.
    std::string mustAs(uid_t uid, const Arguments& arguments, CommandOptions options = {});
};

} // namespace nsd::test

#define NSD_REQUIRE_ORDINARY_USERS()                                                                         \
    NSD_REQUIRE(::nsd::test::OrdinaryUsers::exist(), "the users www-data (33) and backup (34)")
