// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "daemon/core/namespace_record.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

struct ListOptions;

// The records of all published namespaces, owned here, and every way to look one up. Also the names
// that are taken by namespaces still being made. Knows nothing of files or the kernel.
class Registry {
  public:
    // A name taken for a namespace being made, given back when this goes. The registry outlives it.
    class Reservation {
      public:
        Reservation(Registry& registry, Name name);
        Reservation(const Reservation&) = delete;
        Reservation& operator=(const Reservation&) = delete;
        ~Reservation();

      private:
        Registry& registry_;
        Name name_;
    };

    // Throws Error{NameExists} for a name that a namespace has or will have.
    [[nodiscard]] std::unique_ptr<Reservation> reserve(const Name& name);

    // Name and UUID must be free; a request id that is known already stays with whom it was.
    NamespaceRecord& insert(NamespaceRecord record);
    // The whole record in the place of the pending one of its UUID and name.
    NamespaceRecord& settle(NamespaceRecord record);
    // Null if there is none.
    std::unique_ptr<NamespaceRecord> remove(const Uuid& uuid);
    // The new name must be free.
    void rename(NamespaceRecord& record, const Name& to);

    // Whether a namespace is being made that will have this name.
    [[nodiscard]] bool isReserved(std::string_view name) const { return reserved_.contains(name); }
    // Null if there is none.
    [[nodiscard]] NamespaceRecord* find(std::string_view name) const noexcept;
    [[nodiscard]] NamespaceRecord* find(const Uuid& uuid) const noexcept;
    [[nodiscard]] NamespaceRecord* find(const NamespaceIdentity& identity) const noexcept;
    [[nodiscard]] NamespaceRecord* find(const RequestId& request) const noexcept;

    // Which of these namespaces has a name already, and which name; empty: none.
    struct Named {
        NamespaceType type;
        std::string name;
    };
    [[nodiscard]] std::optional<Named> findAny(
        const std::map<NamespaceType, NamespaceIdentity>& identities) const;

    [[nodiscard]] std::size_t size() const noexcept { return byName_.size(); }
    // A page in the bytewise order of the names; begins with a search, never at the beginning.
    [[nodiscard]] std::vector<const NamespaceRecord*> list(const ListOptions& options) const;
    [[nodiscard]] std::vector<std::string> controlGroups() const;

  private:
    using Owned = std::unique_ptr<NamespaceRecord>;
    struct ByName {
        using is_transparent = void;
        bool operator()(const Owned& a, const Owned& b) const noexcept { return a->name < b->name; }
        bool operator()(const Owned& a, std::string_view b) const noexcept { return a->name.str() < b; }
        bool operator()(std::string_view a, const Owned& b) const noexcept { return a < b->name.str(); }
    };
    struct ByUuid {
        using is_transparent = void;
        bool operator()(const NamespaceRecord* a, const NamespaceRecord* b) const noexcept {
            return a->uuid < b->uuid;
        }
        bool operator()(const NamespaceRecord* a, const Uuid& b) const noexcept { return a->uuid < b; }
        bool operator()(const Uuid& a, const NamespaceRecord* b) const noexcept { return a < b->uuid; }
    };
    struct ByRequest {
        using is_transparent = void;
        bool operator()(const NamespaceRecord* a, const NamespaceRecord* b) const noexcept {
            return *a->request < *b->request;
        }
        bool operator()(const NamespaceRecord* a, const RequestId& b) const noexcept {
            return *a->request < b;
        }
        bool operator()(const RequestId& a, const NamespaceRecord* b) const noexcept {
            return a < *b->request;
        }
    };

    void index(NamespaceRecord& record);

    std::set<Owned, ByName> byName_;
    std::set<NamespaceRecord*, ByUuid> byUuid_;
    std::set<NamespaceRecord*, ByRequest> byRequest_;
    // Inodes are reused: a record whose pin was taken away may stand in the way of a newer one, to
    // which the entry then belongs. What is found here is compared as a whole.
    std::map<std::uint64_t, NamespaceRecord*> byInode_;
    std::set<std::string, std::less<>> reserved_;
};

} // namespace nsd
