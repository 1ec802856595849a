// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/client_tracker.hpp"

#include "dbus/compat.hpp"
#include "dbus/names.hpp"
#include "dbus/vanished_names.hpp"

#include <chrono>
#include <utility>

namespace nsd::bus {
namespace {

constexpr std::chrono::seconds patience{25};

} // namespace

ClientTracker::ClientTracker(sdbus::IConnection& connection, Loop& loop)
    : loop_(loop),
      bus_(dbus::makeProxy(connection, dbus::busName, dbus::busPath)),
      vanished_(dbus::onVanished(connection, [this](const std::string& name) { left(name); })) {}

ClientTracker::~ClientTracker() = default;

std::unique_ptr<ClientTracker::Watch> ClientTracker::watch(
    const std::string& busName, std::function<void()> gone) {
    // A name that is watched already was there when that began, or its question is under way.
    if (!watches_->contains(busName))
        askWhetherItIsThere(busName);
    auto watched = std::make_shared<Watched>(Watched{std::move(gone)});
    return std::unique_ptr<Watch>(new Watch(watches_, busName, std::move(watched)));
}

void ClientTracker::askWhetherItIsThere(const std::string& busName) {
    auto call = dbus::makeCall(*bus_, dbus::busName, "NameHasOwner");
    call << busName;
    dbus::callAsync(*bus_, call, patience, [this, busName](sdbus::MethodReply* reply, const Error*) {
        // Without an answer there is still the signal.
        bool isThere = true;
        try {
            if (reply != nullptr)
                *reply >> isThere;
        } catch (const sdbus::Error&) { // NOLINT(bugprone-empty-catch): not the method's signature
        }
        if (!isThere)
            left(busName);
    });
}

void ClientTracker::left(const std::string& busName) {
    const auto watches = watches_->extract(busName);
    if (watches.empty())
        return;
    for (const auto& watched : watches.mapped()) {
        watched->isThere = false;
        loop_.post([weak = std::weak_ptr(watched)] {
            if (const auto alive = weak.lock()) // else the Watch went in between
                alive->gone();
        });
    }
}

ClientTracker::Watch::Watch(const std::shared_ptr<Watches>& watches, std::string busName, WatchedPtr watched)
    : watches_(watches), busName_(std::move(busName)), watched_(std::move(watched)) {
    (*watches)[busName_].insert(watched_);
}

ClientTracker::Watch::~Watch() {
    const auto watches = watches_.lock();
    if (!watches)
        return;
    const auto mine = watches->find(busName_);
    if (mine == watches->end())
        return;
    mine->second.erase(watched_);
    if (mine->second.empty())
        watches->erase(mine);
}

} // namespace nsd::bus
