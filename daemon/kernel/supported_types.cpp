// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/supported_types.hpp"

#include <string>
#include <unistd.h>

namespace nsd {

NamespaceTypes typesOfKernel() {
    NamespaceTypes types;
    for (const auto type : allNamespaceTypes)
        if (::access(("/proc/self/ns/" + std::string(toWord(type))).c_str(), F_OK) == 0)
            types.insert(type);
    return types;
}

} // namespace nsd
