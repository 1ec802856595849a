// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/name.hpp"
#include "common/unique_fd.hpp"

#include <string>

namespace nsd {

struct NamespaceRecord;

// The definitions that nsd itself writes, for namespaces that are to be there again after a reboot:
// <state directory>/namespaces.d/NAME.json, 0600 in a directory of 0700. Each is on the disk, whole, when
// write() returns. They are read as all definitions are (config/definition_files). Methods throw Error with
// the path in its text.
class DefinitionStore {
  public:
    // The directory is made when it is needed first, so that a read-only disk stops nobody who does not
    // write. Without this, write() is InvalidArgument.
    void useDirectory(std::string stateDirectory) { directory_ = std::move(stateDirectory); }

    // From the record as it is, under that name; takes the place of an older one.
    void write(const Name& name, const NamespaceRecord& record) const;
    // One that is not there is removed already.
    void remove(const Name& name) const;
    // What fails is logged.
    void tryRemove(const Name& name, Log& log) const noexcept;
    [[nodiscard]] std::string pathOf(const Name& name) const;

  private:
    [[nodiscard]] UniqueFd open(bool make) const;

    std::string directory_; // its parent
};

} // namespace nsd
