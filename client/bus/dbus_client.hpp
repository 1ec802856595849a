// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/bus/bus_connection.hpp"
#include "client/client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::client {

// nsd over D-Bus. Uses libsystemd as it is, not sdbus-c++: a client that lives for two milliseconds
// does not spend one of them on loading a library.
class DbusClient : public Client {
  public:
    DbusClient(std::vector<BusAddress> buses, Manners manners);

    std::string create(const std::string& name, NamespaceTypes types, const CreateOptions& options) override;
    std::string adopt(
        const std::string& name, const NamespaceFds& fds, const CreateOptions& options) override;
    UniqueFd openSocket(const std::string& name, int family, int type) override;
    std::vector<ListedNamespace> list(const Labels& filter) override;
    using Client::listWithLinks;
    std::vector<ListedNamespace> listWithLinks(const Labels& filter) override;
    ListedNamespace listWithLinks(const std::string& name) override;
    std::vector<ListedNamespace> listWithProcesses() override;
    NamespaceDetails show(const std::string& name) override;
    Entrance enter(const std::string& name, NamespaceTypes types) override;
    StartedCommand exec(
        const std::string& name, const std::vector<std::string>& argv, const ExecOptions& options) override;
    void signalCommand(const std::string& path, int signal) override;
    std::optional<CommandEnd> waitForCommand(const std::string& path) override;
    std::pair<std::string, std::string> identify(int fd) override;
    std::map<std::string, std::string> identifyProcess(int pidfd) override;
    void rename(const std::string& from, const std::string& to) override;
    void setLabels(const std::string& path, const Labels& labels) override;
    void moveLink(const std::string& name, const std::string& link, const std::string& as) override;
    void returnLink(const std::string& name, const std::string& link, const std::string& as) override;
    void addLink(const std::string& name, const LinkRequest& link) override;
    void grant(const std::string& name, const Grant& grant) override;
    void revoke(const std::string& name, const Grant& grant) override;
    UniqueFd hold(const std::string& name) override;
    DestroyResult destroy(const std::string& name, const DestroyOptions& options) override;
    std::vector<Holder> holders(const std::string& name) override;
    std::uint32_t countProcesses(const std::string& name) override;
    DaemonStatus status() override;
    std::string exportDefinition(const std::string& name) override;
    CheckedDefinitions checkDefinitions(const std::map<std::string, std::string>& texts) override;
    std::string definitionsDirectory() override;
    void reload() override;
    void awaitDeclared(const std::string& name) override;
    void subscribe() override;
    std::optional<Event> nextEvent(std::chrono::microseconds limit) override;

  private:
    [[nodiscard]] SdMessage callManager(const char* member, const BusConnection::Fill& fill,
        std::chrono::microseconds patience = std::chrono::microseconds(0));
    [[nodiscard]] std::string pathOf(const std::string& name);
    // The descriptor says which namespace is meant: between two calls a name can change hands.
    [[nodiscard]] std::string controlGroupOf(const std::string& name, int cgroupFd);
    [[nodiscard]] SdMessage propertiesOf(const std::string& name, const std::string& path);
    [[nodiscard]] SdMessage allProperties(const std::string& path, const char* interface);
    struct Page {
        Labels filter{};
        std::string after{};
        const char* with = nullptr; // "processes", "link-details"
        std::uint32_t size = 500;   // the most that List gives
    };
    [[nodiscard]] std::vector<ListedNamespace> listPage(const Page& page);
    [[nodiscard]] std::vector<ListedNamespace> listAll(Page page);
    // Throws Error{NoSuchNamespace}.
    [[nodiscard]] ListedNamespace rowOf(const std::string& name, const char* with);

    [[nodiscard]] bool isNews(const Event& event) noexcept;

    BusConnection connection_;
    bool there_ = true; // nsd, when it was last heard of
};

} // namespace nsd::client
