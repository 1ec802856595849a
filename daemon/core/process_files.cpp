// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/process_files.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/scope_guard.hpp"
#include "daemon/core/beneath.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

constexpr std::size_t maxText = 4096; // of which three lines need 400
constexpr int ownFlags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

// "17", as std::to_string writes it.
std::optional<std::uint64_t> toNumber(std::string_view name) {
    std::uint64_t number = 0;
    const auto* const end = name.data() + name.size();
    const auto [stop, problem] = std::from_chars(name.data(), end, number);
    if (problem != std::errc() || stop != end || std::to_string(number) != name)
        return std::nullopt;
    return number;
}

} // namespace

UniqueFd ProcessFiles::create(std::uint64_t number, const ProcessState::Begin& begin) {
    const auto leaf = std::to_string(number);
    UniqueFd file(::openat(directory_.get(), leaf.c_str(), ownFlags, S_IRUSR | S_IWUSR));
    if (!file)
        throw kernelError("create the process's file", leaf, errno);
    ScopeGuard undo([&] { ::unlinkat(directory_.get(), leaf.c_str(), 0); });
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        throw kernelError("lock the process's file", leaf, errno);
    if (::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, maxText) != 0 && errno != EOPNOTSUPP)
        throw kernelError("reserve room for the process's file", leaf, errno);
    const auto line = toLine(begin);
    if (::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw kernelError("write the process's file", leaf, errno);
    undo.dismiss();
    return file;
}

ProcessState ProcessFiles::read(std::uint64_t number) const {
    return parseProcessState(readSmallFile(directory_.get(), std::to_string(number), maxText));
}

bool ProcessFiles::isHeld(std::uint64_t number) const {
    const auto file = openBeneath(directory_.get(), std::to_string(number), O_RDONLY);
    return ::flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

void ProcessFiles::remove(std::uint64_t number) {
    removeFile(directory_.get(), std::to_string(number));
}

ProcessFiles::Entries ProcessFiles::entries() const {
    Entries entries;
    for (auto& name : entriesOf(directory_.get()))
        if (const auto number = toNumber(name))
            entries.numbers.push_back(*number);
        else
            entries.others.push_back(std::move(name));
    return entries;
}

} // namespace nsd
