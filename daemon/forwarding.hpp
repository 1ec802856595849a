// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/uuid.hpp"
#include "daemon/core/declarations.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/kernel/spawn.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace nsd {

// Runs `nsctl forward` for each declared namespace whose file says so, for as long as the namespace is there:
// started anew where it fails, with the daemon at its start, and with the daemon at its end.
class Forwarding final : public Events {
  public:
    struct Parts {
        Loop& loop;
        Log& log;
        Namespaces& namespaces;
        std::string program; // nsctl
        std::string bus;     // address; empty: the system bus
    };
    explicit Forwarding(Parts parts);
    ~Forwarding() override;

    using Ports = std::vector<std::string>;
    using PortsByName = std::map<std::string, Ports>;
    [[nodiscard]] static PortsByName portsIn(const Definitions& definitions);
    // What the files declare from now on. A program whose ports are others now is started anew.
    void declare(PortsByName declared);

    void added(const NamespaceRecord& record, const MaybeRequester& by) override;
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& record, std::string_view what) override;

  private:
    struct Run {
        std::string name;
        Ports ports;
        SpawnedProcess process;
        Loop::SourcePtr next;              // its end, or the time of the next try
        std::chrono::microseconds pause{}; // before the next try
        std::chrono::microseconds since{}; // CLOCK_BOOTTIME
    };
    void consider(const NamespaceRecord& record);
    void start(const Uuid& uuid);
    void onExit(const Uuid& uuid, int status);
    void later(const Uuid& uuid, const std::string& why);
    void stop(const Uuid& uuid);

    Parts parts_;
    PortsByName declared_;
    std::map<Uuid, Run> runs_;
};

} // namespace nsd
