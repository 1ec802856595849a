// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/caller_directory.hpp"

#include "common/quote.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"
#include "dbus/vanished_names.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace nsd::bus {
namespace {

// How the bus describes a connection. Ids that it does not know are missing.
Caller readCredentials(const std::string& busName, sdbus::MethodReply& reply) {
    std::map<std::string, sdbus::Variant> credentials;
    reply >> credentials;
    Caller caller;
    caller.busName = busName;
    const auto uid = credentials.find("UnixUserID");
    if (uid == credentials.end())
        throw Error(Errc::AccessDenied, "the bus does not know the uid of " + quoted(busName));
    caller.uid = uid->second.get<std::uint32_t>();
    if (const auto pid = credentials.find("ProcessID"); pid != credentials.end())
        caller.pid = static_cast<pid_t>(pid->second.get<std::uint32_t>());
    if (const auto groups = credentials.find("UnixGroupIDs"); groups != credentials.end())
        caller.groups = groups->second.get<std::vector<std::uint32_t>>();
    return caller;
}

Outcome<Caller> callerFrom(const std::string& busName, sdbus::MethodReply* reply, const Error* error) {
    if (reply == nullptr)
        return Error(Errc::AccessDenied, "the bus did not say who " + quoted(busName) +
                                             " is: " + (error == nullptr ? "no answer" : error->text()));
    try {
        return readCredentials(busName, *reply);
    } catch (const Error& unclear) {
        return unclear;
    } catch (const std::exception& unclear) {
        return Error(Errc::AccessDenied,
            "the bus said something unclear about " + quoted(busName) + ": " + unclear.what());
    }
}

} // namespace

CallerDirectory::CallerDirectory(sdbus::IConnection& connection, Limits limits)
    : limits_(limits),
      bus_(dbus::makeProxy(connection, dbus::busName, dbus::busPath)),
      vanished_(dbus::onVanished(connection, [this](const std::string& name) { forget(name); })) {}

CallerDirectory::~CallerDirectory() = default;

void CallerDirectory::ask(const std::string& busName, CallerAnswer answer) {
    if (const auto known = known_.find(busName); known != known_.end()) {
        recent_.splice(recent_.begin(), recent_, known->second);
        // A copy: the answer may lead back here and make the directory forget.
        answer(Caller(recent_.front()));
        return;
    }
    const auto asked = waiting_.find(busName);
    if (asked != waiting_.end()) {
        asked->second.push_back(std::move(answer));
        return;
    }
    if (waiting_.size() >= limits_.asked) {
        answer(Error(Errc::LimitExceeded, "too many callers are unknown yet; try again"));
        return;
    }
    question(busName);
    waiting_[busName].push_back(std::move(answer));
}

void CallerDirectory::question(const std::string& busName) {
    auto call = dbus::makeCall(*bus_, dbus::busName, "GetConnectionCredentials");
    call << busName;
    ++questions_;
    dbus::callAsync(
        *bus_, call, limits_.patience, [this, busName](sdbus::MethodReply* reply, const Error* error) {
            answered(busName, callerFrom(busName, reply, error));
        });
}

void CallerDirectory::answered(const std::string& busName, const Outcome<Caller>& outcome) {
    const auto waiting = waiting_.extract(busName);
    if (waiting.empty())
        return;
    if (outcome.ok()) {
        auto copy = outcome;
        remember(copy.value());
    }
    for (const auto& answer : waiting.mapped())
        answer(outcome);
}

void CallerDirectory::remember(const Caller& caller) {
    recent_.push_front(caller);
    known_[caller.busName] = recent_.begin();
    if (recent_.size() > limits_.remembered) {
        known_.erase(recent_.back().busName);
        recent_.pop_back();
    }
}

void CallerDirectory::forget(const std::string& busName) {
    const auto known = known_.find(busName);
    if (known == known_.end())
        return;
    recent_.erase(known->second);
    known_.erase(known);
}

} // namespace nsd::bus
