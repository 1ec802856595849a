// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/process_state.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

const Uuid uuid = *Uuid::parse("0123456789abcdef0123456789abcdef");
const ProcessState::Begin untied{uuid};
const ProcessState::Running running{{4711, 123}, {4710, 122}, 4'000'000'000U};
const ProcessEnd end{1, 7, std::chrono::microseconds(99)};

TEST(ProcessState, isReadAsItWasWritten) {
    const auto text = toLine(untied) + toLine(running) + toLine(end);
    EXPECT_EQ(parseProcessState(text), (ProcessState{untied, running, end}));
}

TEST(ProcessState, growsLineByLine) {
    EXPECT_EQ(parseProcessState(toLine(untied)), (ProcessState{untied}));
    EXPECT_EQ(parseProcessState(toLine(untied) + toLine(running)), (ProcessState{untied, running}));
}

TEST(ProcessState, keepsTheTie) {
    const ProcessState::Begin tied{uuid, ClientTie{":1.42", "abcdef"}};
    EXPECT_EQ(parseProcessState(toLine(tied)).begin, tied);
}

TEST(ProcessState, aLineWithoutItsEndIsNotThereYet) {
    auto text = toLine(untied) + toLine(running);
    text.pop_back();
    EXPECT_EQ(parseProcessState(text), (ProcessState{untied}));
}

TEST(ProcessState, rubbishIsAnError) {
    const auto first = toLine(untied);
    for (const std::string& text :
        {std::string(), std::string("begin"), std::string("\n"), std::string("begin nothing -\n"),
            first + first, first + toLine(end), first + "running 0 1 2 3 0\n", first + "running -5 1 2 3 0\n",
            first + "running 1 2 3 4\n", first + "running 1 2 3 4 5 6\n",
            first + "running 99999999999 2 3 4 0\n", first + "running 1 2 3 4 -1\n", first + "other\n",
            toLine(running), first + toLine(running) + "end 1 x 3\n", std::string(64, '\0') + "\n"})
        EXPECT_THROW(static_cast<void>(parseProcessState(text)), Error) << text;
}

} // namespace
} // namespace nsd
