// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/journal.hpp"

#include <cstdlib>
#include <exception>
#include <sys/stat.h>
#include <sys/uio.h>
#include <vector>

#define SD_JOURNAL_SUPPRESS_LOCATION // ours would be that of the one place that sends
#include <systemd/sd-journal.h>

namespace nsd::journal {

// JOURNAL_STREAM is "device:inode" of the stream that systemd gave; stderr may have been redirected
// since (systemd.exec(5)).
bool isStream(int fd) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat st {};
    if (stream == nullptr || ::fstat(fd, &st) != 0)
        return false;
    return std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino) == stream;
}

bool send(std::span<const std::string> fields) noexcept {
    try {
        std::vector<iovec> parts;
        parts.reserve(fields.size());
        for (const auto& field : fields)
            parts.push_back({const_cast<char*>(field.data()), field.size()}); // is only read
        return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
    } catch (const std::exception&) { // out of memory
        return false;
    }
}

} // namespace nsd::journal
