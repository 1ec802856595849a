// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/unique_fd.hpp"
#include "daemon/audit_trail.hpp"
#include "systemd/logging.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

AuditRecord refused() {
    AuditRecord decision;
    decision.method = "Destroy";
    decision.name = "web";
    decision.why = "polkit says\nno";
    return decision;
}

void must(bool holds) {
    if (!holds)
        ::_exit(errno == 0 ? 255 : errno);
}

// A trail into the journal, and what became lines of stderr instead.
class Trail {
  public:
    Trail() {
        must(::dup2(lines_.get(), STDERR_FILENO) == STDERR_FILENO);
        log_.setLogTarget("journal");
    }
    void record() { trail_.record(refused()); }
    [[nodiscard]] int lines() const {
        std::array<char, 65536> text{};
        const auto size = ::pread(lines_.get(), text.data(), text.size(), 0);
        return static_cast<int>(std::count(text.begin(), text.begin() + std::max<ssize_t>(size, 0), '\n'));
    }

  private:
    UniqueFd lines_{::memfd_create("stderr", MFD_CLOEXEC)};
    Logging log_;
    AuditTrail trail_{log_};
};

// In a mount namespace of its own: a journal's socket where sd-journal(3) looks for it, and nothing
// else in /run.
UniqueFd ownJournal() {
    must(::unshare(CLONE_NEWNS) == 0);
    must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    must(::mount("tmpfs", "/run", "tmpfs", 0, nullptr) == 0);
    must(::mkdir("/run/systemd", 0755) == 0 && ::mkdir("/run/systemd/journal", 0755) == 0);
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{AF_UNIX, "/run/systemd/journal/socket"};
    must(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

TEST(AuditJournal, theJournalGetsOneEntryAndTheLogNone) {
    NSD_REQUIRE_ROOT();
    const TempDir directory;
    const UniqueFd received(::open((directory / "entry").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto socket = ownJournal();
        Trail trail;
        trail.record();
        must(trail.lines() == 0);
        std::array<char, 4096> entry{};
        const auto size = ::recv(socket.get(), entry.data(), entry.size(), MSG_DONTWAIT);
        must(size > 0 && ::write(received.get(), entry.data(), static_cast<std::size_t>(size)) == size);
        must(::recv(socket.get(), entry.data(), entry.size(), MSG_DONTWAIT) < 0);
        ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    const auto entry = readFile(directory / "entry");
    EXPECT_NE(entry.find("NSD_VERDICT=denied\n"), std::string::npos) << entry;
    EXPECT_NE(entry.find("NSD_NAMESPACE=web\n"), std::string::npos) << entry;
    EXPECT_NE(entry.find("polkit says\nno\n"), std::string::npos)
        << "with its length, as the protocol has it";
}

TEST(AuditJournal, aJournalThatDoesNotTakeItLeavesItToTheLog) {
    NSD_REQUIRE_ROOT();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // What is there is no socket.
        const auto socket = ownJournal();
        ::unlink("/run/systemd/journal/socket");
        must(::mkdir("/run/systemd/journal/socket", 0755) == 0);
        Trail trail;
        trail.record();
        errno = 0;
        must(trail.lines() == 2); // the reason has two
        ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

// One that hangs: its socket takes what its queue has room for, and then whoever writes would wait.
TEST(AuditJournal, aJournalThatReadsNothingStopsNobodyAndIsToldOfLater) {
    NSD_REQUIRE_ROOT();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::alarm(20);
        const auto socket = ownJournal();
        Trail trail;
        for (int i = 0; i < 10'000; ++i)
            trail.record();
        errno = 0;
        must(trail.lines() == 0);
        std::array<char, 4096> entry{};
        while (::recv(socket.get(), entry.data(), entry.size(), MSG_DONTWAIT) > 0) {
        }
        trail.record();
        trail.record();
        errno = 0;
        must(trail.lines() == 1);
        must(::recv(socket.get(), entry.data(), entry.size(), MSG_DONTWAIT) > 0);
        ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

} // namespace
} // namespace nsd::test
