// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/dbus_client.hpp"

#include "client/bus/link_forms.hpp"
#include "client/bus/wire_forms.hpp"
#include "common/error.hpp"
#include "common/nsfs.hpp"
#include "common/quote.hpp"
#include "dbus/names.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <iterator>
#include <thread>
#include <utility>

namespace nsd::client {
namespace {

// Comes just before this name in the order of List, and is none: no name has a '~'.
std::string justBefore(std::string name) {
    --name.back();
    return name + '~';
}

void writeGrant(SdMessage& call, const std::string& name, const Grant& grant) {
    call.addString(name);
    call.addString(grant.kind);
    call.addUint32(grant.id);
    call.addStrings(grant.rights);
}

constexpr std::chrono::minutes pluginsPatience{10};

} // namespace

DbusClient::DbusClient(std::vector<BusAddress> buses, Manners manners)
    : connection_(std::move(buses), manners) {}

SdMessage DbusClient::callManager(
    const char* member, const BusConnection::Fill& fill, std::chrono::microseconds patience) {
    return connection_.call({dbus::managerPath, dbus::managerInterface, member}, fill, patience);
}

std::string DbusClient::pathOf(const std::string& name) {
    return callManager("Get", [&](SdMessage& call) { call.addString(name); }).readPath();
}

SdMessage DbusClient::allProperties(const std::string& path, const char* interface) {
    return connection_.call(
        {path, dbus::propertiesInterface, "GetAll"}, [&](SdMessage& call) { call.addString(interface); });
}

std::string DbusClient::create(const std::string& name, NamespaceTypes types, const CreateOptions& options) {
    const auto write = [&](SdMessage& call) {
        call.addString(name);
        call.addStrings(toWords(types));
        writeCreateOptions(call, options);
    };
    // Plugins have a time of their own each, which nsd knows.
    auto answer =
        callManager("Create", write, options.cni.empty() ? std::chrono::microseconds(0) : pluginsPatience);
    return answer.readPath();
}

std::string DbusClient::adopt(
    const std::string& name, const NamespaceFds& fds, const CreateOptions& options) {
    auto answer = callManager("Adopt", [&](SdMessage& call) {
        call.addString(name);
        call.add('a', "{sh}", [&] {
            for (const auto& [type, fd] : fds)
                call.add('e', "sh", [&, t = type, raw = fd.get()] {
                    call.addString(std::string(toWord(t)));
                    call.addFd(raw);
                });
        });
        writeCreateOptions(call, options);
    });
    return answer.readPath();
}

UniqueFd DbusClient::openSocket(const std::string& name, int family, int type) {
    auto answer = callManager("OpenSocket", [&](SdMessage& call) {
        call.addString(name);
        call.addInt32(family);
        call.addInt32(type);
        call.addInt32(0);
        call.addOptions([] {});
    });
    return answer.readFd();
}

std::vector<ListedNamespace> DbusClient::listPage(const Page& page) {
    auto answer = callManager("List", [&](SdMessage& call) {
        call.addOptions([&] {
            call.addOption("limit", "u", [&] { call.addUint32(page.size); });
            if (!page.after.empty())
                call.addOption("after", "s", [&] { call.addString(page.after); });
            if (!page.filter.empty())
                call.addOption("label", "a{ss}", [&] { call.addStringMap(page.filter); });
            if (page.with != nullptr)
                call.addOption("with", "as", [&] { call.addStrings({page.with}); });
        });
    });
    return readListed(answer);
}

std::vector<ListedNamespace> DbusClient::listAll(Page page) {
    std::vector<ListedNamespace> all;
    for (;;) {
        auto rows = listPage(page);
        const bool end = rows.size() < page.size;
        std::move(rows.begin(), rows.end(), std::back_inserter(all));
        if (end)
            return all;
        page.after = all.back().name;
    }
}

std::vector<ListedNamespace> DbusClient::list(const Labels& filter) {
    return listAll({.filter = filter});
}

std::vector<ListedNamespace> DbusClient::listWithLinks(const Labels& filter) {
    return listAll({.filter = filter, .with = "link-details"});
}

std::vector<ListedNamespace> DbusClient::listWithProcesses() {
    return listAll({.with = "processes"});
}

ListedNamespace DbusClient::rowOf(const std::string& name, const char* with) {
    auto rows = name.empty() ? std::vector<ListedNamespace>()
                             : listPage({.after = justBefore(name), .with = with, .size = 1});
    if (rows.empty() || rows.front().name != name)
        throw Error(Errc::NoSuchNamespace, "there is no namespace " + quoted(name));
    return std::move(rows.front());
}

ListedNamespace DbusClient::listWithLinks(const std::string& name) {
    return rowOf(name, "link-details");
}

// Between two calls it can go: then that is what is said, and not that the bus knows no such object.
SdMessage DbusClient::propertiesOf(const std::string& name, const std::string& path) {
    try {
        return allProperties(path, dbus::namespaceInterface);
    } catch (const Unanswered&) {
        throw;
    } catch (const Error&) {
        static_cast<void>(pathOf(name));
        throw;
    }
}

NamespaceDetails DbusClient::show(const std::string& name) {
    const auto path = pathOf(name);
    auto answer = propertiesOf(name, path);
    auto details = readDetails(answer);
    details.path = path;
    return details;
}

Entrance DbusClient::enter(const std::string& name, NamespaceTypes types) {
    const UniqueFd ownMounts(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
    auto answer = callManager("Enter", [&](SdMessage& call) {
        call.addString(name);
        call.addStrings(toWords(types));
        call.addOptions([&] {
            if (ownMounts)
                call.addOption("view", "h", [&] { call.addFd(ownMounts.get()); });
        });
    });
    auto entrance = readEntrance(answer);
    // One more question, and only where its answer is of use.
    if (const auto fd = entrance.fds.find(NamespaceType::Cgroup); fd != entrance.fds.end())
        entrance.controlGroup = controlGroupOf(name, fd->second.get());
    return entrance;
}

std::string DbusClient::controlGroupOf(const std::string& name, int cgroupFd) {
    const auto details = show(name);
    const auto inode = details.inodes.find("cgroup");
    if (inode == details.inodes.end() || inode->second != identifyNamespace(cgroupFd).inode)
        throw Error(Errc::NoSuchNamespace, "another namespace took this name meanwhile: try again");
    return details.controlGroup;
}

StartedCommand DbusClient::exec(
    const std::string& name, const std::vector<std::string>& argv, const ExecOptions& options) {
    auto answer = callManager("Exec", [&](SdMessage& call) {
        call.addString(name);
        call.addStrings(argv);
        writeExecOptions(call, options);
    });
    auto path = answer.readPath();
    return {std::move(path), answer.readFd()};
}

void DbusClient::signalCommand(const std::string& path, int signal) {
    static_cast<void>(connection_.call(
        {path, dbus::processInterface, "Kill"}, [&](SdMessage& call) { call.addInt32(signal); }));
}

std::optional<CommandEnd> DbusClient::waitForCommand(const std::string& path) {
    try {
        auto answer = connection_.call({path, dbus::processInterface, "Wait"}, [](SdMessage&) {});
        const auto code = answer.readInt32();
        return CommandEnd{code, answer.readInt32()};
    } catch (const Unanswered&) {
        throw;
    } catch (const Error& error) {
        if (error.code() != Errc::TimedOut)
            throw;
        return std::nullopt;
    }
}

std::pair<std::string, std::string> DbusClient::identify(int fd) {
    auto answer = callManager("Identify", [&](SdMessage& call) { call.addFd(fd); });
    auto name = answer.readString();
    return {std::move(name), answer.readString()};
}

std::map<std::string, std::string> DbusClient::identifyProcess(int pidfd) {
    return callManager("IdentifyProcess", [&](SdMessage& call) { call.addFd(pidfd); }).readStringMap();
}

void DbusClient::rename(const std::string& from, const std::string& to) {
    static_cast<void>(callManager("Rename", [&](SdMessage& call) {
        call.addString(from);
        call.addString(to);
    }));
}

void DbusClient::setLabels(const std::string& path, const Labels& labels) {
    static_cast<void>(connection_.call(
        {path, dbus::namespaceInterface, "SetLabels"}, [&](SdMessage& call) { call.addStringMap(labels); }));
}

void DbusClient::moveLink(const std::string& name, const std::string& link, const std::string& as) {
    static_cast<void>(callManager("MoveLink", [&](SdMessage& call) {
        call.addString(name);
        call.addString(link);
        writeLinkName(call, as);
    }));
}

void DbusClient::returnLink(const std::string& name, const std::string& link, const std::string& as) {
    static_cast<void>(callManager("ReturnLink", [&](SdMessage& call) {
        call.addString(name);
        call.addString(link);
        writeLinkName(call, as);
    }));
}

void DbusClient::addLink(const std::string& name, const LinkRequest& link) {
    static_cast<void>(callManager("AddLink", [&](SdMessage& call) {
        call.addString(name);
        writeLink(call, link);
    }));
}

void DbusClient::grant(const std::string& name, const Grant& grant) {
    static_cast<void>(callManager("Grant", [&](SdMessage& call) { writeGrant(call, name, grant); }));
}

void DbusClient::revoke(const std::string& name, const Grant& grant) {
    static_cast<void>(callManager("Revoke", [&](SdMessage& call) { writeGrant(call, name, grant); }));
}

UniqueFd DbusClient::hold(const std::string& name) {
    auto answer = callManager("Hold", [&](SdMessage& call) {
        call.addString(name);
        call.addOptions([] {});
    });
    return answer.readFd();
}

DestroyResult DbusClient::destroy(const std::string& name, const DestroyOptions& options) {
    const auto write = [&](SdMessage& call) {
        call.addString(name);
        call.addOptions([&] {
            if (options.force)
                call.addOption("force", "b", [&] { call.addBool(true); });
            if (options.timeout)
                call.addOption("timeout", "t",
                    [&] { call.addUint64(static_cast<std::uint64_t>(options.timeout->count())); });
        });
    };
    auto answer = callManager("Destroy", write, options.timeout.value_or(std::chrono::microseconds(0)));
    return readDestroyResult(answer);
}

std::vector<Holder> DbusClient::holders(const std::string& name) {
    auto answer = callManager("Holders", [&](SdMessage& call) { call.addString(name); });
    return readHolders(answer);
}

std::uint32_t DbusClient::countProcesses(const std::string& name) {
    return rowOf(name, "processes").processes.value_or(0);
}

void DbusClient::subscribe() {
    connection_.subscribe(std::string("type='signal',sender='") + dbus::serviceName + "',path='" +
                          dbus::managerPath + "',interface='" + dbus::managerInterface + "'");
    connection_.subscribe(std::string("type='signal',sender='") + dbus::busName + "',interface='" +
                          dbus::busName + "',member='NameOwnerChanged',arg0='" + dbus::serviceName + "'");
}

std::optional<Event> DbusClient::nextEvent(std::chrono::microseconds limit) {
    // A bus that dies with nsd says nothing of it, and has to be looked for.
    if (!connection_.isOpen()) {
        if (std::exchange(there_, false))
            return Event{0, "lost", "", ""};
        if (connection_.reopen()) {
            there_ = true;
            return Event{0, "back", "", ""};
        }
        constexpr std::chrono::microseconds pause{200'000};
        std::this_thread::sleep_for(std::min(limit, pause));
        return std::nullopt;
    }
    const auto deadline = std::chrono::steady_clock::now() + limit;
    // The bus itself says things, too.
    while (auto message = connection_.nextMessage(std::chrono::duration_cast<std::chrono::microseconds>(
               deadline - std::chrono::steady_clock::now()))) {
        auto event = readEvent(*message);
        if (event && isNews(*event))
            return event;
    }
    return std::nullopt;
}

// Both ways of hearing of it may say that nsd is lost, or back.
bool DbusClient::isNews(const Event& event) noexcept {
    const bool there = event.what != "lost";
    const bool before = std::exchange(there_, there);
    return there != before || (event.what != "lost" && event.what != "back");
}

DaemonStatus DbusClient::status() {
    auto answer = allProperties(dbus::managerPath, dbus::managerInterface);
    auto status = readStatus(answer);
    status.bus = connection_.address();
    return status;
}

} // namespace nsd::client
