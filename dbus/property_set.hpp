// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"

#include <functional>
#include <memory>
#include <string>

#include <sdbus-c++/sdbus-c++.h>

struct sd_bus_message;

namespace nsd::dbus {

// A call of Properties.Set that is answered later than in its handler: sdbus-c++'s setters know neither
// who calls nor how to wait for that. Copies stand for the same call; to be answered once.
class PropertySet {
  public:
    // Takes a reference. Throws Error where the call carries no text.
    explicit PropertySet(sd_bus_message* call);

    [[nodiscard]] const std::string& sender() const noexcept { return sender_; }
    [[nodiscard]] const std::string& property() const noexcept { return property_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    void answer() const noexcept;
    void fail(const Error& error) const noexcept;

  private:
    std::shared_ptr<sd_bus_message> call_;
    std::string sender_;
    std::string property_;
    std::string text_;
};

// From now on and until the slot goes, `asked` gets every Properties.Set of this interface at the path,
// before the object there sees it. It must not throw.
[[nodiscard]] sdbus::Slot takePropertySets(sdbus::IConnection& connection, const std::string& path,
    const std::string& interface, std::function<void(const PropertySet&)> asked);

} // namespace nsd::dbus
