// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/client_tracker.hpp"

#include "dbus/compat.hpp"
#include "dbus/match_rules.hpp"
#include "dbus/names.hpp"

#include <chrono>
#include <utility>

namespace nsd::bus {
namespace {

constexpr std::chrono::seconds patience{25};

} // namespace

ClientTracker::ClientTracker(sdbus::IConnection& connection, Loop& loop)
    : loop_(loop),
      bus_(dbus::makeProxy(connection, dbus::busName, dbus::busPath)),
      vanished_(dbus::addMatch(connection, dbus::vanishedNamesRule(), [this](sdbus::Message& message) {
          try {
              std::string name;
              message >> name;
              left(name);
          } catch (const sdbus::Error&) { // NOLINT(bugprone-empty-catch): not the signal's signature
          }
      })) {}

ClientTracker::~ClientTracker() = default;

std::unique_ptr<ClientTracker::Watch> ClientTracker::watch(
    const std::string& busName, std::function<void()> gone) {
    // A name that is watched already was there when that began, or its question is under way.
    if (!watches_->contains(busName))
        askWhetherItIsThere(busName);
    auto callback = std::make_shared<const std::function<void()>>(std::move(gone));
    return std::unique_ptr<Watch>(new Watch(watches_, busName, std::move(callback)));
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
    for (const auto& gone : watches.mapped())
        loop_.post([weak = std::weak_ptr(gone)] {
            if (const auto alive = weak.lock()) // else the Watch went in between
                (*alive)();
        });
}

ClientTracker::Watch::Watch(const std::shared_ptr<Watches>& watches, std::string busName, Gone gone)
    : watches_(watches), busName_(std::move(busName)), gone_(std::move(gone)) {
    (*watches)[busName_].insert(gone_);
}

ClientTracker::Watch::~Watch() {
    const auto watches = watches_.lock();
    if (!watches)
        return;
    const auto mine = watches->find(busName_);
    if (mine == watches->end())
        return;
    mine->second.erase(gone_);
    if (mine->second.empty())
        watches->erase(mine);
}

} // namespace nsd::bus
