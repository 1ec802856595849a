// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/uuid.hpp"
#include "daemon/core/kernel.hpp"

#include <functional>
#include <map>
#include <optional>

namespace nsd {

// The living inits of all pid namespaces, each watched by its pidfd: a pid namespace without its
// init is dead for ever, though its pin stays and setns(2) still works.
class InitWatch {
  public:
    InitWatch(Loop& loop, std::function<void(const Uuid&)> died) : loop_(loop), died_(std::move(died)) {}

    // Throws Error, and then has not taken it.
    void add(const Uuid& uuid, InitProcess&& init);
    // Stops watching; empty if none is alive.
    std::optional<InitProcess> take(const Uuid& uuid);
    // Null if none is alive; asks the kernel, since a death may not have come through the loop yet.
    [[nodiscard]] const InitProcess* find(const Uuid& uuid) const noexcept;

  private:
    struct Entry {
        InitProcess init;
        Loop::SourcePtr source; // goes before the descriptor that it watches
    };
    void onDeath(const Uuid& uuid);

    Loop& loop_;
    std::function<void(const Uuid&)> died_;
    std::map<Uuid, Entry> entries_;
};

} // namespace nsd
