// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/live/net_counters.hpp"
#include "client/output/model.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// What one namespace uses now; what is empty is not for this user to know, or there is none.
struct Usage {
    ListedNamespace row;
    std::optional<NetCounters> net{};
    std::optional<std::uint64_t> receiveRate{}; // bytes a second, since the sample before
    std::optional<std::uint64_t> sendRate{};
    std::optional<std::uint64_t> memory{}; // resident, of the processes that live in it; bytes
};

// Takes samples, one after the other. Remembers of each namespace what does not change.
class Usages {
  public:
    // Who is not root is shown what nsd tells everybody.
    explicit Usages(uid_t asker) : asker_(asker) {}

    [[nodiscard]] std::vector<Usage> take(Client& client);

  private:
    struct Known {
        std::string pin;
        std::map<std::string, std::uint64_t> inodes{};
        std::optional<NetCounters> before{};
    };
    [[nodiscard]] Known& known(Client& client, const ListedNamespace& row);
    void measureNet(Client& client, Usage& usage, double seconds);

    uid_t asker_;
    std::map<std::string, Known> known_; // by UUID
    std::optional<std::chrono::steady_clock::time_point> last_;
};

// Keys by which they can be sorted: the name upwards, all else downwards.
[[nodiscard]] const std::vector<std::string>& usageKeys();
void sortUsages(std::vector<Usage>& usages, std::string_view word);

[[nodiscard]] std::vector<Record> usageRecords(const std::vector<Usage>& usages);

// "512", "1.5K", "23M": in powers of 1024, as people read it.
[[nodiscard]] std::string sizeText(std::uint64_t bytes);

} // namespace nsd::client
