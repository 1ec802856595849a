// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/console.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nsd::client {
namespace {

bool writeAll(int fd, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

void StandardConsole::print(std::string_view text) {
    if (!writeAll(STDOUT_FILENO, text))
        throw kernelError("write", "to standard output", errno);
}

void StandardConsole::complain(std::string_view line) noexcept {
    std::string text(line);
    text += '\n';
    writeAll(STDERR_FILENO, text);
}

unsigned StandardConsole::width() const {
    if (::isatty(STDOUT_FILENO) == 0)
        return 0;
    winsize size{};
    constexpr unsigned usual = 80; // a serial line does not know
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

} // namespace nsd::client
