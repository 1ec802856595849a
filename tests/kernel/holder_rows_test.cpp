// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/holder_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace nsd::worker {
namespace {

TEST(HolderRows, AreAsManyAsCanBeShown) {
    const ProcFs proc;
    HolderRows rows(proc);
    constexpr std::size_t many = 6000;
    for (std::size_t i = 0; i < many; ++i)
        for (const std::uint32_t uid : {1000U, 1001U, 1002U})
            rows.add("lease", 0, "", "lease " + std::to_string(i), uid);
    const auto all = rows.take();
    EXPECT_EQ(all.size(), 8192U + 3);
    std::size_t told = 0;
    for (const std::uint32_t uid : {1000U, 1001U, 1002U}) {
        const auto own = std::count_if(all.begin(), all.end(),
            [&](const Holder& holder) { return holder.uid == uid && holder.kind == "lease"; });
        const auto rest = std::find_if(all.begin(), all.end(),
            [&](const Holder& holder) { return holder.uid == uid && holder.kind == "more"; });
        ASSERT_NE(rest, all.end()) << uid;
        EXPECT_EQ(
            rest->detail, std::to_string(many - static_cast<std::size_t>(own)) + " more that are not listed");
        told += static_cast<std::size_t>(own);
    }
    EXPECT_EQ(told, 8192U);
}

TEST(HolderRows, LeaveRoomForOtherUsers) {
    const ProcFs proc;
    HolderRows rows(proc);
    for (int i = 0; i < 10000; ++i)
        rows.add("lease", 0, "", "a lease", 1000);
    rows.add("lease", 0, "", "the lease of somebody else", 1001);
    const auto all = rows.take();
    EXPECT_EQ(
        std::count_if(all.begin(), all.end(), [](const Holder& holder) { return holder.uid == 1001; }), 1);
}

TEST(HolderRows, OfOneProcessAreOneForEachKind) {
    const ProcFs proc;
    HolderRows rows(proc);
    for (int i = 0; i < 100; ++i)
        rows.gather("fd", ::getpid(), "net", "fd " + std::to_string(i));
    rows.gather("socket", ::getpid(), "net", "fd 100");
    const auto all = rows.take();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].detail, "fd 0, fd 1, fd 2, fd 3, fd 4, fd 5, fd 6, fd 7 and 92 more");
    EXPECT_EQ(all[0].pid, static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(all[0].uid, ::geteuid());
    EXPECT_FALSE(all[0].comm.empty());
    EXPECT_EQ(all[1].detail, "fd 100");
}

} // namespace
} // namespace nsd::worker
