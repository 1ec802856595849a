// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/run/run_program.hpp"

#include "client/helper_program.hpp"
#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/pipe.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <optional>
#include <unistd.h>

namespace nsd::client {
namespace {

void start(std::optional<HelperProgram>& program, const HelperProgram::Setup& setup) {
    try {
        program.emplace(setup);
    } catch (const Error& error) {
        if (error.errnoValue() != ENOENT)
            throw;
        throw Error(Errc::KernelError, quoted(setup.line.front()) + " is not installed (package uidmap)");
    }
}

} // namespace

std::string readProgram(const std::vector<std::string>& line) {
    auto [reading, writing] = makePipe("to " + line.front());
    std::optional<HelperProgram> program;
    // Standard output and error into one pipe: these programs write a line to either, never to both.
    start(program, {.line = line, .out = writing.get(), .err = writing.get()});
    writing.reset();
    auto text = readAll(reading.get(), line.front());
    if (program->wait() != 0) {
        while (!text.empty() && text.back() == '\n')
            text.pop_back();
        throw Error(Errc::KernelError, text.empty() ? line.front() + " failed" : text);
    }
    return text;
}

} // namespace nsd::client
