// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/directories.hpp"

#include "common/error.hpp"

#include <gtest/gtest.h>
#include <map>

namespace nsd {
namespace {

Directories from(const std::map<std::string, std::string>& environment) {
    return directoriesFrom([&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
    });
}

std::string whatIsWrongWith(const std::string& value) {
    try {
        (void)from({{"RUNTIME_DIRECTORY", value}});
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        return error.text();
    }
    return "nothing";
}

TEST(Directories, areThePlacesOfOldWithoutTheVariables) {
    const auto directories = from({});
    EXPECT_EQ(directories.runtime, "/run/nsd");
    EXPECT_EQ(directories.state, "/var/lib/nsd");
    EXPECT_EQ(directories.configuration, "/etc/nsd");
}

TEST(Directories, eachHasItsVariable) {
    const auto directories =
        from({{"RUNTIME_DIRECTORY", "/r"}, {"STATE_DIRECTORY", "/s"}, {"CONFIGURATION_DIRECTORY", "/c"}});
    EXPECT_EQ(directories.runtime, "/r");
    EXPECT_EQ(directories.state, "/s");
    EXPECT_EQ(directories.configuration, "/c");
}

TEST(Directories, severalAreNoPlace) {
    const auto text = whatIsWrongWith("/run/a:/run/b");
    EXPECT_NE(text.find("RUNTIME_DIRECTORY=\"/run/a:/run/b\""), std::string::npos) << text;
}

TEST(Directories, mustBeAbsoluteAndPlain) {
    for (const auto* value : {"run/nsd", "/", "//", "/run//nsd", "/run/../nsd", "/run/nsd/.", "/run/./nsd"})
        EXPECT_NE(whatIsWrongWith(value), "nothing") << value;
}

TEST(Directories, aSlashAtTheEndIsNoOtherPlace) {
    EXPECT_EQ(from({{"RUNTIME_DIRECTORY", "/r/"}}).runtime, "/r");
}

TEST(Directories, anEmptyVariableIsNone) {
    EXPECT_EQ(from({{"RUNTIME_DIRECTORY", ""}}).runtime, "/run/nsd");
}

} // namespace
} // namespace nsd
