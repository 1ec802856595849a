// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_files.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"
#include "config/definition_reader.hpp"
#include "config/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

using Place = Definition::Place;

constexpr std::string_view suffix = ".json";

Problem error(std::string text) {
    return {Problem::Severity::Error, "", std::move(text)};
}

bool isDevNull(const struct stat& st) {
    const auto devNull = makedev(1, 3);
    return S_ISCHR(st.st_mode) && st.st_rdev == devNull;
}

// The files NAME.json of a directory, by what stands before the suffix.
std::vector<std::string> stemsIn(const UniqueFd& directory) {
    std::vector<std::string> stems;
    for (const auto& entry : entriesOf(directory.get())) {
        const std::string_view leaf = entry;
        if (!leaf.starts_with('.') && leaf.ends_with(suffix))
            stems.emplace_back(leaf.substr(0, leaf.size() - suffix.size()));
    }
    std::sort(stems.begin(), stems.end()); // not the order of the files: "a.json" stands behind "a-b.json"
    return stems;
}

class Collection {
  public:
    void addAll(Place place, const std::string& parent) {
        const auto path = parent + "/namespaces.d";
        const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!directory && (errno == ENOENT || errno == ENOTDIR))
            return;
        try {
            if (!directory)
                throw kernelError("open", path, errno);
            for (const auto& stem : stemsIn(directory))
                add(place, directory, path, stem);
        } catch (const Error& failure) {
            found_.incomplete = true;
            found_.files.push_back({path, std::nullopt, {error("cannot be read: " + failure.text())}});
        }
    }
    [[nodiscard]] DefinitionFiles take() && { return std::move(found_); }

  private:
    // Whose the name is already; an empty path: masked.
    using Taken = std::map<std::string, std::string>;

    void add(Place place, const UniqueFd& directory, const std::string& path, const std::string& stem) {
        DefinitionFile file{path + '/' + stem + std::string(suffix)};
        if (!Name::isValid(stem)) {
            file.problems.push_back(
                error("is called by " + quoted(stem) + ", which is no name of a namespace"));
            found_.files.push_back(std::move(file));
            return;
        }
        if (const auto owner = taken_.find(stem); owner != taken_.end()) {
            if (place == Place::State)
                addLeftOut(std::move(file), stem, owner->second);
            return;
        }
        const bool masks = read(place, directory, stem, file);
        taken_.emplace(stem, masks ? "" : file.path);
        if (masks)
            return;
        if (!file.definition)
            found_.unusable.insert(stem);
        found_.files.push_back(std::move(file));
    }

    // It is a namespace's of nsd's own, which stays as it is while somebody else has the name.
    void addLeftOut(DefinitionFile file, const std::string& stem, const std::string& winner) {
        found_.unusable.insert(stem);
        if (!winner.empty())
            file.problems.push_back(error("is left out: " + quoted(stem) + " is declared in " + winner));
        found_.files.push_back(std::move(file));
    }

    // Whether it is a mask.
    static bool read(Place place, const UniqueFd& directory, const std::string& stem, DefinitionFile& file) {
        try {
            const auto opened = open(place, directory, stem + std::string(suffix));
            struct stat st {};
            if (::fstat(opened.get(), &st) != 0)
                throw Error(Errc::KernelError, "cannot be read: " + errnoText(errno));
            if (isDevNull(st) || (S_ISREG(st.st_mode) && st.st_size == 0))
                return true;
            if (place == Place::State)
                checkOwner(st);
            file.text = readTextFile(opened);
            auto reading = readDefinition(file.text, Name(stem), place);
            file.problems = std::move(reading.problems);
            if (std::none_of(file.problems.begin(), file.problems.end(),
                    [](const Problem& p) { return p.severity == Problem::Severity::Error; })) {
                reading.definition.file = file.path;
                file.definition = std::move(reading.definition);
            }
        } catch (const Error& failure) {
            file.problems.push_back(error(failure.text()));
        }
        return false;
    }

    // O_NONBLOCK: somebody may have put a FIFO there. What nsd wrote itself is no link.
    static UniqueFd open(Place place, const UniqueFd& directory, const std::string& leaf) {
        const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (place == Place::State ? O_NOFOLLOW : 0);
        UniqueFd file(::openat(directory.get(), leaf.c_str(), flags));
        if (!file)
            throw Error(Errc::InvalidArgument, "cannot be read: " + errnoText(errno));
        return file;
    }

    static void checkOwner(const struct stat& st) {
        if (st.st_uid != ::geteuid())
            throw Error(
                Errc::InvalidArgument, "belongs to uid " + std::to_string(st.st_uid) + ", not to root");
        if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
            throw Error(Errc::InvalidArgument, "is writable to others than root");
    }

    DefinitionFiles found_;
    Taken taken_;
};

} // namespace

DefinitionFiles readDefinitionFiles(const DefinitionDirectories& directories) {
    Collection collection;
    collection.addAll(Place::Configuration, directories.configuration);
    collection.addAll(Place::Vendor, directories.vendor);
    collection.addAll(Place::State, directories.state);
    return std::move(collection).take();
}

} // namespace nsd
