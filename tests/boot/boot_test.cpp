// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/boot/boot_test.hpp"

#include "tests/support/require.hpp"

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace nsd::test {

std::unique_ptr<BootedSystem> BootTest::system_;

std::filesystem::path BootTest::image() {
    const auto* directory = std::getenv("NSD_TEST_BOOT_IMAGE");
    return directory == nullptr ? std::filesystem::path() : std::filesystem::path(directory);
}

std::filesystem::path BootTest::package() {
    return image() / "nsd-manager.deb";
}

void BootTest::SetUp() {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("systemd-nspawn");
    NSD_REQUIRE(std::filesystem::exists(package()) && std::filesystem::exists(image() / "root"),
        "a system to boot, which scripts/boot-image makes (NSD_TEST_BOOT_IMAGE)");
    static bool hasFailed = false;
    ASSERT_FALSE(hasFailed) << "the system did not boot for the tests before this one";
    if (system_ == nullptr) {
        hasFailed = true;
        boot();
        install();
        hasFailed = false;
    }
}

void BootTest::TearDown() {
    if (system_ == nullptr)
        return;
    if (HasFailure())
        std::cerr << system_->run({"journalctl", "--no-pager", "--lines=60"}).out;
    // What one test broke is not the next one's.
    try {
        EXPECT_EQ(system_->failedUnits(), "");
        system_->shell(
            "systemctl start nsd; nsctl --no-legend list | while read -r name _; do nsctl destroy --force "
            "\"$name\"; done; test -z \"$(nsctl --no-legend list)\"");
    } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
        system_.reset();
    }
}

void BootTest::TearDownTestSuite() {
    system_.reset();
}

void BootTest::boot(const std::vector<std::string>& shown) {
    system_.reset();
    system_ = std::make_unique<BootedSystem>(image() / "root", shown);
    system_->shell("useradd --create-home --uid 1001 --shell /bin/sh alice; "
                   "useradd --create-home --uid 1002 --shell /bin/sh bob; "
                   "printf 'alice:100000:65536\\nbob:200000:65536\\n' | tee /etc/subuid >/etc/subgid");
    if (const auto* bus = std::getenv("NSD_TEST_BOOT_BUS"); bus != nullptr) {
        system_->shell("systemctl enable " + std::string(bus) + ".service");
        system_->reboot();
        EXPECT_EQ(system_->shell("systemctl show --value --property=Id dbus.service"),
            std::string(bus) + ".service");
    }
}

void BootTest::install() {
    system_->copyIn(package(), "/root/nsd-manager.deb");
    system_->shell("DEBIAN_FRONTEND=noninteractive dpkg --install /root/nsd-manager.deb");
}

std::string BootTest::laterPackage(const std::filesystem::path& directory) {
    const auto tree = directory / "tree";
    const auto later = directory / "later.deb";
    mustRun({"dpkg-deb", "--raw-extract", package(), tree});
    mustRun({"sed", "-i", "s/^Version: .*/&+later/", tree / "DEBIAN/control"});
    mustRun({"dpkg-deb", "--build", tree, later});
    return later;
}

std::string BootTest::as(const std::string& user, const std::string& script) {
    const auto result = system_->runAs(user, {"/bin/sh", "-euc", script});
    if (!result.ok())
        throw std::runtime_error(user + ": " + script + ": exit status " + std::to_string(result.status) +
                                 "\n" + result.out + result.err);
    return result.out.substr(0, result.out.find_last_not_of('\n') + 1);
}

std::string BootTest::refused(const std::string& user, const std::string& script) {
    const auto result = system_->runAs(user, {"/bin/sh", "-euc", script});
    if (result.ok())
        throw std::runtime_error(user + ": " + script + ": not refused\n" + result.out);
    return result.err;
}

void BootTest::await(const std::string& script) {
    CommandResult last;
    if (!eventually(
            [&] {
                return (last = system_->run({"/bin/sh", "-euc", script})).ok();
            },
            std::chrono::seconds(30)))
        throw std::runtime_error(script + ": does not come true\n" + last.out + last.err);
}

} // namespace nsd::test
