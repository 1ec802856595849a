// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/log_control_object.hpp"

#include "common/quote.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"

#include <utility>

namespace nsd::bus {

LogControlObject::LogControlObject(sdbus::IConnection& connection, LogControl& control, Audit& audit)
    : AdaptorInterfaces(connection, dbus::PathArg(dbus::logControlPath)),
      control_(control),
      audit_(audit),
      callers_(connection, {}),
      sets_(dbus::takePropertySets(
          connection, dbus::logControlPath, dbus::logControlInterface, [this](const dbus::PropertySet& set) {
              callers_.ask(
                  set.sender(), [this, set](Outcome<Caller> caller) { decide(set, std::move(caller)); });
          })) {
    registerAdaptor();
}

LogControlObject::~LogControlObject() {
    unregisterAdaptor();
}

void LogControlObject::decide(const dbus::PropertySet& set, Outcome<Caller> caller) {
    AuditRecord decision;
    decision.right = Right::Admin;
    decision.method = "LogControl1.Set"; // the property is the client's word
    if (caller.ok())
        decision.caller = std::move(caller).value();
    decision.allowed = decision.caller.uid == 0;
    decision.why = decision.allowed ? "root" : "how nsd logs is for root alone to change";
    audit_.record(decision);
    try {
        if (!decision.allowed)
            throw Error(Errc::AccessDenied, decision.why);
        change(set.property(), set.text());
        set.answer();
    } catch (const Error& error) {
        set.fail(error);
    }
}

void LogControlObject::change(const std::string& property, const std::string& word) {
    if (property == "LogLevel")
        control_.setLogLevel(word);
    else if (property == "LogTarget")
        control_.setLogTarget(word);
    else
        throw Error(Errc::InvalidArgument, quoted(property) + " cannot be set");
}

std::string LogControlObject::LogLevel() {
    return std::string(control_.logLevel());
}

std::string LogControlObject::LogTarget() {
    return std::string(control_.logTarget());
}

std::string LogControlObject::SyslogIdentifier() {
    return "nsd";
}

void LogControlObject::LogLevel(const std::string& /*value*/) {
    throw dbus::toBusError(Error(Errc::AccessDenied, "nobody is known to have called"));
}

void LogControlObject::LogTarget(const std::string& /*value*/) {
    throw dbus::toBusError(Error(Errc::AccessDenied, "nobody is known to have called"));
}

} // namespace nsd::bus
