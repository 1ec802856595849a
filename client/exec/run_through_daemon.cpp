// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/exec_request.hpp"

#include "client/enter/enter.hpp"
#include "client/exec/session.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

// A restart of nsd takes less than one; the supervisor of the command does without it meanwhile.
constexpr std::chrono::seconds patience{15};

std::vector<std::string> ownEnvironment() {
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable)
        all.emplace_back(*variable);
    return all;
}

// Empty: it has no path.
std::string ownDirectory() {
    std::array<char, PATH_MAX> buffer{};
    if (::getcwd(buffer.data(), buffer.size()) == nullptr || buffer.front() != '/')
        return {};
    std::string path = buffer.data();
    if (!isUtf8(path))
        throw Error(Errc::InvalidArgument,
            "the directory " + quoted(path) + " is not UTF-8, which D-Bus cannot carry");
    return path;
}

bool isPipe(int fd) noexcept {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

// Behind a pipe there may be a pager, which wants the user's terminal for itself; then the command reads
// from it as it is.
bool wantsTerminal(const ExecRequest& request) noexcept {
    return ::isatty(STDIN_FILENO) != 0 && (request.interactive || !isPipe(STDOUT_FILENO));
}

// Only what is a terminal here is one inside.
std::array<int, 3> stdioWith(const TerminalRelay* relay) noexcept {
    std::array<int, 3> stdio{};
    for (int number = 0; number < 3; ++number) {
        const bool open = ::fcntl(number, F_GETFD) >= 0;
        const int own = open ? number : -1;
        stdio.at(static_cast<std::size_t>(number)) =
            relay != nullptr && ::isatty(number) != 0 ? relay->slave() : own;
    }
    return stdio;
}

// The text is all that comes over the bus of where in the start it failed.
bool failedAt(const Error& error, const std::string& step) {
    return error.text().substr(0, step.size()) == step;
}

StartedCommand startIn(
    const std::string& directory, Client& client, const ExecRequest& request, ExecOptions& options) {
    options.directory = directory;
    try {
        return client.exec(request.name, request.command, options);
    } catch (const Error& error) {
        const auto step = "execute " + quoted(request.command.front()) + ": ";
        if (failedAt(error, step))
            throw NotExecuted(
                error, error.text() == step + errnoText(ENOENT) ? exitNotFound : exitNotExecutable);
        throw;
    }
}

StartedCommand start(Client& client, const ExecRequest& request, ExecOptions options) {
    try {
        return startIn(ownDirectory(), client, request, options);
    } catch (const Error& error) {
        // Among other mounts there need not be such a directory; then it is as for one who joins.
        if (!failedAt(error, "change the directory to ") || !request.types.contains(NamespaceType::Mnt))
            throw;
    }
    return startIn("/", client, request, options);
}

} // namespace

int runThroughDaemon(Client& client, const ExecRequest& request) {
    ExecOptions options;
    options.environment = ownEnvironment();
    checkSendable(request.command, options.environment);
    auto relay = wantsTerminal(request) ? std::make_unique<TerminalRelay>() : nullptr;
    options.stdio = stdioWith(relay.get());
    options.terminal = relay != nullptr;
    options.types = request.types;
    options.tied = true;

    StartedProcess process(client, start(client, request, std::move(options)), patience);
    // Leaving ends it as hanging up does; what does not listen dies with our connection.
    return Session(process, std::move(relay)).run().value_or(128 + SIGHUP);
}

} // namespace nsd::client
