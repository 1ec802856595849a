// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/object_path.hpp"

#include <gtest/gtest.h>

namespace nsd::dbus {
namespace {

constexpr auto hex = "0123456789abcdef0123456789abcdef";

TEST(ObjectPath, endsInTheUuid) {
    EXPECT_EQ(objectPath(Uuid::parse(hex).value()), std::string("/org/nsd1/namespace/") + hex);
}

TEST(ObjectPath, leadsBackToTheUuid) {
    const auto uuid = Uuid::random();
    EXPECT_EQ(uuidFromObjectPath(objectPath(uuid)), uuid);
}

TEST(ObjectPath, isNothingElse) {
    const auto path = objectPath(Uuid::parse(hex).value());
    EXPECT_FALSE(uuidFromObjectPath(""));
    EXPECT_FALSE(uuidFromObjectPath("/org/nsd1"));
    EXPECT_FALSE(uuidFromObjectPath("/org/nsd1/namespace/"));
    EXPECT_FALSE(uuidFromObjectPath(path + "0"));
    EXPECT_FALSE(uuidFromObjectPath(path.substr(0, path.size() - 1)));
    EXPECT_FALSE(uuidFromObjectPath(path + "/x"));
    EXPECT_FALSE(uuidFromObjectPath(std::string("/org/nsd2/namespace/") + hex));
}

} // namespace
} // namespace nsd::dbus
