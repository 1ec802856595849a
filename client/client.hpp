// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "common/namespace_spec.hpp"
#include "common/namespace_type.hpp"
#include "common/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::client {

using Labels = std::map<std::string, std::string>;
using NamespaceFds = std::map<NamespaceType, UniqueFd>;

// What Manager.Create can be told; what is empty is not sent.
struct CreateOptions {
    std::optional<std::uint32_t> owner;
    Labels labels;
    std::string hostname;
    std::string domainname;
    std::map<std::string, std::string> sysctls;
    std::vector<IdRange> uidMap;
    std::vector<IdRange> gidMap;
    bool mapRoot = false;
    bool rootless = false;
    std::optional<std::chrono::nanoseconds> monotonicOffset;
    std::optional<std::chrono::nanoseconds> boottimeOffset;
    std::optional<std::chrono::microseconds> ttl;
};

// One row of Manager.List.
struct ListedNamespace {
    std::string name;
    std::string path;
    std::string uuid;
    std::vector<std::string> types;
    std::uint32_t owner = 0;
    std::string state;
    std::string origin;
    std::uint64_t created = 0; // µs, realtime
    Labels labels;
};

struct Grant {
    std::string kind; // user, group
    std::uint32_t id = 0;
    std::vector<std::string> rights;
};

// The properties of one namespace.
struct NamespaceDetails {
    std::string name;
    std::string path;
    std::string uuid;
    std::vector<std::string> types;
    std::map<std::string, std::string> pins;
    std::map<std::string, std::uint64_t> ids;
    std::map<std::string, std::uint64_t> inodes;
    std::uint32_t owner = 0;
    Labels labels;
    std::uint64_t created = 0; // µs, realtime
    std::string origin;
    std::string lifetime;
    std::string state;
    std::vector<Grant> grants;
    std::string controlGroup; // below the cgroup2 mount; empty: none
};

struct DestroyOptions {
    bool force = false;
    std::optional<std::chrono::microseconds> timeout; // empty: the daemon's default
};

struct DestroyResult {
    std::string released; // yes, no, unknown
    std::vector<Holder> holders;
};

struct DaemonStatus {
    std::string bus; // the address that answered
    std::string version;
    std::vector<std::string> types;
    std::uint32_t namespaces = 0;
    std::uint64_t sequence = 0;
};

// The pins of a namespace, opened, and where a process that joins must live.
struct Entrance {
    NamespaceFds fds;
    std::string controlGroup; // given when cgroup is among the fds
};

// Nobody answers to org.nsd1 on any bus that was tried; the text says which, and how to start it.
class NoDaemon : public std::exception {
  public:
    explicit NoDaemon(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  private:
    std::string text_;
};

// nsd as a program sees it: one blocking call each, by name. Every method throws Error with what
// the daemon said, or NoDaemon. DbusClient is the real one; the tests have one without a bus.
class Client {
  public:
    Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    // Answers the object's path.
    virtual std::string create(
        const std::string& name, NamespaceTypes types, const CreateOptions& options) = 0;
    virtual std::vector<ListedNamespace> list(const Labels& filter) = 0;
    virtual NamespaceDetails show(const std::string& name) = 0;
    // Empty types: all that it has.
    virtual Entrance enter(const std::string& name, NamespaceTypes types) = 0;
    // Name and type of the namespace that the descriptor is.
    virtual std::pair<std::string, std::string> identify(int fd) = 0;
    // Type → name.
    virtual std::map<std::string, std::string> identifyProcess(int pidfd) = 0;
    virtual void rename(const std::string& from, const std::string& to) = 0;
    // Replaces the labels of the namespace that has this path now and for ever.
    virtual void setLabels(const std::string& path, const Labels& labels) = 0;
    virtual DestroyResult destroy(const std::string& name, const DestroyOptions& options) = 0;
    virtual std::vector<Holder> holders(const std::string& name) = 0;
    virtual DaemonStatus status() = 0;
};

} // namespace nsd::client
