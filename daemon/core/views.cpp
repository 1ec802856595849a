// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/views.hpp"

#include "common/error.hpp"
#include "daemon/core/etc_custody.hpp"
#include "daemon/core/went_away.hpp"

#include <chrono>
#include <map>
#include <utility>
#include <vector>

namespace nsd {

bool needsView(NamespaceTypes joined) noexcept {
    return joined.contains(NamespaceType::Net) && !joined.contains(NamespaceType::Mnt);
}

class Views::Impl {
  public:
    Impl(Loop& loop, ViewMaker& maker, Kernel& kernel, Namespaces& namespaces)
        : loop_(loop), maker_(maker), kernel_(kernel), namespaces_(namespaces) {}

    // Of a namespace; true: the one that belongs to its user namespace.
    using Key = std::pair<Uuid, bool>;

    void open(const Key& key, Completion<UniqueFd> done);
    void made(const Key& key, Outcome<UniqueFd> outcome);
    void forget(const Uuid& uuid);

    Loop& loop_;
    ViewMaker& maker_;
    Kernel& kernel_;
    Namespaces& namespaces_;

  private:
    void make(const Key& key);
    void retire(UniqueFd view);
    // In a turn of its own: who is answered may do anything.
    void refuse(Completion<UniqueFd> done, const Error& error);
    void give(const Key& key, Completion<UniqueFd> done);
    [[nodiscard]] Outcome<UniqueFd> duplicate(const Key& key) const;

    struct Entry {
        UniqueFd view{};
        std::vector<Completion<UniqueFd>> waiting{}; // while it is being made
    };
    std::map<Key, Entry> entries_;
    std::shared_ptr<Impl> self_{this, [](Impl*) {}}; // for what may be answered after this
};

void Views::Impl::open(const Key& key, Completion<UniqueFd> done) {
    auto& entry = entries_[key];
    if (entry.view) {
        if (const auto* const record = namespaces_.findByUuid(key.first))
            namespaces_.etc().refresh(*record); // who starts something sees the host's files as they are
        give(key, std::move(done));
        return;
    }
    entry.waiting.push_back(std::move(done));
    if (entry.waiting.size() == 1)
        make(key);
}

void Views::Impl::make(const Key& key) {
    try {
        const auto& [uuid, withUser] = key;
        NamespaceTypes types{NamespaceType::Net};
        if (withUser)
            types.insert(NamespaceType::User);
        auto fds = namespaces_.open(uuid, types);
        const auto& record = *namespaces_.findByUuid(uuid);
        ViewOrder order{.net = std::move(fds.at(NamespaceType::Net)),
            .etc = namespaces_.etc().copy(record),
            .etcFiles = record.etcFiles};
        if (withUser)
            order.user = std::move(fds.at(NamespaceType::User));
        maker_.makeView(
            std::move(order), [weak = std::weak_ptr<Impl>(self_), key](Outcome<UniqueFd> outcome) {
                if (const auto self = weak.lock())
                    self->made(key, std::move(outcome));
            });
    } catch (const Error& error) {
        made(key, error);
    }
}

void Views::Impl::made(const Key& key, Outcome<UniqueFd> outcome) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) { // destroyed meanwhile, and those who waited have been told
        if (outcome.ok())
            retire(std::move(outcome).value());
        return;
    }
    auto waiting = std::exchange(found->second.waiting, {});
    if (!outcome.ok()) {
        entries_.erase(found);
        for (auto& done : waiting)
            refuse(std::move(done), outcome.error());
        return;
    }
    found->second.view = std::move(outcome).value();
    for (auto& done : waiting)
        give(key, std::move(done));
}

void Views::Impl::refuse(Completion<UniqueFd> done, const Error& error) {
    loop_.post([done = std::move(done), error] { done(error); });
}

// Of the turn in which it is given: what was opened in an earlier one may be the last that is left of it, and
// is not to be closed here.
void Views::Impl::give(const Key& key, Completion<UniqueFd> done) {
    loop_.post([weak = std::weak_ptr<Impl>(self_), key, done = std::move(done)] {
        if (const auto self = weak.lock())
            done(self->duplicate(key));
    });
}

Outcome<UniqueFd> Views::Impl::duplicate(const Key& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || !found->second.view)
        return wentAway();
    try {
        return found->second.view.duplicate();
    } catch (const Error& error) {
        return error;
    }
}

void Views::Impl::forget(const Uuid& uuid) {
    for (const bool withUser : {false, true}) {
        const auto found = entries_.find({uuid, withUser});
        if (found == entries_.end())
            continue;
        auto entry = std::move(found->second);
        entries_.erase(found);
        if (entry.view)
            retire(std::move(entry.view));
        for (auto& done : entry.waiting)
            refuse(std::move(done), wentAway());
    }
}

// It may be the last reference to what is mounted inside.
void Views::Impl::retire(UniqueFd view) {
    std::map<NamespaceType, UniqueFd> fds;
    fds.emplace(NamespaceType::Mnt, std::move(view));
    kernel_.retire(std::move(fds), std::chrono::microseconds(0), [](const auto& /*released*/) {});
}

Views::Views(Loop& loop, ViewMaker& maker, Kernel& kernel, Namespaces& namespaces)
    : impl_(std::make_unique<Impl>(loop, maker, kernel, namespaces)) {
    namespaces.attach(this);
}

Views::~Views() {
    impl_->namespaces_.detach(this);
}

bool Views::isHost(int mountNamespace) const {
    const auto identity = impl_->kernel_.identify(mountNamespace);
    if (identity.type != NamespaceType::Mnt)
        throw Error(Errc::WrongFd,
            "the descriptor is a namespace of type " + std::string(toWord(identity.type)) + ", and not mnt");
    return identity.sameAs(impl_->maker_.hostMounts());
}

void Views::open(const Uuid& uuid, NamespaceTypes joined, Completion<UniqueFd> done) {
    impl_->open({uuid, joined.contains(NamespaceType::User)}, std::move(done));
}

void Views::removed(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    impl_->forget(record.uuid);
}

} // namespace nsd
