// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/test_bus.hpp"

#include "common/pipe.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {

namespace {

// The default policy is that of /usr/share/dbus-1/system.conf, with what polkit adds to it; but here
// polkit is root, as the tests are.
constexpr std::string_view configuration = R"(<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=@DIRECTORY@/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Introspectable"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Properties"/>
    <allow send_destination="org.freedesktop.PolicyKit1"/>
  </policy>
  <policy user="root">
    <allow own="org.freedesktop.PolicyKit1"/>
    <allow own="org.freedesktop.systemd1"/>
    <allow send_destination="org.freedesktop.systemd1"/>
  </policy>
  <include>@POLICY@</include>
  @RULES@
</busconfig>
)";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    text.replace(text.find(what), what.size(), by);
    return text;
}

// The command in a mount namespace of its own, where these users are the only ones.
Arguments withUsers(const Arguments& command, const std::vector<uid_t>& users, const std::string& passwd) {
    std::string entries;
    for (const auto uid : users) {
        const auto number = std::to_string(uid);
        entries += (uid == 0 ? "root" : "user" + number) + ":x:" + number + ':' + number + "::/:/bin/false\n";
    }
    writeFile(passwd, entries);
    Arguments all{"unshare", "--mount", "sh", "-c", "mount --bind \"$0\" /etc/passwd && exec \"$@\"", passwd};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

// A socket that listens where everybody may connect.
UniqueFd listenAt(const std::string& path) {
    UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (!listener.valid() ||
        ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.get(), SOMAXCONN) != 0 || ::chmod(path.c_str(), 0666) != 0)
        throw std::system_error(errno, std::generic_category(), "listen at " + path);
    return listener;
}

} // namespace

bool TestBus::isBroker() {
    const auto* program = std::getenv("NSD_TEST_BUS");
    return program != nullptr && std::string_view(program) == "dbus-broker";
}

TestBus::TestBus(const std::string& rules, const std::vector<uid_t>& users) {
    const auto path = (directory_ / "bus").string();
    const auto file = (directory_ / "bus.conf").string();
    auto text = replaced(std::string(configuration), "@DIRECTORY@", directory_.path().string());
    text = replaced(std::move(text), "@POLICY@", NSD_TEST_SOURCE_DIR "/dbus/org.nsd1.conf");
    writeFile(file, replaced(std::move(text), "@RULES@", rules));
    address_ = "unix:path=" + path;
    const auto passwd = directory_ / "passwd";
    const auto command = [&](const Arguments& program) {
        return users.empty() ? program : withUsers(program, users, passwd);
    };
    constexpr int firstFd = 3;
    CommandOptions options;
    if (isBroker()) {
        // It finds its socket as systemd hands sockets over. Who connects early waits in the queue.
        const auto listener = listenAt(path);
        options.descriptors[firstFd] = listener.get();
        process_ = std::make_unique<BackgroundProcess>(
            command({"sh", "-c",
                "LISTEN_FDS=1 LISTEN_PID=$$ exec dbus-broker-launch --scope system --config-file \"$0\"",
                file}),
            options, directory_ / "log");
        return;
    }
    auto [readEnd, writeEnd] = makePipe("of a test");
    options.descriptors[firstFd] = writeEnd.get();
    process_ = std::make_unique<BackgroundProcess>(
        command({"dbus-daemon", "--config-file=" + file, "--nofork", "--nopidfile", "--print-address=3"}),
        options, directory_ / "log");
    writeEnd.reset();
    // The address is written once the bus listens; the end of the pipe without it means that it died.
    std::array<char, 256> answer{};
    pollfd ready{readEnd.get(), POLLIN, 0};
    constexpr int patience = 30'000;
    if (::poll(&ready, 1, patience) != 1 || ::read(readEnd.get(), answer.data(), answer.size()) <= 0)
        throw std::runtime_error("dbus-daemon does not start: " + readFile(directory_ / "log"));
}

} // namespace nsd::test
