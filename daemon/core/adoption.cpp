// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/adoption.hpp"

#include "common/quote.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/publication.hpp"

#include <cerrno>
#include <string>
#include <utility>

namespace nsd {

void Adoption::start(Core& core, AdoptRequest&& request, std::uint64_t digest, Completion<Uuid> done) {
    core.operations.start<Adoption>(core, std::move(request), digest, std::move(done)).begin();
}

Adoption::Adoption(Core& core, AdoptRequest&& request, std::uint64_t digest, Completion<Uuid> done)
    : core_(core),
      arrival_(core, request.request, std::move(done)),
      adopted_(std::move(request)),
      digest_(digest) {}

void Adoption::begin() {
    const auto& fds = adopted_.fds.all();
    if (const auto pid = fds.find(NamespaceType::Pid); pid != fds.end()) {
        core_.kernel.searchInit(pid->second.get(), then(*this, &Adoption::onInit));
        return;
    }
    core_.loop.post(then(*this, &Adoption::prepare));
}

void Adoption::onInit(Outcome<std::optional<InitProcess>> outcome) {
    if (!outcome.ok()) {
        undo(outcome.error());
        return;
    }
    init_ = std::move(outcome).value();
    if (init_)
        prepare();
    else
        undo(Error(Errc::Degraded, "process 1 of the pid namespace is dead or not to be seen from here: it "
                                   "takes no process any more"));
}

void Adoption::prepare() {
    if (core_.etc.isWanted(adopted_.request))
        core_.etc.make(adopted_.request, then(*this, &Adoption::onEtc));
    else
        finishOrUndo();
}

void Adoption::onEtc(Outcome<MadeEtc> outcome) {
    if (!outcome.ok()) {
        undo(outcome.error());
        return;
    }
    etc_ = std::move(outcome).value();
    finishOrUndo();
}

void Adoption::finishOrUndo() {
    try {
        publish();
    } catch (const Error& error) {
        undo(error);
        return;
    }
    finish(uuid_);
}

void Adoption::publish() {
    checkUnnamed();
    directory_ = core_.store.stage(uuid_);
    auto published = record();
    core_.etc.place(etc_, directory_.get(), published);
    // Before the pins: whoever finds these here must not take process 1 for one of nsd's.
    PinStore::writeMeta(directory_.get(), writeMeta(published, core_.bootId));
    for (const auto& [type, fd] : adopted_.fds.all())
        pin(type, fd.get());
    core_.publish(uuid_, std::move(published), init_, adopted_.request.by);
    const auto pinned = adopted_.fds.take(); // which are not the last references any more
}

void Adoption::checkUnnamed() const {
    if (const auto named = core_.registry.findAny(adopted_.facts.identities))
        throw Error(Errc::NameExists, "the " + std::string(toWord(named->type)) +
                                          " namespace has a name already: " + quoted(named->name));
}

void Adoption::pin(NamespaceType type, int nsFd) {
    try {
        core_.kernel.bindPin(nsFd, directory_.get(), std::string(toWord(type)));
    } catch (const Error& error) {
        if (type != NamespaceType::Mnt || error.errnoValue() != EINVAL)
            throw;
        throw Error(Errc::KernelError,
            "the kernel does not pin this mnt namespace from nsd's own: it must be younger than that, and "
            "not lie above it (" +
                error.text() + ")",
            EINVAL);
    }
}

NamespaceRecord Adoption::record() const {
    auto record = newRecord(adopted_.request, digest_, uuid_, core_.loop.now());
    record.origin = Origin::Adopted;
    record.identities = adopted_.facts.identities;
    record.foreign = adopted_.facts.foreign;
    record.userNamespaceOwner = adopted_.facts.userNamespaceOwner;
    record.initPid = init_ ? init_->pid : 0;
    record.number = numberOf(core_, adopted_.fds.all());
    return record;
}

void Adoption::undo(const Error& error) {
    Dismantling::start(core_,
        {.area = PinStore::Area::Stage,
            .uuid = uuid_,
            .directory = std::move(directory_),
            .fds = adopted_.fds.take(),
            .init = std::nullopt,
            .endInit = false,
            .controlGroup = {},
            .deadline = core_.loop.now()},
        [this, alive = weak_from_this(), error](const auto& /*released*/) {
            if (const auto self = alive.lock())
                finish(error);
        });
}

void Adoption::finish(const Outcome<Uuid>& outcome) {
    arrival_.finish(*this, outcome);
}

} // namespace nsd
