// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/text_file.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

[[noreturn]] void fail(int errnoValue) {
    throw Error(Errc::InvalidArgument, "cannot be read: " + errnoText(errnoValue), errnoValue);
}

} // namespace

std::string readTextFile(const UniqueFd& file) {
    constexpr std::size_t most = 1U << 20U;
    struct stat st {};
    if (::fstat(file.get(), &st) != 0)
        fail(errno);
    if (!S_ISREG(st.st_mode))
        throw Error(Errc::InvalidArgument, "is no file");
    // One byte more than allowed: a file may grow while it is read.
    std::string text(most + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0)
            fail(errno);
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size > most)
        throw Error(Errc::InvalidArgument, "is larger than 1 MiB");
    text.resize(size);
    return text;
}

} // namespace nsd
