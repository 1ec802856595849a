// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/repeated_requests.hpp"

#include "common/quote.hpp"

namespace nsd {

void RepeatedRequests::checkSame(const RequestId& id, std::uint64_t earlier, std::uint64_t digest) {
    if (earlier != digest)
        throw Error(
            Errc::InvalidArgument, "request-id " + quoted(id.id) + " was used before, with other arguments");
}

void RepeatedRequests::run(
    const RequestId& id, std::uint64_t digest, const Start& start, const Completion<Uuid>& done) {
    if (const auto earlier = digests_.find(id); earlier != digests_.end()) {
        checkSame(id, earlier->second, digest);
    } else {
        start([this, id](const Outcome<Uuid>& outcome) {
            digests_.erase(id);
            calls_.answer(id, outcome);
        });
        digests_.emplace(id, digest);
    }
    calls_.add(id, done);
}

} // namespace nsd
