// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <sys/types.h>

#include <systemd/sd-bus.h>

namespace nsd::bench {

// What Destroy waits by itself, if it is not told otherwise.
constexpr std::chrono::seconds destroyPatience{5};

// The client's side: one connection that stays, blocking calls and nothing around them. Raw sd-bus, as
// in nsctl. Each call throws with the error's text where it is answered with one.
class BusCalls {
  public:
    explicit BusCalls(const std::string& address) : BusCalls(address, 0) {}
    // As somebody else than root.
    BusCalls(const std::string& address, uid_t user);

    void create(const std::string& name, const std::string& type) const;
    void createFor(uid_t owner, const std::string& name, const std::string& type) const;
    // How long nsd is to wait for the end of the namespace; not at all with 0.
    void destroy(const std::string& name, std::chrono::microseconds patience) const;
    void enter(const std::string& name, const std::string& type) const;
    // The empty service's Open, which returns a descriptor as Enter does.
    void openNothing() const;

  private:
    struct Unref {
        void operator()(sd_bus* bus) const noexcept { sd_bus_flush_close_unref(bus); }
        void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
    };
    using Message = std::unique_ptr<sd_bus_message, Unref>;

    [[nodiscard]] Message newCall(const char* method) const;
    Message call(const Message& message) const;

    std::unique_ptr<sd_bus, Unref> bus_;
};

} // namespace nsd::bench
