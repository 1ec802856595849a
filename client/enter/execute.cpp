// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/execute.hpp"

#include "client/enter/enter.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace nsd::client {

int execute(const std::string& what, std::vector<std::string> command) {
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (auto& word : command)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv.front(), argv.data());
    const int problem = errno;
    complain(what, "execute " + quoted(argv.front()) + ": " + errnoText(problem));
    return problem == ENOENT ? exitNotFound : exitNotExecutable;
}

void complain(const std::string& what, const std::string& why) noexcept {
    std::fprintf(stderr, "nsctl: %s: %s\n", what.c_str(), why.c_str());
}

} // namespace nsd::client
