// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace nsd::client {

// Where the user is: standard output and error, and what is known about them.
class Console {
  public:
    Console() = default;
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    virtual ~Console() = default;

    // Throws Error where it cannot be written (a full disk behind a redirection).
    virtual void print(std::string_view text) = 0;
    // One line; the newline is added. Never fails: there is nobody left to tell.
    virtual void complain(std::string_view line) noexcept = 0;
    // Columns of the terminal that standard output is; 0: it is none.
    [[nodiscard]] virtual unsigned width() const = 0;
};

// Descriptors 1 and 2 of this process.
class StandardConsole : public Console {
  public:
    void print(std::string_view text) override;
    void complain(std::string_view line) noexcept override;
    [[nodiscard]] unsigned width() const override;
};

} // namespace nsd::client
