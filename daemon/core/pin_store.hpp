// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/name.hpp"
#include "common/nsfs.hpp"
#include "common/unique_fd.hpp"
#include "common/uuid.hpp"
#include "daemon/core/kernel.hpp"

#include <string>
#include <vector>

namespace nsd {

// The pins' directory: one directory per published namespace, and .stage, .trash and .quarantine, in
// which a namespace's directory is called by its UUID. Works on descriptors of its own, never on a
// path. Publishing and unpublishing are one rename each, so that nobody ever sees half a namespace.
// All methods throw Error with the errno of the call that failed.
class PinStore {
  public:
    enum class Area { Stage, Trash };

    // Makes the three areas where they are missing; a thing of their name that is no directory is
    // moved aside, for recovery to find.
    PinStore(Kernel& kernel, UniqueFd directory);

    // Of the directory UUID of an area, below the pins' directory.
    [[nodiscard]] static std::string pathOf(Area area, const Uuid& uuid);
    // An empty directory .stage/UUID; leaves none behind when it throws.
    [[nodiscard]] UniqueFd stage(const Uuid& uuid);
    // .stage/UUID becomes NAME: the commit of Create. NameExists.
    void publish(const Uuid& uuid, const Name& name);
    // NAME becomes .trash/UUID: the commit of Destroy.
    void unpublish(const Name& name, const Uuid& uuid);
    // NameExists.
    void rename(const Name& from, const Name& to);
    // Removes the directory UUID of an area with the files that nsd itself put into it, its leases
    // among them; its pins are gone already.
    void discard(Area area, const Uuid& uuid, int directory);

    // Writes meta into a fresh directory. LimitExceeded, as replaceMeta, for one that readMeta would not
    // read.
    static void writeMeta(int directory, const std::string& text);
    // The meta file of a published namespace, old or new, is always whole.
    void replaceMeta(const Name& name, const std::string& text);
    [[nodiscard]] static std::string readMeta(int directory);

    // A descriptor of the pin of this very namespace. Degraded where another or none is there.
    [[nodiscard]] UniqueFd openPin(const Name& name, const NamespaceIdentity& expected) const;
    // The pin of a type in a directory, whichever namespace it is; invalid where no namespace is
    // pinned. Throws for what is not the pin's fault (EMFILE).
    [[nodiscard]] UniqueFd openAnyPin(int directory, NamespaceType type) const;

    // Never a mount point: what lies on one can be neither published nor unpublished.
    [[nodiscard]] UniqueFd openDirectory(const std::string& entry) const;
    [[nodiscard]] UniqueFd openDirectory(Area area, const std::string& entry) const;
    // Everything outside of the areas, or within one.
    [[nodiscard]] std::vector<std::string> entries() const;
    [[nodiscard]] std::vector<std::string> entries(Area area) const;
    // Puts a thing aside as .quarantine/<fresh UUID>, and answers this name.
    std::string quarantine(const std::string& entry);
    std::string quarantine(Area area, const std::string& entry);
    // What lies in a directory of the store.
    std::string quarantine(int directory, const std::string& entry);

  private:
    [[nodiscard]] UniqueFd openArea(const std::string& leaf) const;
    [[nodiscard]] int fdOf(Area area) const noexcept;

    Kernel& kernel_;
    UniqueFd directory_;
    UniqueFd stage_;
    UniqueFd trash_;
    UniqueFd quarantine_;
};

} // namespace nsd
