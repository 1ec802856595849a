// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/name.hpp"
#include "common/nsfs.hpp"

#include <cstdint>
#include <string>

namespace nsd {

// Under what the host knows network namespaces beside nsd: the names that iproute2 keeps below
// /run/netns, which belong to everybody who may write there, and the numbers (nsid) that the kernel gives
// them. A port of the core, for the tests have no host to change. Nothing here blocks; all throw Error.
class NetRegister {
  public:
    NetRegister() = default;
    NetRegister(const NetRegister&) = delete;
    NetRegister& operator=(const NetRegister&) = delete;
    virtual ~NetRegister() = default;

    // The path that a name has there.
    [[nodiscard]] virtual std::string pathOf(const Name& name) const = 0;
    // Shows the network namespace under this name, as `ip netns attach` does. NameExists, whatever it is
    // that has the name.
    virtual void show(int netNsFd, const Name& name) = 0;
    // Whether the name is this namespace's.
    [[nodiscard]] virtual bool shows(const Name& name, const NamespaceIdentity& net) const = 0;
    // The name is free after this, if it was this namespace's; nobody else's is touched. Whether it was.
    virtual bool hide(const Name& name, const NamespaceIdentity& net) = 0;
    // The number by which the host's network namespace knows this one; given now, if it has none.
    [[nodiscard]] virtual std::int32_t number(int netNsFd) = 0;
};

} // namespace nsd
