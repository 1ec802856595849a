// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/boot/booted_system.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace nsd::test {

// Tests in one booted Debian with nsd-manager installed, which the tests of a program share: each leaves
// it with the daemon running, no failed unit and no namespace. Which Debian is said by NSD_TEST_BOOT_IMAGE, a
// directory that scripts/boot-image made, as ctest sets it.
class BootTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;
    static void TearDownTestSuite();

    [[nodiscard]] static BootedSystem& system() { return *system_; }
    // Begins anew, without the package. `shown`: BootedSystem's.
    static void boot(const std::vector<std::string>& shown = {});
    static void install();
    [[nodiscard]] static std::filesystem::path image();
    [[nodiscard]] static std::filesystem::path package();
    // The package with a version behind its own.
    [[nodiscard]] static std::string laterPackage(const std::filesystem::path& directory);

    // An ordinary user runs a script; answers its output without the last newline and throws with what it
    // said where it fails.
    static std::string as(const std::string& user, const std::string& script);
    // The same for what must fail: answers what it said on stderr.
    static std::string refused(const std::string& user, const std::string& script);
    // Waits until a script succeeds; throws with what it said last.
    static void await(const std::string& script);

  private:
    static std::unique_ptr<BootedSystem> system_;
};

} // namespace nsd::test
