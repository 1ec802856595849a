// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/test_terminal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto patience = 10s;
constexpr auto betweenLooks = 5ms;

int check(int result, const char* what) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

template <class Condition>
bool within(std::chrono::milliseconds time, Condition holds) {
    for (const auto deadline = Clock::now() + time; !holds();) {
        if (Clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(betweenLooks);
    }
    return true;
}

int execute(const Arguments& argv, const CommandOptions& options) {
    if (options.user &&
        (::setgroups(0, nullptr) != 0 || ::setgid(*options.user) != 0 || ::setuid(*options.user) != 0))
        return 126;
    for (const auto& [name, value] : options.environment)
        value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    std::vector<char*> arguments;
    for (const auto& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    return 127;
}

void say(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

// A shell is at its terminal again: how the job left it.
void takeTerminal(pid_t job, bool stopped) {
    say(::tcgetpgrp(0) == job ? "terminal is the job's" : "terminal is another's");
    ::tcsetpgrp(0, ::getpgrp());
    termios modes{};
    ::tcgetattr(0, &modes);
    if (stopped)
        say((modes.c_lflag & ICANON) != 0 ? "stopped, lines" : "stopped, raw");
}

void awaitKey() {
    char key = 0;
    static_cast<void>(::read(0, &key, 1));
}

int watchJob(pid_t job) {
    for (int status = 0;;) {
        ::waitpid(job, &status, WUNTRACED);
        takeTerminal(job, WIFSTOPPED(status));
        if (!WIFSTOPPED(status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        awaitKey();
        ::tcsetpgrp(0, job);
        ::kill(-job, SIGCONT);
    }
}

} // namespace

TestTerminal::TestTerminal()
    : master_(check(::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "open /dev/ptmx")) {
    check(::unlockpt(master_.get()), "unlockpt");
    slave_.reset(check(::ioctl(master_.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), "TIOCGPTPEER"));
    resize(24, 80);
}

TestTerminal::~TestTerminal() {
    if (pid_ == 0)
        return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void TestTerminal::start(const Arguments& argv, const CommandOptions& options) {
    if (options.user)
        check(::fchown(slave_.get(), *options.user, *options.user), "fchown");
    start([&] { return execute(argv, options); });
}

void TestTerminal::start(const std::function<int()>& program) {
    pid_ = check(::fork(), "fork");
    if (pid_ == 0)
        become(program);
}

void TestTerminal::startAsJob(const std::function<int()>& program, Place place) {
    start([&] {
        ::signal(SIGTTOU, SIG_IGN);
        const pid_t job = ::fork();
        if (job == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::setpgid(0, 0);
            if (place == Place::Foreground)
                ::tcsetpgrp(0, ::getpid());
            ::signal(SIGTTOU, SIG_DFL);
            ::_exit(program());
        }
        ::setpgid(job, job);
        if (place == Place::Background) {
            awaitKey();
            ::tcsetpgrp(0, job); // a shell sends no SIGCONT to a job that has not been stopped
        }
        return watchJob(job);
    });
}

void TestTerminal::become(const std::function<int()>& program) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setsid();
    if (::ioctl(slave_.get(), TIOCSCTTY, 0) != 0)
        ::_exit(126);
    for (int number = 0; number < 3; ++number)
        ::dup2(slave_.get(), number);
    slave_.reset();
    master_.reset();
    ::_exit(program());
}

void TestTerminal::type(const std::string& keys) {
    check(static_cast<int>(::write(master_.get(), keys.data(), keys.size())), "type");
}

bool TestTerminal::readSome(std::chrono::milliseconds time) {
    pollfd ready{master_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(time.count())) <= 0)
        return false;
    std::array<char, 4096> buffer{};
    const auto count = ::read(master_.get(), buffer.data(), buffer.size());
    if (count > 0)
        output_.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
}

bool TestTerminal::shows(const std::string& text) {
    for (const auto deadline = Clock::now() + patience; Clock::now() < deadline;) {
        const auto found = output_.find(text, seen_);
        if (found == std::string::npos) {
            static_cast<void>(readSome(50ms));
            continue;
        }
        seen_ = found + text.size();
        return true;
    }
    return false;
}

testing::AssertionResult TestTerminal::controlsJobs(const std::string& prompt) {
    const std::array dialogue{
        std::pair{"sed -u s/^/got-/\nbegun\n", std::string("got-begun")},
        std::pair{"\x1a", std::string("Stopped")},
        std::pair{"", prompt},
        std::pair{"fg\nagain\n", std::string("got-again")},
        std::pair{"\x03", prompt},
    };
    for (const auto& [keys, answer] : dialogue) {
        type(keys);
        if (!shows(answer))
            return testing::AssertionFailure() << '"' << answer << "\" does not come: " << output_;
    }
    return testing::AssertionSuccess();
}

void TestTerminal::resize(unsigned short rows, unsigned short columns) {
    const winsize size{rows, columns, 0, 0};
    check(::ioctl(master_.get(), TIOCSWINSZ, &size), "TIOCSWINSZ");
}

void TestTerminal::hangUp() {
    slave_.reset();
    master_.reset();
}

termios TestTerminal::modes() const {
    termios modes{};
    check(::tcgetattr(slave_.get(), &modes), "tcgetattr");
    return modes;
}

void TestTerminal::setModes(const termios& modes) {
    check(::tcsetattr(slave_.get(), TCSANOW, &modes), "tcsetattr");
}

bool TestTerminal::isRaw() const {
    return (modes().c_lflag & (ECHO | ICANON | ISIG)) == 0;
}

pid_t TestTerminal::foreground() const {
    pid_t group = 0;
    check(::ioctl(master_.get(), TIOCGPGRP, &group), "TIOCGPGRP");
    return group;
}

bool TestTerminal::waitUntilRaw(bool raw) {
    return within(patience, [&] { return isRaw() == raw; });
}

int TestTerminal::wait() {
    int status = 0;
    const auto ended = [&] {
        while (master_ && readSome(0ms)) {
        }
        return ::waitpid(pid_, &status, WNOHANG) == pid_;
    };
    if (!within(patience, ended))
        throw std::runtime_error("it does not end; the terminal shows: " + output_);
    while (master_ && readSome(0ms)) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool TestTerminal::waitUntilStopped() {
    int status = 0;
    return within(patience,
        [&] { return ::waitpid(pid_, &status, WUNTRACED | WNOHANG) == pid_ && WIFSTOPPED(status); });
}

} // namespace nsd::test
