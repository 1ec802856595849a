// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/definition_store.hpp"

#include "common/error.hpp"
#include "config/definition_reader.hpp"
#include "daemon/core/beneath.hpp"
#include "daemon/core/declared_request.hpp"
#include "daemon/core/state_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr const char* definitionsLeaf = "namespaces.d";

std::string leafOf(const Name& name) {
    return name.str() + ".json";
}

void sync(int fd) {
    if (::fsync(fd) != 0)
        throw kernelError("fsync", "", errno);
}

// A file that is not called like one of a definition, and that is on the disk.
void writeBeside(int directory, const std::string& leaf, const std::string& text) {
    removeFile(directory, leaf); // of a predecessor that was killed here
    writeNewFile(directory, leaf, text);
    sync(openBeneath(directory, leaf, O_RDONLY).get());
}

} // namespace

std::string DefinitionStore::pathOf(const Name& name) const {
    return directory_ + '/' + definitionsLeaf + '/' + leafOf(name);
}

UniqueFd DefinitionStore::open(bool make) const {
    return openInStateDirectory(directory_, definitionsLeaf, make);
}

void DefinitionStore::write(const Name& name, const NamespaceRecord& record) const {
    if (directory_.empty())
        throw Error(Errc::InvalidArgument, "there is no state directory that keeps what is persistent");
    const auto fresh = leafOf(name) + ".new";
    try {
        const auto directory = open(true);
        try {
            writeBeside(directory.get(), fresh, writeDefinition(definitionOf(record)));
            if (::renameat(directory.get(), fresh.c_str(), directory.get(), leafOf(name).c_str()) != 0)
                throw kernelError("rename", fresh, errno);
        } catch (const Error&) {
            ::unlinkat(directory.get(), fresh.c_str(), 0);
            throw;
        }
        sync(directory.get());
    } catch (const Error& error) {
        throw Error(error.code(), "cannot write " + pathOf(name) + ": " + error.text(), error.errnoValue());
    }
}

void DefinitionStore::remove(const Name& name) const {
    try {
        const auto directory = open(false);
        if (!directory)
            return;
        removeFile(directory.get(), leafOf(name) + ".new"); // of a predecessor that was killed
        if (removeFile(directory.get(), leafOf(name)))
            sync(directory.get());
    } catch (const Error& error) {
        throw Error(error.code(), "cannot remove " + pathOf(name) + ": " + error.text(), error.errnoValue());
    }
}

void DefinitionStore::tryRemove(const Name& name, Log& log) const noexcept {
    try {
        remove(name);
    } catch (const Error& error) {
        log.warning(error.text());
    }
}

} // namespace nsd
