// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace nsd::test {

// The source of one manual page (scdoc(5)) by its headings.
class ManualPage {
  public:
    using Lines = std::vector<std::string>;

    // "nsctl.1": docs/man/nsctl.1.scd.
    explicit ManualPage(const std::string& name);

    // What stands below a heading: "OPTIONS", or "VERBS/create NAME" below a second one. Empty: there is
    // no such heading.
    [[nodiscard]] Lines below(const std::string& heading) const;
    // The second headings of a section, in their order.
    [[nodiscard]] Lines headingsIn(const std::string& section) const;
    // The terms that are defined below a heading, as they are written: "*-q*, *--quiet*".
    [[nodiscard]] Lines termsIn(const std::string& heading) const;
    // The lines of one definition; empty: there is none.
    [[nodiscard]] std::string definition(const std::string& heading, const std::string& term) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    std::map<std::string, Lines> sections_;
    std::map<std::string, Lines> headings_;
    std::string text_;
};

// The pages that docs/man has sources of: "nsctl.1".
[[nodiscard]] std::vector<std::string> manualPages();

} // namespace nsd::test
