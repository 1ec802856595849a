// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/leases.hpp"
#include "tests/support/lease_state.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <sys/resource.h>

namespace nsd::test {

// The core with clients that hold leases.
class LeaseFixture : public CoreTest {
  protected:
    static constexpr uid_t anna = 1000;
    static constexpr uid_t bert = 1001;

    UniqueFd hold(const Uuid& uuid, uid_t uid = anna, const std::string& ground = "owner");
    [[nodiscard]] std::uint32_t used(uid_t uid) const {
        return namespaces_->quotas().used(uid, Quota::Leases);
    }
    // "kind detail" of each holder.
    [[nodiscard]] std::vector<std::string> whyOf(const Uuid& uuid);
};

// No more than this many new descriptors, as long as it lives.
class FewDescriptors {
  public:
    explicit FewDescriptors(std::size_t spare);
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    ~FewDescriptors();

  private:
    rlimit before_{};
};

} // namespace nsd::test
