// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/namespace_object.hpp"

#include "daemon/bus/method_destroy.hpp"
#include "daemon/bus/method_edit.hpp"
#include "daemon/bus/method_enter.hpp"
#include "daemon/bus/method_exec.hpp"
#include "daemon/bus/method_hold.hpp"
#include "daemon/bus/method_holders.hpp"
#include "daemon/bus/method_socket.hpp"
#include "daemon/bus/property.hpp"
#include "dbus/names.hpp"
#include "dbus/object_path.hpp"

#include <array>
#include <utility>

namespace nsd::bus {
namespace {

// Which properties an event changes.
struct Change {
    std::string_view what;
    std::vector<const char*> properties;
};

const std::array changes{
    Change{"ready", {"State", "Types", "Pins", "Ids", "Inodes", "Owner", "Labels", "Created", "Grants",
                        "ControlGroup", "Nsid", "EtcFiles", "Cni"}},
    Change{"degraded", {"State"}},
    Change{"renamed", {"Name", "Pins"}},
    Change{"labels", {"Labels"}},
    Change{"grants", {"Grants"}},
};

} // namespace

NamespaceObject::NamespaceObject(sdbus::IConnection& connection, Context& context, const nsd::Uuid& uuid)
    : AdaptorInterfaces(connection, dbus::PathArg(dbus::objectPath(uuid))), context_(context), uuid_(uuid) {
    registerAdaptor();
}

NamespaceObject::~NamespaceObject() {
    unregisterAdaptor();
}

void NamespaceObject::announce(std::string_view what) {
    for (const auto& change : changes)
        if (change.what == what)
            getObject().emitPropertiesChangedSignal(dbus::namespaceInterface,
                std::vector<dbus::PropertyArg>(change.properties.begin(), change.properties.end()));
}

const NamespaceRecord& NamespaceObject::record() const {
    const auto* const found = context_.namespaces.findByUuid(uuid_);
    if (found == nullptr)
        throw Error(Errc::NoSuchNamespace, "the namespace " + uuid_.str() + " is gone");
    return *found;
}

void NamespaceObject::Enter(sdbus::Result<FdMap>&& result, Words types, OptionMap options) {
    serve(getObject(), weak_from_this().lock(), "Enter", std::move(result),
        [&](const Call& call, const auto& reply) {
            enter(context_, call, record().uuid, types, std::move(options), reply);
        });
}

void NamespaceObject::Hold(sdbus::Result<sdbus::UnixFd>&& result, OptionMap options) {
    serve(getObject(), weak_from_this().lock(), "Hold", std::move(result),
        [&](const Call& call, const auto& reply) {
            hold(context_, call, record().uuid, std::move(options), reply);
        });
}

void NamespaceObject::Exec(
    sdbus::Result<sdbus::ObjectPath, sdbus::UnixFd>&& result, Words argv, OptionMap options) {
    serve(getObject(), weak_from_this().lock(), "Exec", std::move(result),
        [&](const Call& call, const auto& reply) {
            exec(context_, call, record().uuid, std::move(argv), std::move(options), reply);
        });
}

void NamespaceObject::OpenSocket(sdbus::Result<sdbus::UnixFd>&& result, std::int32_t family,
    std::int32_t type, std::int32_t protocol, OptionMap options) {
    serve(getObject(), weak_from_this().lock(), "OpenSocket", std::move(result),
        [&](const Call& call, const auto& reply) {
            openSocket(context_, call, record().uuid, {family, type, protocol}, std::move(options), reply);
        });
}

void NamespaceObject::Destroy(sdbus::Result<OptionMap>&& result, OptionMap options) {
    serve(getObject(), weak_from_this().lock(), "Destroy", std::move(result),
        [&](const Call& call, const auto& reply) {
            destroy(context_, call, record().uuid, std::move(options), reply);
        });
}

void NamespaceObject::Holders(sdbus::Result<OptionMaps>&& result) {
    serve(getObject(), weak_from_this().lock(), "Holders", std::move(result),
        [&](const Call& call, const auto& reply) { holders(context_, call, record().uuid, reply); });
}

void NamespaceObject::SetLabels(sdbus::Result<>&& result, TextMap labels) {
    serve(getObject(), weak_from_this().lock(), "SetLabels", std::move(result),
        [&](const Call& call, const auto& reply) {
            setLabels(context_, call, record().uuid, std::move(labels), reply);
        });
}

template <class F>
auto NamespaceObject::show(F&& read) const {
    return property([&] { return std::forward<F>(read)(record()); });
}

std::string NamespaceObject::Name() {
    return show([](const NamespaceRecord& record) { return record.name.str(); });
}

std::string NamespaceObject::Uuid() {
    return uuid_.str();
}

Words NamespaceObject::Types() {
    return show([](const NamespaceRecord& record) { return toWords(record.types()); });
}

TextMap NamespaceObject::Pins() {
    return show([&](const NamespaceRecord& record) {
        TextMap pins;
        for (const auto& [type, identity] : record.identities)
            pins.emplace(toWord(type),
                context_.pinsDirectory + '/' + record.name.str() + '/' + std::string(toWord(type)));
        return pins;
    });
}

std::map<std::string, std::uint64_t> NamespaceObject::Ids() {
    return show([](const NamespaceRecord& record) {
        std::map<std::string, std::uint64_t> ids;
        for (const auto& [type, identity] : record.identities)
            if (identity.id != 0)
                ids.emplace(toWord(type), identity.id);
        return ids;
    });
}

std::map<std::string, std::uint64_t> NamespaceObject::Inodes() {
    return show([](const NamespaceRecord& record) {
        std::map<std::string, std::uint64_t> inodes;
        for (const auto& [type, identity] : record.identities)
            inodes.emplace(toWord(type), identity.inode);
        return inodes;
    });
}

std::uint32_t NamespaceObject::Owner() {
    return show([](const NamespaceRecord& record) { return record.owner; });
}

TextMap NamespaceObject::Labels() {
    return show([](const NamespaceRecord& record) { return record.labels; });
}

std::uint64_t NamespaceObject::Created() {
    return show([](const NamespaceRecord& record) { return record.createdRealtime; });
}

std::string NamespaceObject::Origin() {
    return show([](const NamespaceRecord& record) { return std::string(toWord(record.origin)); });
}

std::string NamespaceObject::Lifetime() {
    return show([](const NamespaceRecord& record) { return std::string(toWord(record.lifetime)); });
}

std::string NamespaceObject::State() {
    return show([](const NamespaceRecord& record) { return std::string(toWord(record.state)); });
}

std::vector<WireGrant> NamespaceObject::Grants() {
    return show([](const NamespaceRecord& record) {
        std::vector<WireGrant> grants;
        for (const auto& grant : record.grants)
            grants.emplace_back(grant.group ? "group" : "user", grant.id, grant.rights);
        return grants;
    });
}

std::int32_t NamespaceObject::Nsid() {
    return show([](const NamespaceRecord& record) { return record.number.value_or(-1); });
}

std::string NamespaceObject::PublicPath() {
    return show([&](const NamespaceRecord& record) { return context_.namespaces.publicPath(record); });
}

std::vector<std::string> NamespaceObject::EtcFiles() {
    return show([](const NamespaceRecord& record) { return record.etcFiles; });
}

std::string NamespaceObject::Cni() {
    return show([](const NamespaceRecord& record) { return record.networkResult; });
}

std::string NamespaceObject::ControlGroup() {
    return show([](const NamespaceRecord& record) { return record.controlGroup; });
}

} // namespace nsd::bus
