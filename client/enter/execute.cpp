// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/execute.hpp"

#include "client/enter/enter.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace nsd::client {

int execute(const std::string& what, std::vector<std::string> command) noexcept {
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (auto& word : command)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv.front(), argv.data());
    const int problem = errno;
    std::fprintf(stderr, "nsctl: %s: execute %s: %s\n", what.c_str(), quoted(argv.front()).c_str(),
        errnoText(problem).c_str());
    return problem == ENOENT ? exitNotFound : exitNotExecutable;
}

} // namespace nsd::client
