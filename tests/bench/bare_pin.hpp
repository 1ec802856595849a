// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"
#include "common/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <string>

namespace nsd::bench {

// The least that a named namespace costs: unshare, bind, umount and unlink in one process, without a
// daemon, a bus, a record, or a thought for anything that might fail. For types whose unshare acts on
// the caller. The pins lie in a tmpfs as nsd's do: one of its own, private.
class BarePin {
  public:
    explicit BarePin(NamespaceType type);
    ~BarePin();
    BarePin(const BarePin&) = delete;
    BarePin& operator=(const BarePin&) = delete;

    // Puts this process into a new namespace, pins it and removes the pin. The namespace ends when the
    // process leaves it: at the next call, or at goHome().
    void makeAndRemove() const;
    // The same, and back in the process's own namespace, and until the kernel has ended the new one.
    // Throws where the kernel has no handles of namespaces (Linux 6.18).
    void makeAndRemoveAndWait() const;
    // Back into the namespace that this process was in.
    void goHome() const;

  private:
    NamespaceType type_;
    std::string self_; // /proc/self/ns/TYPE
    UniqueFd home_;
    test::TempDir directory_;
    std::string pin_;
};

} // namespace nsd::bench
