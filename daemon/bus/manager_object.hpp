// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"
#include "generated/manager_adaptor.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::bus {

// /org/nsd1: says who means what, and leaves the doing to the method_* files. Owns the sequence
// number of its signals.
class ManagerObject final : public sdbus::AdaptorInterfaces<org::nsd1::Manager_adaptor> {
  public:
    ManagerObject(sdbus::IConnection& connection, Context& context);
    ~ManagerObject();
    ManagerObject(const ManagerObject&) = delete;
    ManagerObject& operator=(const ManagerObject&) = delete;

    void announceNew(const NamespaceRecord& record);
    void announceRemoved(const NamespaceRecord& record);
    void announceEvent(const NamespaceRecord& record, std::string_view what);

  private:
    void Create(
        sdbus::Result<sdbus::ObjectPath>&& result, std::string name, Words types, OptionMap options) override;
    void Adopt(
        sdbus::Result<sdbus::ObjectPath>&& result, std::string name, FdMap fds, OptionMap options) override;
    void Get(sdbus::Result<sdbus::ObjectPath>&& result, std::string name) override;
    void Identify(sdbus::Result<std::string, std::string>&& result, sdbus::UnixFd fd) override;
    void IdentifyProcess(sdbus::Result<TextMap>&& result, sdbus::UnixFd pidfd) override;
    void List(sdbus::Result<std::vector<ListRow>>&& result, OptionMap options) override;
    void Enter(sdbus::Result<FdMap>&& result, std::string name, Words types, OptionMap options) override;
    void Hold(sdbus::Result<sdbus::UnixFd>&& result, std::string name, OptionMap options) override;
    void Exec(sdbus::Result<sdbus::ObjectPath, sdbus::UnixFd>&& result, std::string name, Words argv,
        OptionMap options) override;
    void ListProcesses(sdbus::Result<std::vector<ProcessRow>>&& result, OptionMap options) override;
    void OpenSocket(sdbus::Result<sdbus::UnixFd>&& result, std::string name, std::int32_t family,
        std::int32_t type, std::int32_t protocol, OptionMap options) override;
    void Rename(sdbus::Result<>&& result, std::string from, std::string to) override;
    void Destroy(sdbus::Result<OptionMap>&& result, std::string name, OptionMap options) override;
    void Holders(sdbus::Result<OptionMaps>&& result, std::string name) override;
    void SetLabels(sdbus::Result<>&& result, std::string name, TextMap labels) override;
    void MoveLink(sdbus::Result<>&& result, std::string name, std::string link, OptionMap options) override;
    void ReturnLink(sdbus::Result<>&& result, std::string name, std::string link, OptionMap options) override;
    void AddLink(sdbus::Result<>&& result, std::string name, OptionMap options) override;
    void Grant(sdbus::Result<>&& result, std::string name, std::string kind, std::uint32_t id,
        Words rights) override;
    void Revoke(sdbus::Result<>&& result, std::string name, std::string kind, std::uint32_t id,
        Words rights) override;
    void Export(sdbus::Result<std::string>&& result, std::string name) override;
    void CheckDefinitions(
        sdbus::Result<TextMap, std::vector<WireProblem>>&& result, TextMap definitions) override;
    void Reload(sdbus::Result<>&& result) override;

    std::string Version() override;
    Words SupportedTypes() override;
    std::string DefinitionsDirectory() override;
    std::uint32_t NamespaceCount() override;
    std::uint64_t Sequence() override;

    [[nodiscard]] Uuid uuidOf(std::string name) const;

    Context& context_;
    std::uint64_t sequence_ = 0;
};

} // namespace nsd::bus
