// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace nsd {

// Tells of the death of network namespaces where the kernel has no nsfs file handles (before Linux
// 6.18): each gets an id in the daemon's own network namespace, and the kernel says when an id goes.
class NsidWatch {
  public:
    explicit NsidWatch(Loop& loop) : loop_(loop) {}

    // A namespace that is waited for; forgets it when it goes.
    class Ticket {
      public:
        Ticket(NsidWatch& watch, std::int32_t nsid) : watch_(watch), nsid_(nsid) {}
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;
        ~Ticket() { watch_.forget(*this); }
        [[nodiscard]] bool dead() const noexcept { return dead_; }

      private:
        friend class NsidWatch;
        NsidWatch& watch_;
        std::int32_t nsid_;
        bool dead_ = false;
        std::function<void()> died_;
    };

    // `died` is called from the loop when the namespace is gone. Throws Error.
    [[nodiscard]] std::unique_ptr<Ticket> watch(int netNsFd, std::function<void()> died);

  private:
    void forget(Ticket& ticket) noexcept;
    void closeIfIdle() noexcept;
    void onReadable() noexcept;
    void readSocket();
    void removed(std::int32_t nsid);

    Loop& loop_;
    UniqueFd socket_; // while somebody waits
    Loop::SourcePtr source_;
    std::map<std::int32_t, Ticket*> tickets_;
};

} // namespace nsd
