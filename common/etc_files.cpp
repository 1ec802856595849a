// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/etc_files.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <climits>

namespace nsd {
namespace {

[[noreturn]] void complain(const std::string& why) {
    throw Error(Errc::InvalidArgument, "etc: " + why);
}

} // namespace

bool isEtcFileName(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= NAME_MAX &&
           name.find('/') == std::string::npos && isUtf8(name) && !hasControlCharacters(name);
}

bool isEtcText(const std::string& text) {
    return isUtf8(text) && text.find('\0') == std::string::npos;
}

void checkEtcFiles(const EtcFiles& files) {
    if (files.size() > maxEtcFiles)
        complain("there are " + std::to_string(files.size()) + " files; at most " +
                 std::to_string(maxEtcFiles) + " are allowed");
    std::size_t bytes = 0;
    for (const auto& [name, text] : files) {
        if (!isEtcFileName(name))
            complain(quoted(name) + " is no name of a file in /etc");
        if (!isEtcText(text))
            complain(quoted(name) + " is not text in UTF-8");
        bytes += text.size();
    }
    if (bytes > maxEtcBytes)
        complain("its files have more than " + std::to_string(maxEtcBytes) + " bytes");
}

} // namespace nsd
