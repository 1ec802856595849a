// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/reconcile.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

// The start: ends what a predecessor left half-made or half-destroyed, and admits what it published.
// Nothing that it finds stops it: what is bad is put into quarantine, and what cannot even be moved
// stays where it is, in the way of its name, and is reported.
class Recovery {
  public:
    explicit Recovery(Core& core) : core_(core) {}
    [[nodiscard]] std::vector<Quarantined> run();

  private:
    // The pins of a directory: which namespaces, held by which descriptors.
    struct Pins {
        std::map<NamespaceType, NamespaceIdentity> identities;
        std::map<NamespaceType, UniqueFd> fds;
    };
    using Work = std::function<void(const std::string& entry)>;
    using PutAside = std::function<std::string(const std::string& entry)>;

    void each(const std::vector<std::string>& entries, const std::string& prefix, const Work& work,
        const PutAside& putAside);
    void sweep(PinStore::Area area, const std::string& entry);
    void admit(const std::string& entry);
    [[nodiscard]] std::string networkResultIn(int directory) const;
    [[nodiscard]] Pins openPins(int directory) const;
    [[nodiscard]] std::optional<InitProcess> findInit(const Pins& pins, pid_t hint) const;
    void checkUnique(const NamespaceRecord& record) const;

    Core& core_;
    std::vector<Quarantined> bad_;
};

} // namespace nsd
