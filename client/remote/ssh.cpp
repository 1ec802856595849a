// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/remote/ssh.hpp"

#include "client/cli/arguments.hpp"
#include "client/enter/execute.hpp"
#include "common/quote.hpp"

#include <cstdlib>
#include <unistd.h>

namespace nsd::client {
namespace {

// For sh(1): nothing is special between single quotes but the single quote.
std::string shellQuoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'')
            text += R"('\'')";
        else
            text += c;
    }
    return text + "'";
}

} // namespace

std::vector<std::string> sshLine(
    const std::string& host, bool terminal, const std::vector<std::string>& words) {
    if (host.empty() || host.front() == '-')
        throw UsageError("-H takes [USER@]HOST, not " + quoted(host));
    const char* given = std::getenv("NSD_SSH");
    std::vector<std::string> line{given != nullptr && *given != '\0' ? given : "ssh"};
    if (terminal)
        line.emplace_back("-t");
    line.emplace_back("--");
    line.push_back(host);
    std::string command = "nsctl";
    for (const auto& word : words)
        command += " " + shellQuoted(word);
    line.push_back(std::move(command));
    return line;
}

int becomeRemote(const std::string& host, const std::vector<std::string>& words) {
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return execute("-H " + host, sshLine(host, terminal, words));
}

} // namespace nsd::client
