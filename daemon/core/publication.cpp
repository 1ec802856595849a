// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/publication.hpp"

#include "common/quote.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/net_register.hpp"

#include <exception>
#include <utility>
#include <vector>

namespace nsd {
namespace {

NetRegister& registerOf(const Core& core) {
    if (core.netRegister == nullptr)
        throw Error(Errc::InvalidArgument, "this nsd shows its namespaces to nobody else");
    return *core.netRegister;
}

void tryHide(Core& core, const Name& name, const NamespaceIdentity& net) noexcept {
    try {
        registerOf(core).hide(name, net);
    } catch (const std::exception& error) {
        core.log.warning("the public name " + quoted(name.str()) + " stays: " + error.what());
    }
}

void tryWriteMeta(Core& core, const NamespaceRecord& record) noexcept {
    try {
        core.store.replaceMeta(record.name, writeMeta(record, core.bootId));
    } catch (const std::exception& error) {
        core.log.warning("the public names of " + quoted(record.name.str()) +
                         " are put right at the next start: " + error.what());
    }
}

} // namespace

std::unique_ptr<ScopeGuard> showPublicName(
    Core& core, const NamespaceRecord& record, const std::map<NamespaceType, UniqueFd>& fds) {
    if (record.publicNames.empty())
        return std::make_unique<ScopeGuard>(nullptr);
    const auto net = record.identities.at(NamespaceType::Net);
    registerOf(core).show(fds.at(NamespaceType::Net).get(), record.name);
    return std::make_unique<ScopeGuard>([&core, name = record.name, net] { tryHide(core, name, net); });
}

void hidePublicNames(Core& core, const NamespaceRecord& record) noexcept {
    if (const auto net = record.identities.find(NamespaceType::Net); net != record.identities.end())
        hidePublicNames(core, record.publicNames, net->second);
}

void hidePublicNames(Core& core, const std::vector<Name>& names, const NamespaceIdentity& net) noexcept {
    for (const auto& name : names)
        tryHide(core, name, net);
}

std::unique_ptr<ScopeGuard> showUnder(Core& core, NamespaceRecord& record, const Name& to) {
    if (record.publicNames.empty())
        return std::make_unique<ScopeGuard>(nullptr);
    auto& all = registerOf(core);
    const auto net = record.identities.at(NamespaceType::Net);
    const bool shown = all.shows(record.name, net);
    record.publicNames.push_back(to);
    const auto forget = [&core, &record] {
        record.publicNames = {record.name};
        tryWriteMeta(core, record);
    };
    auto undo = std::make_unique<ScopeGuard>(forget);
    core.store.replaceMeta(record.name, writeMeta(record, core.bootId));
    if (!shown)
        return undo;
    all.show(core.store.openPin(record.name, net).get(), to);
    undo->dismiss();
    return std::make_unique<ScopeGuard>([&core, to, net, forget] {
        tryHide(core, to, net);
        forget();
    });
}

void settlePublicName(Core& core, NamespaceRecord& record) noexcept {
    const std::vector<Name> settled{record.name};
    if (record.publicNames.empty() || record.publicNames == settled)
        return;
    const auto net = record.identities.at(NamespaceType::Net);
    for (const auto& name : record.publicNames)
        if (name != record.name)
            tryHide(core, name, net);
    record.publicNames = settled;
    tryWriteMeta(core, record);
}

std::string publicPath(const Core& core, const NamespaceRecord& record) noexcept {
    try {
        if (!record.publicNames.empty() &&
            registerOf(core).shows(record.name, record.identities.at(NamespaceType::Net)))
            return registerOf(core).pathOf(record.name);
    } catch (const std::exception& error) {
        core.log.debug("the public name " + quoted(record.name.str()) + ": " + error.what());
    }
    return {};
}

std::optional<std::int32_t> numberOf(
    const Core& core, const std::map<NamespaceType, UniqueFd>& fds) noexcept {
    const auto net = fds.find(NamespaceType::Net);
    if (core.netRegister == nullptr || net == fds.end())
        return std::nullopt;
    try {
        return core.netRegister->number(net->second.get());
    } catch (const std::exception& error) {
        core.log.warning(std::string("no number for a network namespace: ") + error.what());
        return std::nullopt;
    }
}

} // namespace nsd
