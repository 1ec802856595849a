// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/system/exec_client.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <unistd.h>

namespace nsd::test {
namespace {

void check(int result) {
    if (result < 0)
        throw std::runtime_error(std::string("sd-bus: ") + std::strerror(-result));
}

void addWords(sd_bus_message* message, const std::vector<std::string>& words) {
    check(sd_bus_message_open_container(message, 'a', "s"));
    for (const auto& word : words)
        check(sd_bus_message_append(message, "s", word.c_str()));
    check(sd_bus_message_close_container(message));
}

} // namespace

ExecClient::ExecClient(const std::string& address, std::optional<uid_t> user) {
    check(sd_bus_new(&bus_));
    check(sd_bus_set_address(bus_, address.c_str()));
    check(sd_bus_set_bus_client(bus_, 1));
    check(sd_bus_negotiate_fds(bus_, 1));
    // Whom the socket was connected as, and who says so.
    if (user && (::setegid(*user) != 0 || ::seteuid(*user) != 0))
        throw std::runtime_error("seteuid");
    const int started = sd_bus_start(bus_);
    const int connected = started < 0
                              ? started
                              : sd_bus_call_method(bus_, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                    "org.freedesktop.DBus.Peer", "Ping", nullptr, nullptr, "");
    if (user && (::seteuid(0) != 0 || ::setegid(0) != 0))
        throw std::runtime_error("seteuid");
    check(connected);
}

ExecClient::~ExecClient() {
    sd_bus_flush_close_unref(bus_);
}

ExecClient::Message ExecClient::newCall(const std::string& path, const char* interface, const char* member) {
    sd_bus_message* call = nullptr;
    check(sd_bus_message_new_method_call(bus_, &call, "org.nsd1", path.c_str(), interface, member));
    return Message(call);
}

ExecClient::Message ExecClient::newExec(
    const std::string& name, const std::vector<std::string>& argv, const Options& options) {
    auto call = newCall("/org/nsd1", "org.nsd1.Manager", "Exec");
    check(sd_bus_message_append(call.get(), "s", name.c_str()));
    addWords(call.get(), argv);
    check(sd_bus_message_open_container(call.get(), 'a', "{sv}"));
    for (const auto& [key, fd] : options.stdio)
        check(sd_bus_message_append(call.get(), "{sv}", key.c_str(), "h", fd));
    check(sd_bus_message_append(call.get(), "{sv}", "tied", "b", options.tied ? 1 : 0));
    if (!options.types.empty()) {
        check(sd_bus_message_open_container(call.get(), 'e', "sv"));
        check(sd_bus_message_append(call.get(), "s", "types"));
        check(sd_bus_message_open_container(call.get(), 'v', "as"));
        addWords(call.get(), options.types);
        check(sd_bus_message_close_container(call.get()));
        check(sd_bus_message_close_container(call.get()));
    }
    check(sd_bus_message_close_container(call.get()));
    return call;
}

ExecClient::Message ExecClient::send(const Message& call) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* answer = nullptr;
    constexpr std::uint64_t patience = 60'000'000; // µs
    if (sd_bus_call(bus_, call.get(), patience, &error, &answer) < 0) {
        const std::string text = std::string(error.name) + ": " + error.message;
        sd_bus_error_free(&error);
        throw std::runtime_error(text);
    }
    return Message(answer);
}

ExecClient::Started ExecClient::exec(
    const std::string& name, const std::vector<std::string>& argv, const Options& options) {
    const auto answer = send(newExec(name, argv, options));
    const char* path = nullptr;
    int pidfd = -1;
    check(sd_bus_message_read(answer.get(), "oh", &path, &pidfd));
    return {path, duplicateFd(pidfd)};
}

void ExecClient::sendExec(
    const std::string& name, const std::vector<std::string>& argv, const Options& options) {
    check(sd_bus_send(bus_, newExec(name, argv, options).get(), nullptr));
    check(sd_bus_flush(bus_));
}

std::pair<int, int> ExecClient::wait(const std::string& path) {
    const auto answer = send(newCall(path, "org.nsd1.Process", "Wait"));
    std::pair<int, int> end;
    check(sd_bus_message_read(answer.get(), "ii", &end.first, &end.second));
    return end;
}

void ExecClient::kill(const std::string& path, int signal) {
    const auto call = newCall(path, "org.nsd1.Process", "Kill");
    check(sd_bus_message_append(call.get(), "i", signal));
    send(call);
}

std::string ExecClient::state(const std::string& path) {
    const auto call = newCall(path, "org.freedesktop.DBus.Properties", "Get");
    check(sd_bus_message_append(call.get(), "ss", "org.nsd1.Process", "State"));
    const auto answer = send(call);
    const char* state = nullptr;
    check(sd_bus_message_read(answer.get(), "v", "s", &state));
    return state;
}

std::size_t ExecClient::countProcesses() {
    const auto call = newCall("/org/nsd1", "org.nsd1.Manager", "ListProcesses");
    check(sd_bus_message_append(call.get(), "a{sv}", 0));
    const auto answer = send(call);
    check(sd_bus_message_enter_container(answer.get(), 'a', "(oous)"));
    std::size_t count = 0;
    while (sd_bus_message_skip(answer.get(), "(oous)") > 0)
        ++count;
    return count;
}

} // namespace nsd::test
