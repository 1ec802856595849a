// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace nsd::test {

// A fresh directory of one test, removed with all that is in it, also what is mounted there. Its
// ancestors may be entered by everybody, so that other users can be given a socket in it.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view leaf) const { return path_ / leaf; }

    // Whether a path lies in such a directory of another process: none of this test's business.
    [[nodiscard]] static bool isOfAnotherTest(std::string_view path);

  private:
    std::filesystem::path path_;
};

// Unmounts everything at or below a path of this mount namespace, the newest first, and unlinks what
// namespaces were bound on: that dissolves their copies in other mount namespaces.
void unmountBelow(const std::filesystem::path& path);

[[nodiscard]] std::string readFile(const std::filesystem::path& path);
void writeFile(const std::filesystem::path& path, std::string_view text);

} // namespace nsd::test
