// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_etc.hpp"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {

void FakeEtc::readDirectory(UniqueFd /*directory*/, const UserIds& caller, Completion<EtcFiles> done) {
    readers_.push_back(caller.uid);
    loop_.post([done = std::move(done), files = files_] { done(files); });
}

void FakeEtc::make(
    const Name& name, const EtcFiles& defaults, const EtcFiles& own, Completion<MadeEtc> done) {
    auto files = own;
    if (const auto found = netns_.find(name.str()); found != netns_.end())
        files.merge(EtcFiles(found->second));
    files.merge(EtcFiles(defaults));
    const auto made = std::make_shared<Outcome<MadeEtc>>(MadeEtc{});
    if (failure_) {
        *made = *std::exchange(failure_, std::nullopt);
    } else if (!files.empty()) {
        made->value().mount.reset(::open("/", O_PATH | O_CLOEXEC));
        for (const auto& [file, text] : files)
            made->value().files.push_back(file);
    }
    loop_.post([done = std::move(done), made] { done(std::move(*made)); });
}

void FakeEtc::mount(const MadeEtc& /*etc*/, int directory) {
    if (refusing_)
        throw kernelError("mount", "an /etc of its own", ENOSPC);
    if (::mkdirat(directory, "etc", S_IRWXU) != 0)
        throw kernelError("mkdir", "etc", errno);
}

void FakeEtc::remove(int directory) {
    if (::unlinkat(directory, "etc", AT_REMOVEDIR) != 0 && errno != ENOENT)
        throw kernelError("remove", "its /etc", errno);
}

UniqueFd FakeEtc::copy(int directory) {
    return UniqueFd(::openat(directory, "etc", O_PATH | O_CLOEXEC));
}

void FakeEtc::refresh(int /*directory*/) {
    ++refreshes_;
}

} // namespace nsd::test
