// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"
#include "common/uuid.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/core/waiting_calls.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace nsd {

// What is under way on behalf of request ids. A second request of the same id starts nothing: it gets
// the answer of the first.
class RepeatedRequests {
  public:
    using Start = std::function<void(Completion<Uuid>)>;

    // Throws what `start` throws, and Error{InvalidArgument} where the digests are not the same.
    void run(const RequestId& id, std::uint64_t digest, const Start& start, const Completion<Uuid>& done);
    static void checkSame(const RequestId& id, std::uint64_t earlier, std::uint64_t digest);

  private:
    std::map<RequestId, std::uint64_t> digests_;
    WaitingCalls<RequestId, Uuid> calls_;
};

} // namespace nsd
