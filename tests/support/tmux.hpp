// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>

namespace nsd::test {

// A shell in a terminal of tmux, which shows what a person would see. Needs the program tmux.
class Tmux {
  public:
    static constexpr auto prompt = "ready>";

    explicit Tmux(const Environment& environment, unsigned columns = 100, unsigned rows = 24);
    ~Tmux();
    Tmux(const Tmux&) = delete;
    Tmux& operator=(const Tmux&) = delete;

    void type(const std::string& text); // as it stands
    void press(const std::string& key); // "Enter", "C-c"
    // A line for the shell.
    void enter(const std::string& line);
    void resize(unsigned columns, unsigned rows);

    [[nodiscard]] std::string screen();
    // Whether this is on the screen within ten seconds; whether it goes from there.
    [[nodiscard]] bool shows(const std::string& text);
    [[nodiscard]] bool loses(const std::string& text);
    // Whether the shell has the terminal as it was: it echoes, and has lines and signals.
    [[nodiscard]] bool isRestored();

  private:
    std::string tmux(Arguments arguments) const;

    TempDir directory_;
    Environment environment_;
};

} // namespace nsd::test
