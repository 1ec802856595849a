// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/proc_stat.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nsd {
namespace {

const std::string behindTheName = " S 1 17 17 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 ";

TEST(ProcStat, theStartTimeIsField22) {
    EXPECT_EQ(startTimeInStat("17 (sleep)" + behindTheName + "4711 2752512 200\n"), 4711U);
}

TEST(ProcStat, aNameMayHoldAnything) {
    EXPECT_EQ(startTimeInStat("17 (a) S 1 (b) c" + (')' + behindTheName) + "4711 2752512 200\n"), 4711U);
}

TEST(ProcStat, whatDoesNotSayIsZero) {
    for (const auto& text : {std::string(), std::string("17 (sleep"), "17 (sleep)" + behindTheName,
             "17 (sleep)" + behindTheName + "x"})
        EXPECT_EQ(startTimeInStat(text), 0U) << text;
}

} // namespace
} // namespace nsd
