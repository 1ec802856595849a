// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/proc_stat.hpp"

#include <sstream>
#include <string>

namespace nsd {

std::uint64_t startTimeInStat(std::string_view stat) {
    const auto name = stat.rfind(')'); // which may hold anything
    if (name == std::string_view::npos)
        return 0;
    std::istringstream fields(std::string(stat.substr(name + 1)));
    constexpr int fieldsBefore = 19; // behind the name: state is field 3, starttime 22
    std::string skipped;
    for (int i = 0; i < fieldsBefore; ++i)
        fields >> skipped;
    std::uint64_t start = 0;
    return fields >> start ? start : 0;
}

} // namespace nsd
