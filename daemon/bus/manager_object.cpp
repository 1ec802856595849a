// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/manager_object.hpp"

#include "daemon/bus/method_adopt.hpp"
#include "daemon/bus/method_create.hpp"
#include "daemon/bus/method_definitions.hpp"
#include "daemon/bus/method_destroy.hpp"
#include "daemon/bus/method_edit.hpp"
#include "daemon/bus/method_enter.hpp"
#include "daemon/bus/method_exec.hpp"
#include "daemon/bus/method_grant.hpp"
#include "daemon/bus/method_hold.hpp"
#include "daemon/bus/method_holders.hpp"
#include "daemon/bus/method_identify.hpp"
#include "daemon/bus/method_link.hpp"
#include "daemon/bus/method_list.hpp"
#include "daemon/bus/method_socket.hpp"
#include "daemon/bus/property.hpp"
#include "dbus/names.hpp"
#include "dbus/object_path.hpp"

#include <utility>

namespace nsd::bus {

ManagerObject::ManagerObject(sdbus::IConnection& connection, Context& context)
    : AdaptorInterfaces(connection, dbus::PathArg(dbus::managerPath)), context_(context) {
    registerAdaptor();
}

ManagerObject::~ManagerObject() {
    unregisterAdaptor();
}

Uuid ManagerObject::uuidOf(std::string name) const {
    return context_.namespaces.find(Name(std::move(name))).uuid;
}

void ManagerObject::announceNew(const NamespaceRecord& record) {
    emitNamespaceNew(++sequence_, record.name.str(), sdbus::ObjectPath(dbus::objectPath(record.uuid)));
}

void ManagerObject::announceRemoved(const NamespaceRecord& record) {
    emitNamespaceRemoved(++sequence_, record.name.str(), sdbus::ObjectPath(dbus::objectPath(record.uuid)));
}

void ManagerObject::announceEvent(const NamespaceRecord& record, std::string_view what) {
    emitNamespaceEvent(++sequence_, sdbus::ObjectPath(dbus::objectPath(record.uuid)), std::string(what));
}

void ManagerObject::Create(
    sdbus::Result<sdbus::ObjectPath>&& result, std::string name, Words types, OptionMap options) {
    serve(getObject(), nullptr, "Create", std::move(result), [&](const Call& call, const auto& reply) {
        create(context_, call, std::move(name), types, std::move(options), reply);
    });
}

void ManagerObject::Adopt(
    sdbus::Result<sdbus::ObjectPath>&& result, std::string name, FdMap fds, OptionMap options) {
    serve(getObject(), nullptr, "Adopt", std::move(result), [&](const Call& call, const auto& reply) {
        // The map has one of each key, and which one it is depends on the library.
        if (dbus::entriesOfDict(getObject(), "s", "{sh}") != fds.size())
            throw Error(Errc::WrongFd, "a type of namespace has more than one descriptor");
        adopt(context_, call, std::move(name), fds, std::move(options), reply);
    });
}

void ManagerObject::Get(sdbus::Result<sdbus::ObjectPath>&& result, std::string name) {
    serve(getObject(), nullptr, "Get", std::move(result), [&](const Call& call, const auto& reply) {
        const auto target = uuidOf(std::move(name));
        context_.access.check(call, target, reply.template then<Caller>([target, reply](const Caller&) {
            reply.send(sdbus::ObjectPath(dbus::objectPath(target)));
        }));
    });
}

void ManagerObject::Identify(sdbus::Result<std::string, std::string>&& result, sdbus::UnixFd fd) {
    serve(getObject(), nullptr, "Identify", std::move(result),
        [&](const Call& call, const auto& reply) { identify(context_, call, fd, reply); });
}

void ManagerObject::IdentifyProcess(sdbus::Result<TextMap>&& result, sdbus::UnixFd pidfd) {
    serve(getObject(), nullptr, "IdentifyProcess", std::move(result),
        [&](const Call& call, const auto& reply) { identifyProcess(context_, call, pidfd, reply); });
}

void ManagerObject::List(sdbus::Result<std::vector<ListRow>>&& result, OptionMap options) {
    serve(getObject(), nullptr, "List", std::move(result),
        [&](const Call& call, const auto& reply) { list(context_, call, std::move(options), reply); });
}

void ManagerObject::Enter(sdbus::Result<FdMap>&& result, std::string name, Words types, OptionMap options) {
    serve(getObject(), nullptr, "Enter", std::move(result), [&](const Call& call, const auto& reply) {
        enter(context_, call, uuidOf(std::move(name)), types, std::move(options), reply);
    });
}

void ManagerObject::Hold(sdbus::Result<sdbus::UnixFd>&& result, std::string name, OptionMap options) {
    serve(getObject(), nullptr, "Hold", std::move(result), [&](const Call& call, const auto& reply) {
        hold(context_, call, uuidOf(std::move(name)), std::move(options), reply);
    });
}

void ManagerObject::Exec(sdbus::Result<sdbus::ObjectPath, sdbus::UnixFd>&& result, std::string name,
    Words argv, OptionMap options) {
    serve(getObject(), nullptr, "Exec", std::move(result), [&](const Call& call, const auto& reply) {
        exec(context_, call, uuidOf(std::move(name)), std::move(argv), std::move(options), reply);
    });
}

void ManagerObject::ListProcesses(sdbus::Result<std::vector<ProcessRow>>&& result, OptionMap options) {
    serve(getObject(), nullptr, "ListProcesses", std::move(result), [&](const Call& call, const auto& reply) {
        listProcesses(context_, call, std::move(options), reply);
    });
}

void ManagerObject::OpenSocket(sdbus::Result<sdbus::UnixFd>&& result, std::string name, std::int32_t family,
    std::int32_t type, std::int32_t protocol, OptionMap options) {
    serve(getObject(), nullptr, "OpenSocket", std::move(result), [&](const Call& call, const auto& reply) {
        openSocket(
            context_, call, uuidOf(std::move(name)), {family, type, protocol}, std::move(options), reply);
    });
}

void ManagerObject::Rename(sdbus::Result<>&& result, std::string from, std::string to) {
    serve(getObject(), nullptr, "Rename", std::move(result), [&](const Call& call, const auto& reply) {
        rename(context_, call, std::move(from), std::move(to), reply);
    });
}

void ManagerObject::Destroy(sdbus::Result<OptionMap>&& result, std::string name, OptionMap options) {
    serve(getObject(), nullptr, "Destroy", std::move(result), [&](const Call& call, const auto& reply) {
        destroy(context_, call, std::move(name), std::move(options), reply);
    });
}

void ManagerObject::Holders(sdbus::Result<OptionMaps>&& result, std::string name) {
    serve(getObject(), nullptr, "Holders", std::move(result), [&](const Call& call, const auto& reply) {
        holders(context_, call, uuidOf(std::move(name)), reply);
    });
}

void ManagerObject::SetLabels(sdbus::Result<>&& result, std::string name, TextMap labels) {
    serve(getObject(), nullptr, "SetLabels", std::move(result), [&](const Call& call, const auto& reply) {
        setLabels(context_, call, uuidOf(std::move(name)), std::move(labels), reply);
    });
}

void ManagerObject::MoveLink(
    sdbus::Result<>&& result, std::string name, std::string link, OptionMap options) {
    serve(getObject(), nullptr, "MoveLink", std::move(result), [&](const Call& call, const auto& reply) {
        moveLink(context_, call, uuidOf(std::move(name)), std::move(link), std::move(options), reply);
    });
}

void ManagerObject::ReturnLink(
    sdbus::Result<>&& result, std::string name, std::string link, OptionMap options) {
    serve(getObject(), nullptr, "ReturnLink", std::move(result), [&](const Call& call, const auto& reply) {
        returnLink(context_, call, uuidOf(std::move(name)), std::move(link), std::move(options), reply);
    });
}

void ManagerObject::AddLink(sdbus::Result<>&& result, std::string name, OptionMap options) {
    serve(getObject(), nullptr, "AddLink", std::move(result), [&](const Call& call, const auto& reply) {
        addLink(context_, call, uuidOf(std::move(name)), std::move(options), reply);
    });
}

void ManagerObject::Grant(
    sdbus::Result<>&& result, std::string name, std::string kind, std::uint32_t id, Words rights) {
    serve(getObject(), nullptr, "Grant", std::move(result), [&](const Call& call, const auto& reply) {
        grant(context_, call, uuidOf(std::move(name)), {std::move(kind), id, std::move(rights)}, reply);
    });
}

void ManagerObject::Revoke(
    sdbus::Result<>&& result, std::string name, std::string kind, std::uint32_t id, Words rights) {
    serve(getObject(), nullptr, "Revoke", std::move(result), [&](const Call& call, const auto& reply) {
        revoke(context_, call, uuidOf(std::move(name)), {std::move(kind), id, std::move(rights)}, reply);
    });
}

void ManagerObject::Export(sdbus::Result<std::string>&& result, std::string name) {
    serve(getObject(), nullptr, "Export", std::move(result), [&](const Call& call, const auto& reply) {
        exportDefinition(context_, call, uuidOf(std::move(name)), reply);
    });
}

void ManagerObject::CheckDefinitions(
    sdbus::Result<TextMap, std::vector<WireProblem>>&& result, TextMap definitions) {
    serve(getObject(), nullptr, "CheckDefinitions", std::move(result),
        [&](const Call& call, const auto& reply) {
            checkDefinitions(context_, call, std::move(definitions), reply);
        });
}

void ManagerObject::Reload(sdbus::Result<>&& result) {
    serve(getObject(), nullptr, "Reload", std::move(result), [&](const Call& call, const auto& reply) {
        context_.access.check(call, std::nullopt, reply.template then<Caller>([this, reply](const Caller&) {
            context_.reload();
            reply.send();
        }));
    });
}

std::string ManagerObject::Version() {
    return context_.version;
}

Words ManagerObject::SupportedTypes() {
    return property([&] { return toWords(context_.kernel.supportedTypes()); });
}

std::string ManagerObject::DefinitionsDirectory() {
    return context_.definitionsDirectory;
}

std::uint32_t ManagerObject::NamespaceCount() {
    return static_cast<std::uint32_t>(context_.namespaces.count());
}

std::uint64_t ManagerObject::Sequence() {
    return sequence_;
}

} // namespace nsd::bus
