// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/cni/plugin_process.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/word_list.hpp"
#include "daemon/cni/child_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::cni {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::size_t maxOutput = std::size_t{256} << 10U;
constexpr std::size_t shownErrors = 1024;
// Plugins call iptables, nft, sysctl.
constexpr const char* programsPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What there is to read now, up to a little more than `most`. False: nothing more will come.
bool drain(int fd, std::string& text, std::size_t most) {
    std::array<char, 4096> bytes{};
    while (text.size() <= most) {
        const auto count = ::read(fd, bytes.data(), bytes.size());
        if (count == 0)
            return false;
        if (count > 0)
            text.append(bytes.data(), static_cast<std::size_t>(count));
        else if (errno != EINTR)
            return errno == EAGAIN;
    }
    return true;
}

// One line, and of a long text its end: there the reason stands.
std::string shortened(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    const auto last = text.find_last_not_of(' ');
    text.resize(last == std::string::npos ? 0 : last + 1);
    if (text.size() > shownErrors)
        text = "…" + text.substr(text.size() - shownErrors);
    return text;
}

std::string describeStatus(int status) {
    return WIFSIGNALED(status) ? "it was ended by signal " + std::to_string(WTERMSIG(status))
                               : "exit status " + std::to_string(WEXITSTATUS(status));
}

// Waits for the end of the program and collects what it says meanwhile.
class Listener {
  public:
    Listener(const ChildProgram& program, int client) : program_(program), client_(client) {}

    // Empty, or why it must end.
    std::optional<Error> untilEnd(Clock::time_point deadline) {
        std::array<pollfd, 4> watched{{{program_.pidfd(), POLLIN, 0}, {client_, 0, 0},
            {program_.output(), POLLIN, 0}, {program_.errors(), POLLIN, 0}}};
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
            if (left <= 0)
                return Error(Errc::TimedOut, "it did not end in time and was killed");
            if (::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR)
                throw kernelError("poll", "a plugin", errno);
            if (watched[1].revents != 0)
                return Error(Errc::TimedOut, "nsd has given it up");
            if (!drain(program_.output(), output, maxOutput))
                watched[2].fd = -1;
            if (!drain(program_.errors(), errors, maxOutput))
                watched[3].fd = -1;
            if (output.size() > maxOutput || errors.size() > maxOutput)
                return Error(Errc::KernelError, "it printed more than 256 KiB and was killed");
            if ((watched[0].revents & POLLIN) != 0) {
                // What it wrote between the last look and its end.
                drain(program_.output(), output, maxOutput);
                drain(program_.errors(), errors, maxOutput);
                return std::nullopt;
            }
        }
    }

    std::string output;
    std::string errors;

  private:
    const ChildProgram& program_;
    int client_;
};

} // namespace

std::string complaintOf(const std::string& printed, const std::string& errors) {
    const auto error = Json::parse(printed, nullptr, false);
    const auto textAt = [&](const char* key) {
        const auto found = error.find(key);
        return found != error.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (!error.is_object() || textAt("msg").empty())
        return shortened(errors.empty() ? printed : errors);
    auto text = textAt("msg");
    if (const auto details = textAt("details"); !details.empty())
        text += ": " + details;
    text = shortened(std::move(text));
    if (const auto code = error.find("code"); code != error.end() && code->is_number_integer())
        text += " (code " + code->dump() + ")";
    return text;
}

PluginProcesses::PluginProcesses(
    const protocol::PluginRequest& request, const NetworkAttachment& attachment, int client)
    : request_(request), attachment_(attachment), client_(client) {}

std::string PluginProcesses::run(const PluginCall& call) const {
    const auto path = find(call.type);
    try {
        ChildProgram program(path, environmentFor(call.command), call.input);
        Listener listener(program, client_);
        const auto trouble = listener.untilEnd(Clock::now() + request_.timeout);
        std::fputs(listener.errors.c_str(), stderr); // for the journal
        if (trouble)
            throw Error(*trouble);
        const int status = program.status();
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return std::move(listener.output);
        const auto said = complaintOf(listener.output, listener.errors);
        throw Error(Errc::KernelError, said.empty() ? describeStatus(status) : said);
    } catch (const Error& error) {
        const auto doing = call.command == "ADD" ? ": " : ": " + call.command + ": ";
        throw Error(error.code(), "cni: " + call.type + doing + error.text(), error.errnoValue());
    }
}

std::string PluginProcesses::find(const std::string& type) const {
    for (const auto& directory : request_.path) {
        auto path = directory;
        path.append("/").append(type);
        if (::access(path.c_str(), X_OK) == 0)
            return path;
    }
    throw Error(Errc::InvalidArgument,
        "cni: there is no plugin " + quoted(type) + " in " + joined(request_.path, ":"));
}

std::vector<std::string> PluginProcesses::environmentFor(const std::string& command) const {
    return {"CNI_COMMAND=" + command, "CNI_CONTAINERID=" + attachment_.container,
        "CNI_NETNS=" + request_.netns, "CNI_IFNAME=" + attachment_.interface,
        "CNI_ARGS=", "CNI_PATH=" + joined(request_.path, ":"), programsPath};
}

} // namespace nsd::cni
