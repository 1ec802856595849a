// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/apply/definitions_directory.hpp"

#include "client/read_all.hpp"
#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/name.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <list>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr std::string_view suffix = ".json";

std::string leafOf(const std::string& name) {
    return name + std::string(suffix);
}

// Gone again unless it was renamed. nsd reads no file whose name begins with a dot.
class FreshFile {
  public:
    FreshFile(int directory, std::string leaf, std::string_view text)
        : directory_(directory),
          leaf_(std::move(leaf)),
          fresh_("." + leaf_ + "." + std::to_string(::getpid())) {
        ::unlinkat(directory_, fresh_.c_str(), 0); // of an nsctl of that number that was killed
        const UniqueFd file(
            ::openat(directory_, fresh_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
        if (!file)
            throw kernelError("make", fresh_, errno);
        try {
            write(file.get(), text);
        } catch (const Error&) {
            ::unlinkat(directory_, fresh_.c_str(), 0);
            throw;
        }
    }
    ~FreshFile() {
        if (!fresh_.empty())
            ::unlinkat(directory_, fresh_.c_str(), 0);
    }
    FreshFile(const FreshFile&) = delete;
    FreshFile& operator=(const FreshFile&) = delete;

    void take() {
        if (::renameat(directory_, fresh_.c_str(), directory_, leaf_.c_str()) != 0)
            throw kernelError("rename", leaf_, errno);
        fresh_.clear();
    }

  private:
    void write(int file, std::string_view text) const {
        if (::fchmod(file, 0644) != 0) // whatever the umask is
            throw kernelError("write", leaf_, errno);
        while (!text.empty()) {
            const auto written = ::write(file, text.data(), text.size());
            if (written < 0)
                throw kernelError("write", leaf_, errno);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(file) != 0)
            throw kernelError("write", leaf_, errno);
    }

    int directory_;
    std::string leaf_;
    std::string fresh_;
};

} // namespace

std::string DefinitionsDirectory::pathOf(const std::string& name) const {
    return path_ + "/" + leafOf(name);
}

UniqueFd DefinitionsDirectory::open() const {
    UniqueFd directory(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory && errno != ENOENT)
        throw kernelError("open", path_, errno);
    return directory;
}

UniqueFd DefinitionsDirectory::make() const {
    for (auto end = path_.rfind('/');; end = std::string::npos) {
        const auto directory = path_.substr(0, end);
        if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST)
            throw kernelError("make", directory, errno);
        if (end == std::string::npos)
            break;
    }
    auto directory = open();
    if (!directory)
        throw kernelError("open", path_, ENOENT);
    return directory;
}

std::map<std::string, std::string> DefinitionsDirectory::read() const {
    std::map<std::string, std::string> texts;
    const auto directory = open();
    if (!directory)
        return texts;
    for (const auto& leaf : entriesOf(directory.get())) {
        if (leaf.starts_with('.') || !leaf.ends_with(suffix))
            continue;
        const auto name = leaf.substr(0, leaf.size() - suffix.size());
        if (!Name::isValid(name))
            continue;
        const UniqueFd file(::openat(directory.get(), leaf.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        struct stat status {};
        const bool isFile = file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
        texts.emplace(name, isFile ? readAll(file.get(), pathOf(name)) : std::string());
    }
    return texts;
}

void DefinitionsDirectory::change(const Change& change) const {
    try {
        const auto directory = change.written.empty() ? open() : make();
        if (!directory)
            return;
        std::list<FreshFile> files;
        for (const auto& [name, text] : change.written)
            files.emplace_back(directory.get(), leafOf(name), text);
        for (auto& file : files)
            file.take();
        for (const auto& name : change.removed)
            if (::unlinkat(directory.get(), leafOf(name).c_str(), 0) != 0 && errno != ENOENT)
                throw kernelError("remove", leafOf(name), errno);
        if (::fsync(directory.get()) != 0)
            throw kernelError("fsync", "", errno);
    } catch (const Error& error) {
        throw Error(error.code(), "cannot write in " + path_ + ": " + error.text(), error.errnoValue());
    }
}

} // namespace nsd::client
