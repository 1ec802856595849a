// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/link_name.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <net/if.h>
#include <string_view>
#include <utility>

namespace nsd {

LinkName::LinkName(std::string text) : text_(std::move(text)) {
    constexpr std::array<std::string_view, 4> taken{".", "..", "all", "default"};
    const auto refuse = [&](const std::string& why) {
        throw Error(Errc::InvalidArgument, quoted(text_) + " is not a name for a link: " + why);
    };
    constexpr std::size_t longest = IFNAMSIZ - 1;
    if (text_.empty() || text_.size() > longest)
        refuse("it has to have 1 to " + std::to_string(longest) + " bytes");
    // '%' would be a pattern to the kernel ("eth%d"); '/' and ':' it refuses.
    if (text_.find_first_of("/:% ") != std::string::npos || hasControlCharacters(text_) || !isUtf8(text_))
        refuse("it has to be UTF-8 without '/', ':', '%', white space and control characters");
    if (std::find(taken.begin(), taken.end(), text_) != taken.end())
        refuse("the kernel has another meaning for it");
}

} // namespace nsd
