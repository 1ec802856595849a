// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/outcome.hpp"

#include <cerrno>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace nsd {
namespace {

TEST(Error, EveryCodeHasAWordOfItsOwn) {
    std::set<std::string_view> words;
    for (const auto code : allErrcs()) {
        EXPECT_EQ(errcFromWord(toWord(code)), code);
        words.insert(toWord(code));
    }
    EXPECT_EQ(words.size(), allErrcs().size());
    // The enumerators count from 0 without a gap, so that none can be missing in between.
    for (std::size_t i = 0; i < allErrcs().size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(allErrcs()[i]), i);
    EXPECT_EQ(allErrcs().back(), Errc::InteractiveAuthorizationRequired);
    EXPECT_FALSE(errcFromWord("NoSuchError"));
}

TEST(Error, OfTheKernelNamesStepObjectAndReason) {
    const auto error = kernelError("mount", "on x", EINVAL);
    EXPECT_EQ(error.code(), Errc::KernelError);
    EXPECT_EQ(error.text(), "mount on x: Invalid argument");
    EXPECT_EQ(error.errnoValue(), EINVAL);
    EXPECT_STREQ(error.what(), error.text().c_str());
}

TEST(Error, LimitsOfTheKernelAreLimits) {
    for (const int limit : {EMFILE, ENFILE, ENOSPC, EUSERS, EDQUOT})
        EXPECT_EQ(kernelError("x", "", limit).code(), Errc::LimitExceeded) << limit;
    for (const int other : {EPERM, EINVAL, ENOENT})
        EXPECT_EQ(kernelError("x", "", other).code(), Errc::KernelError) << other;
}

TEST(Outcome, IsAValueOrThrowsItsError) {
    Outcome<int> good(7);
    EXPECT_TRUE(good.ok());
    EXPECT_EQ(good.value(), 7);
    Outcome<int> bad(Error(Errc::Busy, "why"));
    EXPECT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code(), Errc::Busy);
    EXPECT_THROW(static_cast<void>(bad.value()), Error);
}

} // namespace
} // namespace nsd
