// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/system_call.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace nsd::bench {

int must(int result, std::string_view what) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), std::string(what));
    return result;
}

} // namespace nsd::bench
