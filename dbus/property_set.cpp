// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/property_set.hpp"

#include "dbus/compat.hpp"
#include "dbus/error_names.hpp"
#include "dbus/names.hpp"

#include <utility>

namespace nsd::dbus {
namespace {

// What sd-bus gets as userdata; it lives as long as the slot.
struct Interception {
    std::string interface;
    std::function<void(const PropertySet&)> asked;
    sd_bus_slot* slot = nullptr;
};

void replyError(sd_bus_message* call, const Error& error) noexcept {
    sd_bus_reply_method_errorf(call, errorName(error.code()).c_str(), "%s", error.text().c_str());
}

bool concerns(sd_bus_message* call, const std::string& interface) {
    const char* named = nullptr;
    const bool same = sd_bus_message_is_method_call(call, propertiesInterface, "Set") > 0 &&
                      sd_bus_message_has_signature(call, "ssv") > 0 &&
                      sd_bus_message_read(call, "s", &named) > 0 && named == interface;
    sd_bus_message_rewind(call, 1);
    return same;
}

int onMessage(sd_bus_message* call, void* userdata, sd_bus_error* /*error*/) noexcept {
    const auto& interception = *static_cast<Interception*>(userdata);
    try {
        if (!concerns(call, interception.interface))
            return 0; // the object's own
        interception.asked(PropertySet(call));
    } catch (const Error& error) {
        replyError(call, error);
    } catch (const std::exception& failure) {
        replyError(call, Error(Errc::KernelError, failure.what()));
    }
    return 1;
}

} // namespace

PropertySet::PropertySet(sd_bus_message* call) : call_(sd_bus_message_ref(call), sd_bus_message_unref) {
    const char* interface = nullptr;
    const char* property = nullptr;
    const char* text = nullptr;
    if (sd_bus_message_read(call, "ss", &interface, &property) < 0)
        throw Error(Errc::InvalidArgument, "a call of Set that cannot be read");
    property_ = property;
    if (sd_bus_message_read(call, "v", "s", &text) < 0)
        throw Error(Errc::InvalidArgument, property_ + " is a text");
    text_ = text;
    if (const char* sender = sd_bus_message_get_sender(call); sender != nullptr)
        sender_ = sender;
}

// Where it cannot be sent the bus is gone, which whoever drives the connection sees by itself.
void PropertySet::answer() const noexcept {
    sd_bus_reply_method_return(call_.get(), nullptr);
}

void PropertySet::fail(const Error& error) const noexcept {
    replyError(call_.get(), error);
}

sdbus::Slot takePropertySets(sdbus::IConnection& connection, const std::string& path,
    const std::string& interface, std::function<void(const PropertySet&)> asked) {
    auto interception = std::make_unique<Interception>(Interception{interface, std::move(asked), nullptr});
    // sdbus-c++ gives its sd_bus to nobody, but each message knows it.
    const auto bus = makeProxy(connection, busName, busPath);
    auto* const raw = sd_bus_message_get_bus(rawMessage(makeCall(*bus, busName, "GetId")));
    // Handlers of a path are asked before its objects are.
    if (const int failed =
            sd_bus_add_object(raw, &interception->slot, path.c_str(), onMessage, interception.get());
        failed < 0)
        throw kernelError("serve", path + " on the bus", -failed);
    return {interception.release(), [](void* made) {
                const std::unique_ptr<Interception> gone(static_cast<Interception*>(made));
                sd_bus_slot_unref(gone->slot);
            }};
}

} // namespace nsd::dbus
