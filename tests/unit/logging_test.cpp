// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/logging.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"
#include "systemd/journal.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

std::string streamOf(int fd) {
    struct stat st {};
    EXPECT_EQ(::fstat(fd, &st), 0);
    return std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino);
}

// stderr is a file, which the test may say to be the journal's.
class LoggingTest : public testing::Test {
  protected:
    LoggingTest() : before_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
        const UniqueFd file(
            ::open((directory_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        ::dup2(file.get(), STDERR_FILENO);
    }
    ~LoggingTest() override {
        ::dup2(before_.get(), STDERR_FILENO);
        ::unsetenv("JOURNAL_STREAM");
    }
    static void callItTheJournals() { ::setenv("JOURNAL_STREAM", streamOf(STDERR_FILENO).c_str(), 1); }
    [[nodiscard]] std::string said() const { return readFile(directory_ / "log"); }

    TempDir directory_;
    UniqueFd before_;
};

TEST_F(LoggingTest, linesBelowTheLevelAreDropped) {
    Logging log;
    log.debug("a");
    log.info("b");
    log.setLogLevel("warning");
    log.info("c");
    log.warning("d");
    log.setLevel(Log::Level::Debug);
    log.debug("e");
    EXPECT_EQ(said(), "nsd: b\nnsd: warning: d\nnsd: debug: e\n");
}

TEST_F(LoggingTest, theLevelIsAWordOfSyslogAndIsReadAsItWasSet) {
    Logging log;
    EXPECT_EQ(log.logLevel(), "info");
    for (const auto* word : {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}) {
        log.setLogLevel(word);
        EXPECT_EQ(log.logLevel(), word);
    }
    log.setLogLevel("crit");
    log.error("less than critical");
    log.setLogLevel("notice");
    log.info("less than a notice");
    EXPECT_EQ(said(), "");
}

TEST_F(LoggingTest, whatItDoesNotKnowIsRefusedWithWhatItKnows) {
    Logging log;
    const auto whatIsWrong = [](const auto& step) -> std::string {
        try {
            step();
        } catch (const Error& error) {
            return error.text();
        }
        return "nothing";
    };
    EXPECT_NE(whatIsWrong([&] { log.setLogLevel("loud"); }).find("\"loud\""), std::string::npos);
    EXPECT_NE(whatIsWrong([&] { log.setLogLevel("loud"); }).find("notice"), std::string::npos);
    EXPECT_NE(
        whatIsWrong([&] { log.setLogTarget("kmsg"); }).find("auto, console, journal"), std::string::npos);
    EXPECT_EQ(log.logLevel(), "info");
    EXPECT_EQ(log.logTarget(), "auto");
}

TEST_F(LoggingTest, theStreamOfTheJournalHasThePriorities) {
    callItTheJournals();
    Logging log;
    log.info("a");
    log.error("b");
    log.setLogTarget("console");
    log.record({"0123", 4, "c", {"NSD_UUID=1"}});
    EXPECT_EQ(said(), "<6>a\n<3>b\n<4>c\n");
}

TEST_F(LoggingTest, withoutAJournalARecordIsALineOfItsPriority) {
    Logging log;
    log.record({"0123", 5, "a", {"NSD_UUID=1"}});
    log.record({"0123", 4, "b", {}});
    log.record({"0123", 2, "c", {}});
    EXPECT_EQ(said(), "nsd: a\nnsd: warning: b\nnsd: error: c\n");
}

TEST_F(LoggingTest, stderrIsTheJournalsOnlyIfItIsTheStreamThatSystemdGave) {
    callItTheJournals();
    EXPECT_TRUE(journal::isStream(STDERR_FILENO));
    ::setenv("JOURNAL_STREAM", (streamOf(STDERR_FILENO) + "0").c_str(), 1);
    EXPECT_FALSE(journal::isStream(STDERR_FILENO));
    ::unsetenv("JOURNAL_STREAM");
    EXPECT_FALSE(journal::isStream(STDERR_FILENO));
}

} // namespace
} // namespace nsd::test
