// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/directory_entries.hpp"

#include "common/error.hpp"
#include "common/open_beneath.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>

namespace nsd {

std::vector<std::string> entriesOf(int directory) {
    // A descriptor of its own, since the position in the directory belongs to the open file.
    auto fd = tryOpenBeneath(directory, ".", O_RDONLY | O_DIRECTORY);
    if (!fd)
        throw kernelError("open", "a directory", errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), ::closedir);
    if (!stream)
        throw kernelError("fdopendir", "", errno);
    static_cast<void>(fd.release()); // the stream's from here on
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const auto* entry = ::readdir(stream.get()); // NOLINT(concurrency-mt-unsafe): one thread
        if (entry == nullptr && errno != 0)
            throw kernelError("readdir", "", errno);
        if (entry == nullptr)
            break;
        const std::string_view name(&entry->d_name[0]);
        if (name != "." && name != "..")
            names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace nsd
