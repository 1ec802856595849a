// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/dismantling.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nsd {

void Dismantling::start(Core& core, Order order, Finished finished) {
    core.operations.start<Dismantling>(core, std::move(order), std::move(finished)).leaveNetworks();
}

Dismantling::Dismantling(Core& core, Order order, Finished finished)
    : core_(core), order_(std::move(order)), finished_(std::move(finished)) {}

// As long as there is a network namespace to take it out of.
void Dismantling::leaveNetworks() {
    if (!order_.directory || !NetworkAttachments::isAttached(order_.directory.get())) {
        settleInit();
        return;
    }
    detachingSince_ = core_.loop.now();
    core_.networks.detach({order_.directory.get(), PinStore::pathOf(order_.area, order_.uuid)},
        order_.fds.contains(NamespaceType::Net), then(*this, &Dismantling::onDetached));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void Dismantling::onDetached(Outcome<Done> outcome) {
    if (!outcome.ok()) {
        complain("take down its network", outcome.error());
        ended_.warnings.push_back(outcome.error().text());
    }
    order_.deadline += core_.loop.now() - detachingSince_; // it is for the kernel, not for plugins
    settleInit();
}

// Before the pins go: a successor of a killed daemon finds the init through the pid pin.
void Dismantling::settleInit() {
    const auto pid = order_.fds.find(NamespaceType::Pid);
    if (!order_.init || order_.endInit || pid == order_.fds.end()) {
        endOrLinger(order_.endInit);
        return;
    }
    try {
        core_.kernel.countMembers(
            {{core_.kernel.identify(pid->second.get())}}, then(*this, &Dismantling::onCounted));
    } catch (const Error& error) {
        onCounted(error);
    }
}

void Dismantling::onCounted(Outcome<std::vector<std::uint32_t>> outcome) {
    if (!outcome.ok())
        complain("count its members", outcome.error());
    // Not known means that there may be some, and nobody is killed without force.
    endOrLinger(outcome.ok() && outcome.value() == std::vector<std::uint32_t>{0});
}

void Dismantling::endOrLinger(bool end) {
    try {
        if (order_.init && end)
            core_.kernel.endInit(*order_.init);
        else if (order_.init)
            core_.kernel.lingerInit(*order_.init);
    } catch (const Error& error) {
        complain("tell its init to end", error);
    }
    // A process's struct pid refers to its pid namespace, and a pidfd to that.
    order_.init.reset();
    if (order_.directory)
        removeFiles();
    releaseKernel();
}

void Dismantling::removeFiles() {
    // All types: a directory from an earlier life may have pins that nobody recorded.
    bool unpinned = true;
    for (const auto type : allNamespaceTypes)
        unpinned = removePin(type) && unpinned;
    if (!removeEtc() || !unpinned)
        return; // the next start finds it whole, with the record of its init
    try {
        core_.store.discard(order_.area, order_.uuid, order_.directory.get());
    } catch (const Error& error) {
        complain("remove its directory", error);
        if (error.errnoValue() == ENOTEMPTY)
            putAside();
    }
}

bool Dismantling::removePin(NamespaceType type) {
    try {
        core_.kernel.removePin(order_.directory.get(), std::string(toWord(type)));
        return true;
    } catch (const Error& error) {
        complain("remove the pin of type " + std::string(toWord(type)), error);
        return false;
    }
}

bool Dismantling::removeEtc() {
    try {
        core_.etc.remove(order_.directory.get());
        return true;
    } catch (const Error& error) {
        complain("remove its /etc", error);
        return false;
    }
}

// Somebody put something of his own into it, which is not nsd's to delete.
void Dismantling::putAside() {
    try {
        const auto leaf = core_.store.quarantine(order_.area, order_.uuid.str());
        core_.log.warning("what was left of namespace " + order_.uuid.str() + " is in .quarantine/" + leaf);
    } catch (const Error& error) {
        complain("put aside what was left", error);
    }
}

void Dismantling::releaseKernel() {
    const auto patience = std::max(order_.deadline - core_.loop.now(), std::chrono::microseconds{0});
    core_.kernel.retire(std::move(order_.fds), patience, then(*this, &Dismantling::onReleased));
}

void Dismantling::onReleased(Outcome<std::map<NamespaceType, Released>> outcome) {
    if (outcome.ok())
        ended_.released = std::move(outcome).value();
    else
        complain("release it", outcome.error());
    if (!order_.controlGroup.empty())
        core_.kernel.removeControlGroup(order_.controlGroup);
    const auto finished = std::move(finished_);
    auto ended = std::move(ended_);
    core_.operations.finish(*this);
    finished(std::move(ended));
}

void Dismantling::complain(const std::string& step, const Error& error) {
    core_.log.warning(
        "namespace " + order_.uuid.str() + " ended, but could not " + step + ": " + error.text());
}

} // namespace nsd
