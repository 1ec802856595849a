// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <map>
#include <string>
#include <vector>

namespace nsd::client {

// The directory of definitions, /etc/nsd/namespaces.d. It is made when something is written first.
class DefinitionsDirectory {
  public:
    explicit DefinitionsDirectory(std::string path) : path_(std::move(path)) {}

    // What each file NAME.json has in it; nothing for one that is no file, as a link to /dev/null.
    [[nodiscard]] std::map<std::string, std::string> read() const;

    struct Change {
        std::map<std::string, std::string> written; // name → text
        std::vector<std::string> removed;
    };
    // Each file is there whole, old or new, at any time, and all are on the disk when this returns. What
    // cannot be written is found out before the first of them is another. Throws Error.
    void change(const Change& change) const;

    [[nodiscard]] std::string pathOf(const std::string& name) const;

  private:
    [[nodiscard]] UniqueFd open() const; // invalid: it is not there
    [[nodiscard]] UniqueFd make() const;

    std::string path_;
};

} // namespace nsd::client
