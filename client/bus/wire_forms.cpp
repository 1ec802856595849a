// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/wire_forms.hpp"

#include "client/bus/link_forms.hpp"
#include "dbus/names.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace nsd::client {
namespace {

void addIdMap(SdMessage& call, const char* key, const std::vector<IdRange>& map) {
    if (map.empty())
        return;
    call.addOption(key, "a(uuu)", [&] {
        call.add('a', "(uuu)", [&] {
            for (const auto& range : map)
                call.add('r', "uuu", [&] {
                    call.addUint32(range.inside);
                    call.addUint32(range.outside);
                    call.addUint32(range.count);
                });
        });
    });
}

void addStrings(SdMessage& call, const char* key, const std::map<std::string, std::string>& values) {
    if (!values.empty())
        call.addOption(key, "a{ss}", [&] { call.addStringMap(values); });
}

std::vector<Grant> readGrants(SdMessage& answer) {
    std::vector<Grant> grants;
    answer.readArray("(suas)", [&] {
        answer.readContainer('r', "suas", [&] {
            Grant grant;
            grant.kind = answer.readString();
            grant.id = answer.readUint32();
            grant.rights = answer.readStrings();
            grants.push_back(std::move(grant));
        });
    });
    return grants;
}

} // namespace

void writeCreateOptions(SdMessage& call, const CreateOptions& options) {
    call.addOptions([&] {
        if (options.owner)
            call.addOption("owner", "u", [&] { call.addUint32(*options.owner); });
        addStrings(call, "labels", options.labels);
        call.addOption("hostname", options.hostname);
        call.addOption("domainname", options.domainname);
        addStrings(call, "sysctls", options.sysctls);
        addIdMap(call, "uid-map", options.uidMap);
        addIdMap(call, "gid-map", options.gidMap);
        if (options.mapRoot)
            call.addOption("map-root", "b", [&] { call.addBool(true); });
        if (options.rootless)
            call.addOption("rootless", "b", [&] { call.addBool(true); });
        if (options.persistent)
            call.addOption("persistent", "b", [&] { call.addBool(true); });
        if (options.publish)
            call.addOption("publish", "b", [&] { call.addBool(true); });
        if (options.etc)
            call.addOption("etc", "h", [&] { call.addFd(options.etc->get()); });
        if (options.monotonicOffset)
            call.addOption("monotonic-offset", "x", [&] { call.addInt64(options.monotonicOffset->count()); });
        if (options.boottimeOffset)
            call.addOption("boottime-offset", "x", [&] { call.addInt64(options.boottimeOffset->count()); });
        if (!options.links.empty())
            call.addOption("links", "aa{sv}", [&] { writeLinks(call, options.links); });
        call.addOption("cni", options.cni);
        if (options.lease)
            call.addOption("lease", "b", [&] { call.addBool(true); });
        if (options.ttl)
            call.addOption(
                "ttl", "t", [&] { call.addUint64(static_cast<std::uint64_t>(options.ttl->count())); });
    });
}

void writeExecOptions(SdMessage& call, const ExecOptions& options) {
    call.addOptions([&] {
        call.addOption("env", "as", [&] { call.addStrings(options.environment); });
        call.addOption("cwd", options.directory);
        constexpr std::array names{"stdin", "stdout", "stderr"};
        for (std::size_t i = 0; i < names.size(); ++i)
            if (const int fd = options.stdio.at(i); fd >= 0)
                call.addOption(names.at(i), "h", [&] { call.addFd(fd); });
        if (options.terminal)
            call.addOption("tty", "b", [&] { call.addBool(true); });
        if (!options.types.empty())
            call.addOption("types", "as", [&] { call.addStrings(toWords(options.types)); });
        if (options.tied)
            call.addOption("tied", "b", [&] { call.addBool(true); });
    });
}

std::vector<ListedNamespace> readListed(SdMessage& answer) {
    std::vector<ListedNamespace> rows;
    answer.readArray("(sosasussta{sv})", [&] {
        answer.readContainer('r', "sosasussta{sv}", [&] {
            ListedNamespace row;
            row.name = answer.readString();
            row.path = answer.readPath();
            row.uuid = answer.readString();
            row.types = answer.readStrings();
            row.owner = answer.readUint32();
            row.state = answer.readString();
            row.origin = answer.readString();
            row.created = answer.readUint64();
            answer.readOptions([&](const std::string& key) {
                if (key == "labels")
                    row.labels = answer.readStringMap();
                else if (key == "processes")
                    row.processes = answer.readUint32();
                else if (key == "link-details")
                    row.links = readLinkDetails(answer);
                else
                    return false;
                return true;
            });
            rows.push_back(std::move(row));
        });
    });
    return rows;
}

std::optional<Event> readEvent(SdMessage& signal) {
    Event event;
    const bool isNew = signal.isSignal(dbus::managerInterface, "NamespaceNew");
    if (isNew || signal.isSignal(dbus::managerInterface, "NamespaceRemoved")) {
        event.what = isNew ? "new" : "removed";
        event.sequence = signal.readUint64();
        event.name = signal.readString();
        event.path = signal.readPath();
    } else if (signal.isSignal(dbus::managerInterface, "NamespaceEvent")) {
        event.sequence = signal.readUint64();
        event.path = signal.readPath();
        event.what = signal.readString();
    } else if (signal.isSignal(dbus::busName, "NameOwnerChanged")) {
        signal.skip("ss"); // the name, and who had it
        event.what = signal.readString().empty() ? "lost" : "back";
    } else {
        return std::nullopt;
    }
    return event;
}

NamespaceDetails readDetails(SdMessage& answer) {
    NamespaceDetails details;
    answer.readOptions(SdMessage::Readers{
        {"Name", [&] { details.name = answer.readString(); }},
        {"Uuid", [&] { details.uuid = answer.readString(); }},
        {"Types", [&] { details.types = answer.readStrings(); }},
        {"Pins", [&] { details.pins = answer.readStringMap(); }},
        {"Ids", [&] { details.ids = answer.readNumberMap(); }},
        {"Inodes", [&] { details.inodes = answer.readNumberMap(); }},
        {"Owner", [&] { details.owner = answer.readUint32(); }},
        {"Labels", [&] { details.labels = answer.readStringMap(); }},
        {"Created", [&] { details.created = answer.readUint64(); }},
        {"Origin", [&] { details.origin = answer.readString(); }},
        {"Lifetime", [&] { details.lifetime = answer.readString(); }},
        {"State", [&] { details.state = answer.readString(); }},
        {"Grants", [&] { details.grants = readGrants(answer); }},
        {"Nsid", [&] { details.nsid = answer.readInt32(); }},
        {"PublicPath", [&] { details.publicPath = answer.readString(); }},
        {"EtcFiles", [&] { details.etcFiles = answer.readStrings(); }},
        {"ControlGroup", [&] { details.controlGroup = answer.readString(); }},
        {"Cni", [&] { details.cni = answer.readString(); }},
    });
    return details;
}

Entrance readEntrance(SdMessage& answer) {
    Entrance entrance;
    answer.readArray("{sh}", [&] {
        answer.readContainer('e', "sh", [&] {
            const auto key = answer.readString();
            (key == "view" ? entrance.view : entrance.fds[namespaceTypeFromWord(key)]) = answer.readFd();
        });
    });
    return entrance;
}

std::vector<Holder> readHolders(SdMessage& answer) {
    std::vector<Holder> holders;
    answer.readArray("a{sv}", [&] {
        Holder holder;
        answer.readOptions([&](const std::string& key) {
            if (key == "pid") {
                holder.pid = answer.readUint32();
                return true;
            }
            std::string* text = key == "kind"     ? &holder.kind
                                : key == "comm"   ? &holder.comm
                                : key == "type"   ? &holder.type
                                : key == "detail" ? &holder.detail
                                                  : nullptr;
            if (text == nullptr)
                return false;
            *text = answer.readString();
            return true;
        });
        holders.push_back(std::move(holder));
    });
    return holders;
}

DestroyResult readDestroyResult(SdMessage& answer) {
    DestroyResult result;
    answer.readOptions([&](const std::string& key) {
        if (key == "released")
            result.released = answer.readString();
        else if (key == "holders")
            result.holders = readHolders(answer);
        else if (key == "warnings")
            result.warnings = answer.readStrings();
        else
            return false;
        return true;
    });
    return result;
}

DaemonStatus readStatus(SdMessage& answer) {
    DaemonStatus status;
    answer.readOptions([&](const std::string& key) {
        if (key == "Version")
            status.version = answer.readString();
        else if (key == "SupportedTypes")
            status.types = answer.readStrings();
        else if (key == "NamespaceCount")
            status.namespaces = answer.readUint32();
        else if (key == "Sequence")
            status.sequence = answer.readUint64();
        else
            return false;
        return true;
    });
    return status;
}

} // namespace nsd::client
