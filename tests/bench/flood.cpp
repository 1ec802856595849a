// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/flood.hpp"

#include "common/error.hpp"
#include "dbus/names.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace nsd::bench {

namespace {

constexpr unsigned connections = 100;
constexpr std::chrono::milliseconds round{300}; // three calls of each connection

sd_bus* connect(const std::string& address) {
    sd_bus* bus = nullptr;
    sd_bus_new(&bus);
    sd_bus_set_address(bus, address.c_str());
    sd_bus_set_bus_client(bus, 1);
    sd_bus_negotiate_fds(bus, 1);
    const char* name = nullptr; // it is on the bus when it has one
    if (sd_bus_start(bus) < 0 || sd_bus_get_unique_name(bus, &name) < 0)
        ::_exit(1);
    return bus;
}

template <class... Args>
void send(sd_bus* bus, const char* method, const char* signature, Args... args) {
    sd_bus_message* message = nullptr;
    sd_bus_message_new_method_call(
        bus, &message, dbus::serviceName, dbus::managerPath, dbus::managerInterface, method);
    sd_bus_message_append(message, signature, args...);
    // ENOBUFS: the bus reads no more of this connection, which is its right.
    if (const int result = sd_bus_send(bus, message, nullptr); result < 0 && result != -ENOBUFS)
        ::_exit(2);
    sd_bus_message_unref(message);
}

[[noreturn]] void callForEver(const std::string& address, uid_t user, const std::string& name) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::setresuid(user, user, user) != 0)
        ::_exit(3);
    std::vector<sd_bus*> buses;
    for (unsigned i = 0; i < connections; ++i)
        buses.push_back(connect(address));
    for (;;) {
        for (auto* bus : buses) {
            send(bus, "Enter", "sasa{sv}", name.c_str(), 0, 0);
            send(bus, "OpenSocket", "siiia{sv}", name.c_str(), AF_INET, SOCK_STREAM, 0, 0);
            send(bus, "Hold", "sa{sv}", name.c_str(), 0);
        }
        std::this_thread::sleep_for(round);
    }
}

} // namespace

Flood::Flood(const std::string& address, uid_t user, const std::string& name) : process_(::fork()) {
    if (process_ < 0)
        throw kernelError("fork", "the flood", errno);
    if (process_ == 0)
        callForEver(address, user, name);
}

Flood::~Flood() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

bool Flood::runs() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

} // namespace nsd::bench
