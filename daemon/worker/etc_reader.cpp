// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/etc_reader.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/privileges.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <variant>

namespace nsd::worker {
namespace {

[[noreturn]] void complain(const std::string& why) {
    throw Error(Errc::InvalidArgument, why);
}

void check(long result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

struct stat statusOf(int fd, std::string_view onWhat) {
    struct stat status {};
    check(::fstat(fd, &status), "look at", onWhat);
    return status;
}

// Not more names than there may be files, however many there are.
std::vector<std::string> namesIn(int directory) {
    UniqueFd own(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!own)
        throw kernelError("read", "the directory", errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own.get()), ::closedir);
    if (!stream)
        throw kernelError("read", "the directory", errno);
    static_cast<void>(own.release()); // the stream's
    std::vector<std::string> names;
    while (const auto* entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..")
            continue;
        if (names.size() == maxEtcFiles)
            complain("there are more than " + std::to_string(maxEtcFiles) + " files in it");
        names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string textOf(int file, std::string_view name, std::size_t room) {
    std::string text;
    std::array<char, 16UL * 1024> buffer{};
    for (;;) {
        const auto got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            throw kernelError("read", quoted(std::string(name)), errno);
        if (got == 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > room)
            complain("its files have more than " + std::to_string(maxEtcBytes) + " bytes");
    }
    if (!isEtcText(text))
        complain(quoted(std::string(name)) + " is not text in UTF-8");
    return text;
}

// Looked at before it is opened for reading: a device could do something, and a FIFO wait.
std::string readFile(int directory, const std::string& name, int flags, std::size_t room) {
    if (!isEtcFileName(name))
        complain(quoted(name) + " is no name of a file in /etc");
    const UniqueFd found(::openat(directory, name.c_str(), O_PATH | O_CLOEXEC | flags));
    if (!found)
        throw kernelError("open", quoted(name), errno);
    const auto status = statusOf(found.get(), quoted(name));
    if (!S_ISREG(status.st_mode))
        complain(quoted(name) + (S_ISLNK(status.st_mode) ? " is a symbolic link" : " is no regular file"));
    if ((status.st_mode & S_IROTH) == 0)
        complain(quoted(name) + " is not for everybody to read, as it would be inside");
    if (status.st_size > static_cast<off_t>(room))
        complain("its files have more than " + std::to_string(maxEtcBytes) + " bytes");
    const auto path = "/proc/self/fd/" + std::to_string(found.get());
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file)
        throw kernelError("open", quoted(name), errno);
    return textOf(file.get(), name, room);
}

EtcFiles readAll(int directory) {
    EtcFiles files;
    std::size_t room = maxEtcBytes;
    for (const auto& name : namesIn(directory)) {
        auto text = readFile(directory, name, O_NOFOLLOW, room);
        room -= text.size();
        files.emplace(name, std::move(text));
    }
    return files;
}

// Root reads with its capabilities.
void become(const UserIds& user, const ParentChannel& worker) {
    actAs(user);
    if (user.uid != 0)
        dropCapabilities();
    worker.dieWithParent();
}

void checkDirectory(int directory, uid_t user) {
    const auto status = statusOf(directory, "the descriptor");
    if (!S_ISDIR(status.st_mode))
        throw Error(Errc::WrongFd, "etc: the descriptor is no directory");
    if (status.st_uid != user && status.st_uid != 0)
        throw Error(Errc::AccessDenied, "etc: the directory belongs to uid " + std::to_string(status.st_uid) +
                                            "; it must be the caller's or root's");
}

std::vector<std::string> namesOf(int directory, const std::string& path) {
    try {
        return namesIn(directory);
    } catch (const Error& error) {
        throw Error(error.code(), path + ": " + error.text(), error.errnoValue());
    }
}

} // namespace

EtcFiles readEtcDirectory(int directory, const UserIds& user) {
    ChildProcess child([&](const ParentChannel& worker) {
        become(user, worker);
        checkDirectory(directory, user.uid);
        try {
            worker.tell(protocol::encode(protocol::Reply(protocol::EtcFilesReply{readAll(directory)})));
        } catch (const Error& error) {
            throw Error(error.code(), "etc: " + error.text(), error.errnoValue());
        }
    });
    auto reply = protocol::decodeReply(child.receive());
    return std::move(std::get<protocol::EtcFilesReply>(reply).files);
}

EtcFiles readNetnsDirectory(const std::string& path, std::vector<std::string>& remarks) {
    const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory && errno == ENOENT)
        return {};
    if (!directory)
        throw kernelError("open", path, errno);
    EtcFiles files;
    std::size_t room = maxEtcBytes;
    for (const auto& name : namesOf(directory.get(), path)) {
        try {
            auto text = readFile(directory.get(), name, 0, room);
            room -= text.size();
            files.emplace(name, std::move(text));
        } catch (const Error& error) {
            remarks.push_back(path + ": left out: " + error.text());
        }
    }
    return files;
}

} // namespace nsd::worker
