// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"
#include "generated/process_adaptor.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace nsd::bus {

// /org/nsd1/process/N. Holds nothing but the number; the process table owns it, and calls under way
// have a share in it.
class ProcessObject final : public sdbus::AdaptorInterfaces<org::nsd1::Process_adaptor>,
                            public std::enable_shared_from_this<ProcessObject> {
  public:
    ProcessObject(sdbus::IConnection& connection, Context& context, std::uint64_t number);
    ~ProcessObject();
    ProcessObject(const ProcessObject&) = delete;
    ProcessObject& operator=(const ProcessObject&) = delete;

    // PropertiesChanged for the end of the process.
    void announceEnd();

  private:
    void Kill(sdbus::Result<>&& result, std::int32_t signal) override;
    void Wait(sdbus::Result<std::int32_t, std::int32_t>&& result) override;

    std::uint32_t Pid() override;
    std::uint32_t Uid() override;
    std::string State() override;
    std::int32_t Code() override;
    std::int32_t Status() override;

    [[nodiscard]] const ProcessRecord& record() const; // InvalidArgument
    template <class F>
    auto show(F&& read) const;

    Context& context_;
    const std::uint64_t number_;
};

} // namespace nsd::bus
