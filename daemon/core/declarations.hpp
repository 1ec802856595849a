// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/definition.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/waiting_calls.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// All that the files say now.
struct Definitions {
    std::vector<Definition> all;      // one for a name
    std::set<std::string> unusable{}; // names whose file cannot be used: what held of them still does
    bool incomplete = false;          // a directory could not be read: nothing counts as removed
};

// Makes the namespaces that files declare, each for itself: what hangs or fails with one holds up no other.
// One that is not made yet has its name and its object, in state pending. What exists is never ended and
// never made anew: labels and grants become those of the file when the file changes, and the rest waits
// until somebody destroys it. What was not made from its file is left alone. One with a link to another
// namespace is made when that is there: those of files wait for each other, and what nobody makes leaves it
// pending, until it comes after all.
class Declarations final : private Events {
  public:
    // The core outlives this, but for its operations.
    explicit Declarations(Core& core) : core_(core) {}
    ~Declarations() override = default;
    Declarations(const Declarations&) = delete;
    Declarations& operator=(const Declarations&) = delete;

    // What is to be made is pending from here on.
    void replace(Definitions definitions);
    // Begins to make what is pending, again if it failed before, and to bring the rest up to date.
    void carryOut();

    // The file in /etc or /usr/lib that keeps a namespace, or empty.
    [[nodiscard]] std::string keeperOf(const NamespaceRecord& record) const;
    // As a file says it that makes the same again.
    [[nodiscard]] Definition describe(const NamespaceRecord& record) const;
    // The file there that has this name, or empty.
    [[nodiscard]] std::string fileOf(const Name& name) const;

    // The namespace of this name is one that a file declares and that is not there: it is pending now, on
    // behalf of a unit. False without such a file.
    bool declareForUnit(const Name& name);
    // Answers when the pending namespace is ready, or could not be made; tries it again if it failed before.
    void await(const NamespaceRecord& pending, Completion<Uuid> done);
    // One that nobody wants any more, and that has nothing to end. Throws Error.
    void giveUp(const NamespaceRecord& pending, const MaybeRequester& by);
    // It is destroyed, and so is its file in the state directory.
    void forget(const Name& name) { entries_.erase(name.str()); }

  private:
    struct Entry {
        Definition definition;
        std::uint64_t run = 0;               // of what is under way for it; 0: nothing
        std::optional<Uuid> target{};        // of that run
        bool again = false;                  // when that is over
        std::string peer{};                  // of a link of its, which is not there
        std::optional<CreateRequest> held{}; // until that is there, or nobody makes it any more
    };
    using Entries = std::map<std::string, Entry>;

    [[nodiscard]] bool isStale(const Definition& definition, std::set<Uuid>& seen);
    void drop(Entry& entry);
    void checkPersistent(const Definitions& definitions);
    void makePending(const Definition& definition, Origin origin);
    void advance(Entry& entry);
    // The entry that this run is for, if it still is.
    [[nodiscard]] Entry* find(const std::string& name, std::uint64_t run);
    void onResolved(
        const std::string& name, std::uint64_t run, const Uuid& uuid, Outcome<CreateRequest> outcome);
    void make(Entry& entry, NamespaceRecord& record, CreateRequest request);
    void onMade(const std::string& name, std::uint64_t run, const Uuid& uuid, const Outcome<Uuid>& outcome);
    void update(const Entry& entry, NamespaceRecord& record, const CreateRequest& request);
    void finish(Entry& entry);

    // declared_peers.cpp
    [[nodiscard]] std::string missingPeer(const CreateRequest& request) const;
    [[nodiscard]] bool isComing(const std::string& peer, const Entry& to) const;
    void onPeer(const std::string& name);
    // Its namespace is not wanted any more: whoever waits for it with it is answered.
    void dropHeld(Entry& entry);
    void added(const NamespaceRecord& record, const MaybeRequester& by) override;
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& record, std::string_view what) override;
    void tellWaiting(const NamespaceRecord& record);

    Core& core_;
    Entries entries_;
    std::uint64_t runs_ = 0;
    bool listens_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>(); // for what is posted
    WaitingCalls<Uuid, Uuid> waiting_;
};

} // namespace nsd
