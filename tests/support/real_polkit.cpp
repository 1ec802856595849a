// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/real_polkit.hpp"

#include <filesystem>
#include <stdexcept>

namespace nsd::test {
namespace {

// $1: what becomes /usr/share/polkit-1, $2: /etc/polkit-1, $3: the program.
constexpr auto script = R"(mount --bind "$1" /usr/share/polkit-1 &&
mount --bind "$2" /etc/polkit-1 &&
exec "$3" --no-debug)";

bool isOnTheBus(const std::string& address) {
    return run({"busctl", "--address=" + address, "call", "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                   "NameHasOwner", "s", "org.freedesktop.PolicyKit1"})
               .out == "b true\n";
}

} // namespace

RealPolkit::RealPolkit(const std::string& busAddress, const std::string& rules) {
    namespace fs = std::filesystem;
    const auto share = directory_ / "share";
    const auto etc = directory_ / "etc";
    fs::create_directories(share / "actions");
    fs::create_directories(share / "rules.d");
    fs::create_directories(etc / "rules.d");
    fs::copy_file(NSD_TEST_SOURCE_DIR "/dbus/org.nsd1.policy", share / "actions/org.nsd1.policy");
    fs::copy_file("/usr/share/polkit-1/rules.d/50-default.rules", share / "rules.d/50-default.rules");
    writeFile(etc / "rules.d/10-test.rules", rules);

    CommandOptions options;
    options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = busAddress;
    process_ = std::make_unique<BackgroundProcess>(Arguments{"unshare", "--mount", "--propagation=private",
                                                       "sh", "-c", script, "sh", share, etc, program},
        options, directory_ / "log");
    if (!eventually([&] { return isOnTheBus(busAddress); }, std::chrono::seconds(30)))
        throw std::runtime_error("polkitd does not come to the bus: " + readFile(directory_ / "log"));
}

} // namespace nsd::test
