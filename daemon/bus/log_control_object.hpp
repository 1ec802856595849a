// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log_control.hpp"
#include "daemon/bus/caller_directory.hpp"
#include "daemon/core/audit.hpp"
#include "dbus/property_set.hpp"
#include "generated/log_control_adaptor.hpp"

#include <string>

namespace nsd::bus {

// /org/freedesktop/LogControl1, for `systemctl service-log-level nsd`. Everybody may read it. Set reaches
// root alone by the policy of the bus, and is done for nobody whom the bus does not know as uid 0.
class LogControlObject final : public sdbus::AdaptorInterfaces<org::freedesktop::LogControl1_adaptor> {
  public:
    LogControlObject(sdbus::IConnection& connection, LogControl& control, Audit& audit);
    ~LogControlObject();
    LogControlObject(const LogControlObject&) = delete;
    LogControlObject& operator=(const LogControlObject&) = delete;

  private:
    std::string LogLevel() override;
    std::string LogTarget() override;
    std::string SyslogIdentifier() override;
    // Refuse: they do not know who calls, and what comes is taken before them.
    void LogLevel(const std::string& value) override;
    void LogTarget(const std::string& value) override;

    void decide(const dbus::PropertySet& set, Outcome<Caller> caller);
    void change(const std::string& property, const std::string& word);

    LogControl& control_;
    Audit& audit_;
    CallerDirectory callers_;
    sdbus::Slot sets_; // goes first
};

} // namespace nsd::bus
