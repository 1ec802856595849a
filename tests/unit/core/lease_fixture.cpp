// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/lease_fixture.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

namespace nsd::test {

UniqueFd LeaseFixture::hold(const Uuid& uuid, uid_t uid, const std::string& ground) {
    Caller caller;
    caller.uid = uid;
    caller.ground = ground;
    return namespaces_->hold(uuid, caller);
}

std::vector<std::string> LeaseFixture::whyOf(const Uuid& uuid) {
    std::vector<std::string> why;
    namespaces_->holders(uuid, [&](Outcome<std::vector<Holder>> outcome) {
        for (const auto& holder : outcome.value())
            why.push_back(holder.kind + ' ' + holder.detail);
    });
    loop_.settle();
    return why;
}

FewDescriptors::FewDescriptors(std::size_t spare) {
    // Descriptors are given out from below: the first free ones are those that count.
    std::vector<UniqueFd> free;
    for (std::size_t i = 0; i <= spare; ++i)
        free.emplace_back(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(free.back().get());
    ::setrlimit(RLIMIT_NOFILE, &few);
}

FewDescriptors::~FewDescriptors() {
    ::setrlimit(RLIMIT_NOFILE, &before_);
}

} // namespace nsd::test
