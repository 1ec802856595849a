// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/name.hpp"
#include "common/uuid.hpp"
#include "daemon/core/network_plugins.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace nsd {

// The networks that CNI plugins make for namespaces. That a namespace has one, or may have some of it, stands
// in its directory (the file "cni", see config/network_attachment) from before the first plugin runs until
// the directory goes. What plugins keep on the disk outlives a reboot, which the directory does not, so a
// note of each lies in the state directory (cni/UUID.json) until it has been taken down.
class NetworkAttachments {
  public:
    NetworkAttachments(Loop& loop, Log& log) : loop_(loop), log_(log) {}

    // Must outlive the answers. Without it nothing can be attached.
    void use(NetworkPlugins& plugins) noexcept { plugins_ = &plugins; }
    // For notes; without it there are none.
    void useStateDirectory(const std::string& directory) { state_ = directory; }

    // A directory of a namespace, and its path below the directory of the pins.
    struct Place {
        int directory;
        std::string path;
    };

    // Whether all plugins are there that this needs. Throws Error{InvalidArgument}.
    void check(const std::string& conflist) const;
    // What fails, here or later, is detach()'s to take down, if isAttached(). Throws Error.
    void attach(const Place& place, const Uuid& container, const Name& name, const std::string& conflist,
        Completion<Done> done);
    // Whether there is anything to take down, and what its plugins answered last (empty: nothing). Throws
    // Error.
    [[nodiscard]] static bool isAttached(int directory);
    [[nodiscard]] static std::string resultIn(int directory);
    // With `pinned`, the network namespace is still there. Answers with what the plugins complained about;
    // then the note stays, and a later start tries again.
    void detach(const Place& place, bool pinned, Completion<Done> done);

    // Takes down what the notes tell of and no namespace has any more: those of another boot, and what failed
    // before.
    void detachForgotten(const std::function<bool(const Uuid&)>& isThere);

  private:
    void runDetach(PluginRun run, const Uuid& container, Completion<Done> done);
    void detachForgotten(int notes, const std::string& leaf, const Uuid& container);
    void writeNote(const Uuid& container, const std::string& text);
    void removeNote(const Uuid& container) noexcept;
    [[nodiscard]] UniqueFd openNotes(bool make) const;
    [[nodiscard]] std::string pathOfNote(const std::string& leaf) const;

    Loop& loop_;
    Log& log_;
    NetworkPlugins* plugins_ = nullptr;
    std::string state_;       // directory; empty: none
    std::set<Uuid> underWay_; // containers that are detached now
    std::shared_ptr<NetworkAttachments> self_{this, [](NetworkAttachments*) {}}; // for late answers
};

} // namespace nsd
