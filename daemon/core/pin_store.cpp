// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/pin_store.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/beneath.hpp"
#include "daemon/core/lease_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr const char* stageLeaf = ".stage";
constexpr const char* trashLeaf = ".trash";
constexpr const char* quarantineLeaf = ".quarantine";
constexpr std::array areaLeaves{stageLeaf, trashLeaf, quarantineLeaf};
constexpr const char* metaLeaf = "meta";
constexpr const char* newMetaLeaf = "meta.new";
constexpr const char* networkLeaf = "cni"; // daemon/core/network_attachments
constexpr std::size_t maxMeta = std::size_t{1} << 20U;

// What readMeta would refuse: the next start would put the namespace aside.
void checkSize(const std::string& meta) {
    if (meta.size() > maxMeta)
        throw Error(Errc::LimitExceeded, "its record would have " + std::to_string(meta.size()) +
                                             " bytes; at most " + std::to_string(maxMeta) + " are kept");
}

void move(int from, const std::string& old, int to, const std::string& fresh) {
    if (::renameat2(from, old.c_str(), to, fresh.c_str(), RENAME_NOREPLACE) != 0)
        throw kernelError("rename", quoted(old) + " to " + quoted(fresh), errno);
}

void moveToName(int from, const std::string& old, int to, const Name& name) {
    try {
        move(from, old, to, name.str());
    } catch (const Error& error) {
        if (error.errnoValue() != EEXIST)
            throw;
        throw Error(Errc::NameExists, quoted(name.str()) + " exists already", EEXIST);
    }
}

// Whether an open failed because of what lies there, not because of the state of this process.
bool isPinsFault(int errnoValue) {
    constexpr std::array faults{ENOENT, ENOTDIR, EISDIR, ELOOP, ENXIO, ENODEV, EACCES, EXDEV};
    return std::find(faults.begin(), faults.end(), errnoValue) != faults.end();
}

} // namespace

PinStore::PinStore(Kernel& kernel, UniqueFd directory)
    : kernel_(kernel),
      directory_(std::move(directory)),
      stage_(openArea(stageLeaf)),
      trash_(openArea(trashLeaf)),
      quarantine_(openArea(quarantineLeaf)) {}

UniqueFd PinStore::openArea(const std::string& leaf) const {
    const auto make = [&] {
        if (::mkdirat(directory_.get(), leaf.c_str(), S_IRWXU) != 0 && errno != EEXIST)
            throw kernelError("mkdir", leaf, errno);
        return openBeneath(directory_.get(), leaf, O_RDONLY | O_DIRECTORY);
    };
    try {
        return make();
    } catch (const Error& error) {
        if (error.errnoValue() != ENOTDIR && error.errnoValue() != ELOOP)
            throw;
    }
    move(directory_.get(), leaf, directory_.get(), leaf + '-' + Uuid::random().str());
    return make();
}

std::string PinStore::pathOf(Area area, const Uuid& uuid) {
    return std::string(area == Area::Stage ? stageLeaf : trashLeaf) + '/' + uuid.str();
}

int PinStore::fdOf(Area area) const noexcept {
    return area == Area::Stage ? stage_.get() : trash_.get();
}

UniqueFd PinStore::stage(const Uuid& uuid) {
    const auto leaf = uuid.str();
    if (::mkdirat(stage_.get(), leaf.c_str(), S_IRWXU) != 0)
        throw kernelError("mkdir", ".stage/" + leaf, errno);
    try {
        return openDirectory(Area::Stage, leaf);
    } catch (const Error&) {
        ::unlinkat(stage_.get(), leaf.c_str(), AT_REMOVEDIR);
        throw;
    }
}

void PinStore::publish(const Uuid& uuid, const Name& name) {
    moveToName(stage_.get(), uuid.str(), directory_.get(), name);
}

void PinStore::unpublish(const Name& name, const Uuid& uuid) {
    move(directory_.get(), name.str(), trash_.get(), uuid.str());
}

void PinStore::rename(const Name& from, const Name& to) {
    moveToName(directory_.get(), from.str(), directory_.get(), to);
}

void PinStore::discard(Area area, const Uuid& uuid, int directory) {
    removeFile(directory, metaLeaf);
    removeFile(directory, newMetaLeaf);
    removeFile(directory, networkLeaf);
    discardLeases(directory);
    if (::unlinkat(fdOf(area), uuid.str().c_str(), AT_REMOVEDIR) != 0)
        throw kernelError("rmdir", uuid.str(), errno);
}

void PinStore::writeMeta(int directory, const std::string& text) {
    checkSize(text);
    writeNewFile(directory, metaLeaf, text);
}

// NOLINTNEXTLINE(readability-make-member-function-const): it changes what is stored
void PinStore::replaceMeta(const Name& name, const std::string& text) {
    checkSize(text);
    const auto directory = openDirectory(name.str());
    removeFile(directory.get(), newMetaLeaf); // of a predecessor that was killed here
    writeNewFile(directory.get(), newMetaLeaf, text);
    if (::renameat(directory.get(), newMetaLeaf, directory.get(), metaLeaf) != 0) {
        const int error = errno;
        ::unlinkat(directory.get(), newMetaLeaf, 0);
        throw kernelError("rename", newMetaLeaf, error);
    }
}

std::string PinStore::readMeta(int directory) {
    return readSmallFile(directory, metaLeaf, maxMeta);
}

UniqueFd PinStore::openPin(const Name& name, const NamespaceIdentity& expected) const {
    const std::string word(toWord(expected.type));
    const auto complain = [&](const std::string& why) {
        return Error(Errc::Degraded, "type " + word + " of " + quoted(name.str()) + ": " + why);
    };
    try {
        auto pin = openBeneath(directory_.get(), name.str() + '/' + word, O_RDONLY);
        if (!kernel_.identify(pin.get()).sameAs(expected))
            throw complain("the pin is another namespace's");
        return pin;
    } catch (const Error& error) {
        if (error.code() == Errc::WrongFd || isPinsFault(error.errnoValue()))
            throw complain("the pin is gone (" + error.text() + ")");
        throw;
    }
}

UniqueFd PinStore::openAnyPin(int directory, NamespaceType type) const {
    try {
        auto pin = openBeneath(directory, std::string(toWord(type)), O_RDONLY);
        static_cast<void>(kernel_.identify(pin.get()));
        return pin;
    } catch (const Error& error) {
        if (error.code() == Errc::WrongFd || isPinsFault(error.errnoValue()))
            return UniqueFd();
        throw;
    }
}

UniqueFd PinStore::openDirectory(const std::string& entry) const {
    return openBeneath(directory_.get(), entry, O_RDONLY | O_DIRECTORY, Mounts::Stay);
}

UniqueFd PinStore::openDirectory(Area area, const std::string& entry) const {
    return openBeneath(fdOf(area), entry, O_RDONLY | O_DIRECTORY, Mounts::Stay);
}

std::vector<std::string> PinStore::entries() const {
    auto names = entriesOf(directory_.get());
    std::erase_if(names, [](const std::string& name) {
        return std::find(areaLeaves.begin(), areaLeaves.end(), name) != areaLeaves.end();
    });
    return names;
}

std::vector<std::string> PinStore::entries(Area area) const {
    return entriesOf(fdOf(area));
}

std::string PinStore::quarantine(const std::string& entry) {
    return quarantine(directory_.get(), entry);
}

std::string PinStore::quarantine(Area area, const std::string& entry) {
    return quarantine(fdOf(area), entry);
}

std::string PinStore::quarantine(int directory, const std::string& entry) {
    auto leaf = Uuid::random().str();
    move(directory, entry, quarantine_.get(), leaf);
    return leaf;
}

} // namespace nsd
