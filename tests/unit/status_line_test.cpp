// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/status_line.hpp"

#include "tests/support/fake_loop.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

using std::chrono::seconds;

class StatusLineTest : public testing::Test {
  protected:
    FakeLoop loop_;
    std::string text_ = "0 namespaces";
    std::vector<std::string> sent_;
    StatusLine line_{loop_, [this] { return text_; }, [this](const auto& text) { sent_.push_back(text); }};
};

TEST_F(StatusLineTest, manyChangesAreOneLineASecond) {
    for (int i = 1; i <= 100; ++i) {
        text_ = std::to_string(i) + " namespaces";
        line_.touch();
        loop_.settle();
    }
    EXPECT_EQ(sent_, std::vector<std::string>{});
    loop_.advance(seconds(1));
    EXPECT_EQ(sent_, std::vector<std::string>{"100 namespaces"});
    text_ = "99 namespaces";
    line_.touch();
    loop_.advance(seconds(1));
    EXPECT_EQ(sent_.back(), "99 namespaces");
}

TEST_F(StatusLineTest, theSameLineIsNotSentAgain) {
    line_.touch();
    loop_.advance(seconds(5));
    EXPECT_EQ(sent_, std::vector<std::string>{});
    EXPECT_EQ(loop_.timers(), 0U) << "it wakes up for nothing";
}

TEST_F(StatusLineTest, commandsChangeIt) {
    text_ = "1 processes";
    line_.started(ProcessRecord{}, std::nullopt);
    loop_.advance(seconds(1));
    text_ = "0 processes";
    line_.ended(ProcessRecord{});
    loop_.advance(seconds(1));
    EXPECT_EQ(sent_, (std::vector<std::string>{"1 processes", "0 processes"}));
}

} // namespace
} // namespace nsd::test
