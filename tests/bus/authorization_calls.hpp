// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "tests/bus/bus_client.hpp"

#include <span>
#include <string>

namespace nsd::test {

// What a call of the matrix can be about.
struct Stage {
    std::string path;    // of the namespace "web"
    std::string process; // of a command in it, if the call needs one; the case says whose
    UniqueFd fd;         // what the call brings along, if it does
};

// How one row of the table of expectations is put to the test.
struct MatrixCall {
    // What must be there first, beside the namespace.
    enum class Needs { Nothing, OwnPin, OwnersNet, RootsNet, Process, EndedProcess, BorrowedLink, Peer };
    // What it leaves behind where it is allowed.
    enum class Leaves { Nothing, Trace, TraceOfTheCaller }; // the last: until the caller goes

    const char* call; // as in the table
    Needs needs = Needs::Nothing;
    Leaves leaves = Leaves::Nothing;
    void (*fill)(sd_bus_message* message, const Stage& stage);

    [[nodiscard]] std::string interface() const; // "org.nsd1.Manager"
    [[nodiscard]] std::string method() const;
    [[nodiscard]] std::string path(const Stage& stage) const;
    // The case in brackets says so.
    [[nodiscard]] bool has(const char* word) const;
};

[[nodiscard]] std::span<const MatrixCall> matrixCalls() noexcept;

} // namespace nsd::test
