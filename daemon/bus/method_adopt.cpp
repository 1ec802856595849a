// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_adopt.hpp"

#include "common/quote.hpp"
#include "daemon/bus/create_options.hpp"
#include "dbus/object_path.hpp"

#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

struct Adopting {
    CreateArguments arguments;
    OpenedNamespaces fds;
};

OpenedNamespaces takeFds(const FdMap& received) {
    OpenedNamespaces fds;
    for (const auto& [word, fd] : received)
        fds.emplace(namespaceTypeFromWord(word), dbus::takeFd(fd));
    return fds;
}

} // namespace

void adopt(Context& context, const Call& call, std::string name, const FdMap& received, OptionMap options,
    const Reply<sdbus::ObjectPath>& reply) {
    const auto adopting = std::make_shared<Adopting>(
        Adopting{readAdoptArguments(std::move(name), std::move(options)), takeFds(received)});
    const auto facts = context.namespaces.inspect(adopting->fds);
    for (const auto& [type, identity] : facts.identities)
        adopting->arguments.request.spec.types.insert(type);

    auto decided = [&context, adopting, reply](Outcome<Caller> verdict) {
        if (!verdict.ok()) {
            // The caller may be gone, and these the last references.
            context.kernel.retire(
                std::move(adopting->fds), std::chrono::microseconds{0}, [](const auto& /*released*/) {});
            reply.fail(verdict.error());
            return;
        }
        reply.guard([&] {
            completeFor(adopting->arguments, verdict.value());
            context.namespaces.adopt({std::move(adopting->arguments.request), std::move(adopting->fds)},
                reply.then<Uuid>(
                    [reply](const Uuid& uuid) { reply.send(sdbus::ObjectPath(dbus::objectPath(uuid))); }));
        });
    };
    context.access.check(
        facts.rightfulOwner ? call.onThatOf(*facts.rightfulOwner) : call, std::nullopt, std::move(decided));
}

} // namespace nsd::bus
