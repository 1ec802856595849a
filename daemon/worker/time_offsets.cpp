// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/time_offsets.hpp"

#include "common/clock_offset.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

namespace nsd::worker {
namespace {

void writeOne(
    const ProcFs& proc, pid_t pid, const std::string& clock, const std::optional<std::int64_t>& offset) {
    if (!offset)
        return;
    try {
        proc.write(std::to_string(pid) + "/timens_offsets", clockOffsetLine(clock, *offset),
            "set the " + clock + " offset of the time namespace");
    } catch (const Error& error) {
        if (error.errnoValue() != ERANGE)
            throw;
        throw Error(Errc::InvalidArgument,
            "the " + clock + " offset of " + std::to_string(*offset) +
                " ns would put the clock before 0 or beyond its range",
            ERANGE);
    }
}

} // namespace

bool hasTimeOffsets(const NamespaceSpec& spec) noexcept {
    return spec.monotonicOffset.has_value() || spec.boottimeOffset.has_value();
}

void writeTimeOffsets(const ProcFs& proc, pid_t pid, const NamespaceSpec& spec) {
    writeOne(proc, pid, "monotonic", spec.monotonicOffset);
    writeOne(proc, pid, "boottime", spec.boottimeOffset);
}

} // namespace nsd::worker
