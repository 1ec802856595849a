// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/unit/drop_in_file.hpp"

#include "client/read_all.hpp"
#include "client/unit/drop_in.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr auto leaf = "50-nsd.conf";
constexpr auto systemUnits = "etc/systemd/system/";

// Gone again unless it was renamed.
class TemporaryFile {
  public:
    explicit TemporaryFile(int directory)
        : directory_(directory), name_(std::string(".#") + leaf + "." + std::to_string(::getpid())) {
        ::unlinkat(directory_, name_.c_str(), 0); // of an nsctl of that number that was killed
        fd_.reset(::openat(directory_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
        if (!fd_ || ::fchmod(fd_.get(), 0644) != 0) // whatever the umask is
            throw kernelError("make", name_, errno);
    }
    ~TemporaryFile() {
        if (!renamed_)
            ::unlinkat(directory_, name_.c_str(), 0);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(std::string_view text) const {
        while (!text.empty()) {
            const auto written = ::write(fd_.get(), text.data(), text.size());
            if (written < 0)
                throw kernelError("write", name_, errno);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(fd_.get()) != 0)
            throw kernelError("write", name_, errno);
    }
    void become(const char* name) {
        if (::renameat(directory_, name_.c_str(), directory_, name) != 0)
            throw kernelError("rename", name, errno);
        renamed_ = true;
    }

  private:
    int directory_;
    std::string name_; // systemd reads what ends in .conf
    UniqueFd fd_;
    bool renamed_ = false;
};

bool isRegularFile(int fd) noexcept {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

} // namespace

DropInFile::DropInFile(const std::string& root, const UnitName& unit)
    : root_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      directory_(systemUnits + unit.name + ".d"),
      path_("/" + directory_ + "/" + leaf) {
    if (!root_)
        throw kernelError("open", root, errno);
}

UniqueFd DropInFile::openDirectory(const std::string& directory) const {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, root_.get(), directory.c_str(), &how, sizeof how)));
    if (!fd && errno != ENOENT)
        throw kernelError("open", "/" + directory, errno);
    return fd;
}

UniqueFd DropInFile::makeDirectory() const {
    UniqueFd parent;
    for (std::size_t end = 0; end != std::string::npos;) {
        const auto begin = end == 0 ? 0 : end + 1;
        end = directory_.find('/', begin);
        const auto here = directory_.substr(0, end);
        const auto name = here.substr(begin);
        if (::mkdirat(parent ? parent.get() : root_.get(), name.c_str(), 0755) != 0 && errno != EEXIST)
            throw kernelError("make", "/" + here, errno);
        parent = openDirectory(here);
        if (!parent)
            throw kernelError("open", "/" + here, ENOENT);
    }
    return parent;
}

std::optional<std::string> DropInFile::joined() const {
    const auto directory = openDirectory(directory_);
    if (!directory)
        return std::nullopt;
    const UniqueFd fd(::openat(directory.get(), leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd && errno == ENOENT)
        return std::nullopt;
    if (!fd && errno != ELOOP) // a link is another's, as that to /dev/null by which one is masked
        throw kernelError("open", path_, errno);
    auto name = isRegularFile(fd.get()) ? namespaceOf(readAll(fd.get(), path_)) : std::nullopt;
    if (!name)
        throw Error(Errc::InvalidArgument, path_ + " is not nsctl's: give it another name first");
    return name;
}

void DropInFile::write(std::string_view text) const {
    static_cast<void>(joined()); // never over another's
    const auto directory = makeDirectory();
    TemporaryFile file(directory.get());
    file.write(text);
    file.become(leaf);
}

void DropInFile::remove() const {
    if (!joined())
        throw Error(Errc::InvalidArgument, "there is no " + path_);
    const auto directory = openDirectory(directory_);
    if (!directory || ::unlinkat(directory.get(), leaf, 0) != 0)
        throw kernelError("remove", path_, errno);
    const auto slash = directory_.rfind('/');
    const auto parent = openDirectory(directory_.substr(0, slash));
    if (parent)
        ::unlinkat(parent.get(), directory_.substr(slash + 1).c_str(), AT_REMOVEDIR);
}

} // namespace nsd::client
