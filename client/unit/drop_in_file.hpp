// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/unit/unit_name.hpp"
#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nsd::client {

// nsctl's drop-in of one unit, /etc/systemd/system/UNIT.d/50-nsd.conf of a system whose root directory
// may be elsewhere; no link leads out of that. A file that nsctl did not write is never touched.
class DropInFile {
  public:
    // Throws Error where there is no such root directory.
    DropInFile(const std::string& root, const UnitName& unit);

    // As it is found in that system.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    // The namespace that it joins the unit to; empty: there is none. Throws Error for another's file.
    [[nodiscard]] std::optional<std::string> joined() const;
    // Atomically: who reads it finds the old one or this one. Throws Error.
    void write(std::string_view text) const;
    // Also the directory, if nothing else is in it. Throws Error where there is none.
    void remove() const;

  private:
    // O_PATH; invalid where it is not there.
    [[nodiscard]] UniqueFd openDirectory(const std::string& directory) const;
    [[nodiscard]] UniqueFd makeDirectory() const;

    UniqueFd root_;
    std::string directory_; // relative to root_
    std::string path_;
};

} // namespace nsd::client
