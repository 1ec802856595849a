// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// A part of <nsd/nsd.hpp>: what nsd says.

#include <nsd/basics.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nsd::v0 {

// A row of Client::list().
class NSD_API ListedNamespace {
  public:
    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] const std::string& path() const noexcept; // of its object, which is its for ever
    [[nodiscard]] const std::string& uuid() const noexcept;
    [[nodiscard]] Types types() const;
    [[nodiscard]] std::uint32_t owner() const noexcept;
    [[nodiscard]] const std::string& state() const noexcept;  // pending, ready, degraded
    [[nodiscard]] const std::string& origin() const noexcept; // created, adopted, declared, unit
    [[nodiscard]] std::chrono::system_clock::time_point created() const;
    [[nodiscard]] const Labels& labels() const noexcept;

    struct Data;
    explicit ListedNamespace(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

  private:
    std::shared_ptr<const Data> data_;
};

// Rights that were given: view, hold, socket, enter, fds, manage, link.
struct Grant {
    std::string kind; // user, group
    std::uint32_t id = 0;
    std::vector<std::string> rights;
};

// All that nsd says about one namespace, as it was at that moment.
class NSD_API Namespace {
  public:
    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] const std::string& path() const noexcept;
    [[nodiscard]] const std::string& uuid() const noexcept;
    [[nodiscard]] Types types() const;
    [[nodiscard]] std::string pin(Type type) const; // path; empty: it has no such type, or is pending
    [[nodiscard]] std::uint64_t inode(Type type) const;
    [[nodiscard]] std::uint64_t id(Type type) const; // the kernel's, never used again; 0: it has none
    [[nodiscard]] std::uint32_t owner() const noexcept;
    [[nodiscard]] const Labels& labels() const noexcept;
    [[nodiscard]] std::chrono::system_clock::time_point created() const;
    [[nodiscard]] const std::string& origin() const noexcept;
    [[nodiscard]] const std::string& lifetime() const noexcept; // manual, lease, ttl, persistent
    [[nodiscard]] const std::string& state() const noexcept;
    [[nodiscard]] std::vector<Grant> grants() const;
    [[nodiscard]] const std::string& controlGroup() const noexcept; // below the cgroup2 mount; empty: none
    [[nodiscard]] std::int32_t nsid() const noexcept;               // ip netns list-id; -1: none
    [[nodiscard]] const std::string& publicPath() const noexcept;   // below /run/netns; empty: none
    [[nodiscard]] const std::vector<std::string>& etcFiles() const noexcept;
    [[nodiscard]] const std::string& cni() const noexcept; // what plugins answered, JSON; empty: none

    struct Data;
    explicit Namespace(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

  private:
    std::shared_ptr<const Data> data_;
};

// A known reason why a namespace lives on.
struct Holder {
    std::string kind; // process, fd, mount, lease …
    std::uint32_t pid = 0;
    std::string command;
    std::string type;   // "net"
    std::string detail; // "fd 7"
};

// What a destroyed namespace left: its name is free in every case.
struct Destroyed {
    enum class Released : int { Yes, No, Unknown }; // by the kernel, of which some cannot be asked
    Released released = Released::Unknown;
    std::vector<Holder> holders;
    std::vector<std::string> warnings;
};

// what: new, removed; ready, degraded, renamed, labels, grants, links (of the path, without a name); or, of
// nsd itself, lost and back, between which things happened that were not told. A gap in `sequence` means the
// same.
struct Event {
    std::uint64_t sequence = 0;
    std::string what;
    std::string name;
    std::string path;
};

// nsd, as it was at that moment.
class NSD_API Status {
  public:
    [[nodiscard]] const std::string& bus() const noexcept; // the address that answered
    [[nodiscard]] const std::string& version() const noexcept;
    [[nodiscard]] Types types() const; // that this kernel has
    [[nodiscard]] std::uint32_t namespaces() const noexcept;
    [[nodiscard]] std::uint64_t sequence() const noexcept; // of the newest event

    struct Data;
    explicit Status(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

  private:
    std::shared_ptr<const Data> data_;
};

} // namespace nsd::v0
