// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/client_tracker.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/process_object.hpp"
#include "daemon/core/processes.hpp"

#include <cstdint>
#include <map>
#include <memory>

namespace nsd::bus {

// The objects of the processes, and the ties of those that end with their caller's connection. An
// object is freed once all its calls are answered, in a turn of the loop of its own.
class ProcessObjects final : public ProcessEvents {
  public:
    ProcessObjects(sdbus::IConnection& connection, Context& context);

    // Objects for the processes that are there already.
    void publishAll();

    void started(const ProcessRecord& process, const MaybeRequester& by) override;
    void ended(const ProcessRecord& process) override;
    void forgotten(std::uint64_t number) override;

  private:
    struct Entry {
        std::shared_ptr<ProcessObject> object;
        std::unique_ptr<ClientTracker::Watch> tie{};
    };
    [[nodiscard]] std::shared_ptr<ProcessObject> makeObject(std::uint64_t number);
    [[nodiscard]] std::unique_ptr<ClientTracker::Watch> tie(const ProcessRecord& process);
    void kill(std::uint64_t number) noexcept;

    sdbus::IConnection& connection_;
    Context& context_;
    std::map<std::uint64_t, Entry> entries_;
};

} // namespace nsd::bus
