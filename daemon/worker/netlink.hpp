// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct nl_msg;
struct nl_sock;
struct nlmsghdr;

namespace nsd::worker {

// A message of rtnetlink(7) that is being written. All throw Error{LimitExceeded} without memory.
class NetlinkMessage {
  public:
    // `flags` beside NLM_F_REQUEST and NLM_F_ACK.
    NetlinkMessage(int type, int flags);
    // Takes over one that a function of libnl-route has built.
    explicit NetlinkMessage(nl_msg* built) noexcept : message_(built) {}

    void append(const void* header, std::size_t size);
    void put(int attribute, std::string_view bytes);
    void put(int attribute, std::uint32_t value);
    void putString(int attribute, const std::string& text);
    // The attributes that `fill` puts lie inside of this one.
    void putNested(int attribute, const std::function<void()>& fill);

    [[nodiscard]] nl_msg* get() const noexcept { return message_.get(); }

  private:
    struct Free {
        void operator()(nl_msg* message) const noexcept;
    };
    std::unique_ptr<nl_msg, Free> message_;
};

// A socket of rtnetlink in some network namespace: it stays there, wherever its user is.
class Netlink {
  public:
    // In the network namespace of the caller.
    Netlink();
    // One in each of these; a child of the worker goes there and opens them.
    [[nodiscard]] static std::vector<Netlink> inside(const std::vector<int>& netNs);

    // Has the kernel do it. Throws Error that names the step and what it is done to, with the kernel's
    // own words where it has some.
    void request(const NetlinkMessage& message, std::string_view step, std::string_view onWhat) const;
    // Asks, and visits each message of the answer; one or, with NLM_F_DUMP, many. EINTR: the list changed
    // meanwhile, ask again.
    using Visit = std::function<void(nlmsghdr*)>;
    void ask(const NetlinkMessage& message, std::string_view step, std::string_view onWhat,
        const Visit& visit) const;

    [[nodiscard]] nl_sock* get() const noexcept { return socket_.get(); }
    [[nodiscard]] int fd() const noexcept;

  private:
    explicit Netlink(UniqueFd socket);

    struct Free {
        void operator()(nl_sock* socket) const noexcept;
    };
    std::unique_ptr<nl_sock, Free> socket_;
};

} // namespace nsd::worker
