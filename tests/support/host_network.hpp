// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"

#include <memory>
#include <string>

namespace nsd::test {

// A network namespace that a test's nsd takes for the host's, so that no link of the machine is touched.
class HostNetwork {
  public:
    HostNetwork();

    // Stands before nsd: it begins there, however often.
    [[nodiscard]] Arguments wrapper() const { return {"nsenter", "--net=" + path(), "--"}; }
    // A script there, which must work; answers what it printed.
    std::string shell(const std::string& script) const;
    [[nodiscard]] std::string path() const;

  private:
    std::unique_ptr<BackgroundProcess> holder_;
};

} // namespace nsd::test
