// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/quotas.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace nsd {
namespace {

constexpr uid_t root = 0;
constexpr std::size_t rememberedBuckets = 1024;

struct Row {
    Quota what;
    std::uint32_t QuotaLimits::*limit;
    std::string_view things;
    std::string_view setting;
};

constexpr std::array rows{
    Row{Quota::Namespaces, &QuotaLimits::namespaces, "namespaces", "namespaces"},
    Row{Quota::Leases, &QuotaLimits::leases, "leases", "leases"},
    Row{Quota::Processes, &QuotaLimits::processes, "processes", "processes"},
    Row{Quota::Calls, &QuotaLimits::calls, "calls at a time", "calls"},
};

const Row& rowOf(Quota what) {
    return *std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.what == what; });
}

} // namespace

// Who has nothing has no entry.
struct Quotas::Counts {
    std::map<std::pair<uid_t, Quota>, std::uint32_t> all;
};

Quotas::Share::Share(std::shared_ptr<Counts> counts, uid_t uid, Quota what) noexcept
    : counts_(std::move(counts)), uid_(uid), what_(what) {}

Quotas::Share::Share(Share&& other) noexcept
    : counts_(std::move(other.counts_)), uid_(other.uid_), what_(other.what_) {}

Quotas::Share& Quotas::Share::operator=(Share&& other) noexcept {
    if (this != &other) {
        giveBack();
        counts_ = std::move(other.counts_);
        uid_ = other.uid_;
        what_ = other.what_;
    }
    return *this;
}

Quotas::Share::~Share() {
    giveBack();
}

void Quotas::Share::giveBack() noexcept {
    const auto counts = std::move(counts_);
    if (!counts)
        return;
    const auto entry = counts->all.find({uid_, what_});
    if (--entry->second == 0)
        counts->all.erase(entry);
}

Quotas::Quotas(Loop& loop) : loop_(loop), counts_(std::make_shared<Counts>()) {}

Quotas::Share Quotas::take(uid_t uid, Quota what) {
    const auto& row = rowOf(what);
    const auto limit = limits_.*(row.limit);
    if (const auto has = used(uid, what); uid != root && has >= limit)
        throw Error(Errc::LimitExceeded, "uid " + std::to_string(uid) + " has no " + std::string(row.things) +
                                             " left: " + std::to_string(has) + " of " +
                                             std::to_string(limit) + " are in use (quotas/" +
                                             std::string(row.setting) + " in nsd.json)");
    return count(uid, what);
}

Quotas::Share Quotas::count(uid_t uid, Quota what) {
    ++counts_->all[{uid, what}];
    return {counts_, uid, what};
}

std::uint32_t Quotas::used(uid_t uid, Quota what) const noexcept {
    const auto entry = counts_->all.find({uid, what});
    return entry == counts_->all.end() ? 0 : entry->second;
}

void Quotas::spend(uid_t uid) {
    if (!draw(changes_, uid))
        throw Error(Errc::LimitExceeded,
            "uid " + std::to_string(uid) + " changes more than " + std::to_string(limits_.rate) +
                " things a second, and more than " + std::to_string(limits_.burst) +
                " at once (quotas/rate and quotas/burst in nsd.json); try again in a moment");
}

bool Quotas::mayWriteDown(uid_t uid) {
    return draw(records_, uid);
}

bool Quotas::draw(Buckets& buckets, uid_t uid) {
    if (uid == root)
        return true;
    // A full bucket says the same as none.
    if (buckets.size() >= rememberedBuckets)
        std::erase_if(buckets, [this](const auto& entry) { return levelOf(entry.second) >= limits_.burst; });
    const auto now = loop_.now();
    const auto [entry, fresh] = buckets.try_emplace(uid, Bucket{static_cast<double>(limits_.burst), now});
    auto& bucket = entry->second;
    bucket = {levelOf(bucket), now};
    if (bucket.drops < 1)
        return false;
    bucket.drops -= 1;
    return true;
}

double Quotas::levelOf(const Bucket& bucket) const noexcept {
    const auto seconds = std::chrono::duration<double>(loop_.now() - bucket.at).count();
    return std::min(bucket.drops + seconds * limits_.rate, static_cast<double>(limits_.burst));
}

} // namespace nsd
