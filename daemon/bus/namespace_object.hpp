// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"
#include "generated/namespace_adaptor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::bus {

// /org/nsd1/namespace/UUID. There is one for each namespace, so it holds nothing but the UUID: what
// it shows is read from the record when somebody asks. Once the record is gone everything here
// answers NoSuchNamespace. The object table owns it, and calls under way have a share in it.
class NamespaceObject final : public sdbus::AdaptorInterfaces<org::nsd1::Namespace_adaptor>,
                              public std::enable_shared_from_this<NamespaceObject> {
  public:
    NamespaceObject(sdbus::IConnection& connection, Context& context, const nsd::Uuid& uuid);
    ~NamespaceObject();
    NamespaceObject(const NamespaceObject&) = delete;
    NamespaceObject& operator=(const NamespaceObject&) = delete;

    // PropertiesChanged for what an event of Events::changed means.
    void announce(std::string_view what);

  private:
    void Enter(sdbus::Result<FdMap>&& result, Words types, OptionMap options) override;
    void Hold(sdbus::Result<sdbus::UnixFd>&& result, OptionMap options) override;
    void Exec(
        sdbus::Result<sdbus::ObjectPath, sdbus::UnixFd>&& result, Words argv, OptionMap options) override;
    void OpenSocket(sdbus::Result<sdbus::UnixFd>&& result, std::int32_t family, std::int32_t type,
        std::int32_t protocol, OptionMap options) override;
    void Destroy(sdbus::Result<OptionMap>&& result, OptionMap options) override;
    void Holders(sdbus::Result<OptionMaps>&& result) override;
    void SetLabels(sdbus::Result<>&& result, TextMap labels) override;

    std::string Name() override;
    std::string Uuid() override;
    Words Types() override;
    TextMap Pins() override;
    std::map<std::string, std::uint64_t> Ids() override;
    std::map<std::string, std::uint64_t> Inodes() override;
    std::uint32_t Owner() override;
    TextMap Labels() override;
    std::uint64_t Created() override;
    std::string Origin() override;
    std::string Lifetime() override;
    std::string State() override;
    std::vector<WireGrant> Grants() override;
    std::int32_t Nsid() override;
    std::string PublicPath() override;
    std::string ControlGroup() override;
    std::vector<std::string> EtcFiles() override;
    std::string Cni() override;

    [[nodiscard]] const NamespaceRecord& record() const; // NoSuchNamespace
    // A property, read from the record.
    template <class F>
    auto show(F&& read) const;

    Context& context_;
    const nsd::Uuid uuid_;
};

} // namespace nsd::bus
