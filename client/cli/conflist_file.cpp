// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/conflist_file.hpp"

#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>

namespace nsd::client {
namespace {

constexpr std::size_t most = std::size_t{64} << 10U; // with comments

} // namespace

std::string readConflistFile(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        throw kernelError("open", quoted(path), errno);
    auto text = readAll(file.get(), quoted(path), most);
    if (text.size() > most)
        throw Error(Errc::InvalidArgument,
            quoted(path) + " is no conflist: it has more than " + std::to_string(most) + " bytes");
    if (text.empty())
        throw Error(Errc::InvalidArgument, quoted(path) + " is no conflist: it is empty");
    return text;
}

} // namespace nsd::client
