// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/error_names.hpp"

#include <gtest/gtest.h>
#include <set>

namespace nsd::dbus {
namespace {

TEST(ErrorNames, everyErrcHasANameOfItsOwn) {
    std::set<std::string> names;
    for (const auto code : allErrcs())
        names.insert(errorName(code));
    EXPECT_EQ(names.size(), allErrcs().size());
}

TEST(ErrorNames, everyNameLeadsBackToItsErrc) {
    for (const auto code : allErrcs()) {
        const auto error = errorFromBus(errorName(code), "said so");
        EXPECT_EQ(error.code(), code);
        EXPECT_EQ(error.text(), "said so");
    }
}

TEST(ErrorNames, areTheWordsOfTheInterface) {
    EXPECT_EQ(errorName(Errc::NameExists), "org.nsd1.Error.NameExists");
    EXPECT_EQ(errorName(Errc::KernelError), "org.nsd1.Error.KernelError");
}

TEST(ErrorNames, refusalsHaveTheNamesThatEveryClientKnows) {
    EXPECT_EQ(errorName(Errc::AccessDenied), "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(errorName(Errc::InteractiveAuthorizationRequired),
        "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired");
}

TEST(ErrorNames, anErrorOfTheBusKeepsItsNameInTheText) {
    const auto error = errorFromBus("org.freedesktop.DBus.Error.NoReply", "Remote peer disconnected");
    EXPECT_EQ(error.code(), Errc::TimedOut);
    EXPECT_EQ(error.text(), "org.freedesktop.DBus.Error.NoReply: Remote peer disconnected");
}

TEST(ErrorNames, anUnknownNameIsAKernelErrorWithItsName) {
    const auto error = errorFromBus("com.example.Nonsense", "what");
    EXPECT_EQ(error.code(), Errc::KernelError);
    EXPECT_EQ(error.text(), "com.example.Nonsense: what");
}

} // namespace
} // namespace nsd::dbus
