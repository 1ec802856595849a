// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/uuid.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace nsd {

// The connection with which a tied process ends. A unique name is never reused, but by another bus.
struct ClientTie {
    std::string busName; // ":1.42"
    std::string busId;   // of the bus that gave the name
    friend bool operator==(const ClientTie&, const ClientTie&) = default;
};

// A process that is known again when its number may have become another's.
struct KnownProcess {
    pid_t pid = 0;
    std::uint64_t startTime = 0; // field 22 of /proc/PID/stat
    friend bool operator==(const KnownProcess&, const KnownProcess&) = default;
};

struct ProcessEnd {
    int code = 0; // siginfo's CLD_EXITED, CLD_KILLED, CLD_DUMPED
    int status = 0;
    std::chrono::microseconds at{0}; // CLOCK_BOOTTIME
    friend bool operator==(const ProcessEnd&, const ProcessEnd&) = default;
};

// What the file of an Exec process says (process/N in the runtime directory). It grows by whole lines,
// each written with one write(2): the daemon writes the first, the supervisor of the process the other
// two, whether or not there is a daemon.
struct ProcessState {
    struct Begin {
        Uuid namespaceUuid;
        std::optional<ClientTie> tie{};
        friend bool operator==(const Begin&, const Begin&) = default;
    };
    struct Running {
        KnownProcess command;
        KnownProcess supervisor;
        uid_t uid = 0; // of the command, outside of all namespaces
        friend bool operator==(const Running&, const Running&) = default;
    };
    Begin begin;
    std::optional<Running> running{};
    std::optional<ProcessEnd> end{};
    friend bool operator==(const ProcessState&, const ProcessState&) = default;
};

// One line each, with its newline.
[[nodiscard]] std::string toLine(const ProcessState::Begin& begin);
[[nodiscard]] std::string toLine(const ProcessState::Running& running);
[[nodiscard]] std::string toLine(const ProcessEnd& end);
// A last line without its newline is not there yet. Throws Error{InvalidArgument} for every other
// text that the functions above do not write.
[[nodiscard]] ProcessState parseProcessState(std::string_view text);

} // namespace nsd
