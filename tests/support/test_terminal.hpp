// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <termios.h>

namespace nsd::test {

// A terminal with somebody at it: what he starts has it as its controlling terminal and as descriptors
// 0, 1 and 2, leads its session, and is killed at the latest when this goes.
class TestTerminal {
  public:
    TestTerminal();
    ~TestTerminal();
    TestTerminal(const TestTerminal&) = delete;
    TestTerminal& operator=(const TestTerminal&) = delete;

    void start(const Arguments& argv, const CommandOptions& options = {});
    // Its result is the exit status.
    void start(const std::function<int()>& program);
    // The same as the one job of a shell, which ends as it does. The shell says at each of its stops and
    // at its end whose the terminal is: "terminal is the job's", "terminal is another's"; then "stopped,
    // lines" or, where the terminal has not its lines back, "stopped, raw". With the next key typed it
    // goes on in the foreground. In the background, it comes to the foreground with the first key.
    enum class Place { Foreground, Background };
    void startAsJob(const std::function<int()>& program, Place place = Place::Foreground);
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    void type(const std::string& keys);
    // Whether this comes out within ten seconds, behind what was found before.
    [[nodiscard]] bool shows(const std::string& text);
    // Whether the shell that is at its prompt stops a job by a key, goes on with it and interrupts it.
    [[nodiscard]] testing::AssertionResult controlsJobs(const std::string& prompt);
    // All that came out.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    void resize(unsigned short rows, unsigned short columns);
    void hangUp();

    [[nodiscard]] termios modes() const;
    void setModes(const termios& modes);
    // Neither echo nor lines nor signals.
    [[nodiscard]] bool isRaw() const;
    // The process group in the foreground.
    [[nodiscard]] pid_t foreground() const;
    [[nodiscard]] bool waitUntilRaw(bool raw);

    // Exit status, or 128+N for a signal; throws after ten seconds.
    int wait();
    // Whether it stops within ten seconds.
    [[nodiscard]] bool waitUntilStopped();

  private:
    [[nodiscard]] bool readSome(std::chrono::milliseconds patience);
    [[noreturn]] void become(const std::function<int()>& program);

    UniqueFd master_;
    UniqueFd slave_; // so that the terminal lives until the end
    pid_t pid_ = 0;
    std::string output_;
    std::size_t seen_ = 0;
};

} // namespace nsd::test
