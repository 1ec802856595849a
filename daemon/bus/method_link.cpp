// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_link.hpp"

#include "daemon/bus/link_options.hpp"
#include "daemon/bus/link_rights.hpp"
#include "daemon/bus/option_reader.hpp"

#include <utility>

namespace nsd::bus {
namespace {

std::string readName(std::string_view method, OptionMap given) {
    OptionReader options(method, std::move(given));
    auto name = options.takeText("name");
    options.finish();
    return name;
}

} // namespace

void moveLink(Context& context, const Call& call, const Uuid& target, std::string link, OptionMap options,
    const Reply<>& reply) {
    const auto name = readName("MoveLink", std::move(options));
    context.access.check(call, target,
        reply.then<Caller>([&context, target, link = std::move(link), name, reply](const Caller&) {
            context.namespaces.links().move(
                target, link, name, reply.then<Done>([reply](const Done&) { reply.send(); }));
        }));
}

void returnLink(Context& context, const Call& call, const Uuid& target, std::string link, OptionMap options,
    const Reply<>& reply) {
    const auto name = readName("ReturnLink", std::move(options));
    context.access.check(call, target,
        reply.then<Caller>([&context, target, link = std::move(link), name, reply](const Caller&) {
            context.namespaces.links().giveBack(
                target, link, name, reply.then<ReturnedLink>([reply](const ReturnedLink&) { reply.send(); }));
        }));
}

void addLink(
    Context& context, const Call& call, const Uuid& target, OptionMap options, const Reply<>& reply) {
    auto link = readLink(std::move(options));
    const auto peers = peersOf(context.namespaces, {link});
    std::optional<Uuid> peer;
    std::vector<Check> checks{{"AddLink", target}};
    if (!peers.empty()) {
        peer = peers.begin()->second;
        checks = {{"AddLink between", target}, {"AddLink between", *peer}};
    }
    checkEach(context, call, std::move(checks), reply,
        [&context, target, link = std::move(link), peer, reply](const Caller&) {
            context.namespaces.links().add(
                target, link, peer, reply.then<Done>([reply](const Done&) { reply.send(); }));
        });
}

} // namespace nsd::bus
