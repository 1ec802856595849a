// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_identify.hpp"

#include "common/unique_fd.hpp"

#include <memory>
#include <utility>

namespace nsd::bus {

void identify(Context& context, const Call& call, const sdbus::UnixFd& received,
    const Reply<std::string, std::string>& reply) {
    // Kept until the end: without a never-reused id the inode says something only while the
    // namespace is held.
    const auto fd = std::make_shared<const UniqueFd>(dbus::takeFd(received));
    const auto identity = context.kernel.identify(fd->get());
    context.access.check(
        call, std::nullopt, reply.then<Caller>([&context, fd, identity, reply](const Caller&) {
            const auto* const record = context.namespaces.identify(identity);
            if (record == nullptr)
                throw Error(Errc::NoSuchNamespace, "the " + std::string(toWord(identity.type)) +
                                                       " namespace with inode " +
                                                       std::to_string(identity.inode) + " has no name");
            reply.send(record->name.str(), std::string(toWord(identity.type)));
        }));
}

void identifyProcess(
    Context& context, const Call& call, const sdbus::UnixFd& received, const Reply<TextMap>& reply) {
    const auto pidfd = std::make_shared<const UniqueFd>(dbus::takeFd(received));
    context.access.check(
        call, std::nullopt, reply.then<Caller>([&context, pidfd, reply](const Caller& caller) {
            const auto process = context.kernel.namespacesOfProcess(pidfd->get());
            if (!isOwn(caller.uid, process.uid))
                throw Error(Errc::AccessDenied,
                    "uid " + std::to_string(caller.uid) + " may ask about its own processes alone");
            TextMap names;
            for (const auto& identity : process.namespaces)
                if (const auto* const record = context.namespaces.identify(identity))
                    names.emplace(toWord(identity.type), record->name.str());
            reply.send(names);
        }));
}

} // namespace nsd::bus
