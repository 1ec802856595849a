// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/mount.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nsd::test {

// A real worker that is asked what holds namespaces. The test itself holds them all and does not count.
class Holders : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
    }
    void TearDown() override { reapOrphans(); }

    MadeByWorker make(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return worker_.make(spec);
    }
    std::vector<Holder> holders(const HolderQuery& query, const std::vector<int>& fds = {}) {
        const protocol::HoldersRequest request{query, {::getpid()}};
        return worker_.askFor<protocol::HoldersReply>(request, fds).holders;
    }
    std::vector<Holder> holders(const MadeByWorker& made) { return holders({made.identities()}); }
    static std::vector<Holder> ofKind(std::vector<Holder> all, const std::string& kind) {
        std::erase_if(all, [&](const Holder& holder) { return holder.kind != kind; });
        return all;
    }

    // `prefix` runs the worker.
    explicit Holders(const Arguments& prefix = {}) : worker_(prefix) {}

  private:
    WorkerProcess worker_;
};

inline void expectOne(
    const std::vector<Holder>& found, const std::string& kind, pid_t pid, std::string_view type) {
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, kind);
    EXPECT_EQ(found[0].pid, static_cast<std::uint32_t>(pid));
    EXPECT_EQ(found[0].type, type);
}

inline void expectIn(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

// A pin, or somebody's own mount.
class BoundFile {
  public:
    BoundFile(int nsFd, std::filesystem::path file) : file_(std::move(file)) {
        UniqueFd(::open(file_.c_str(), O_CREAT | O_CLOEXEC, 0600)).reset();
        const auto source = "/proc/self/fd/" + std::to_string(nsFd);
        if (::mount(source.c_str(), file_.c_str(), nullptr, MS_BIND, nullptr) != 0)
            throw kernelError("bind", file_.string(), errno);
    }
    ~BoundFile() {
        ::umount2(file_.c_str(), MNT_DETACH);
        ::unlink(file_.c_str());
    }
    BoundFile(const BoundFile&) = delete;
    BoundFile& operator=(const BoundFile&) = delete;
    [[nodiscard]] std::string path() const { return file_.string(); }

  private:
    std::filesystem::path file_;
};

// Where pins are known as such: an unbindable mount, as nsd's.
class PinDirectory {
  public:
    PinDirectory() {
        if (::mount("nsd", path().c_str(), "tmpfs", 0, nullptr) != 0 ||
            ::mount(nullptr, path().c_str(), nullptr, MS_UNBINDABLE, nullptr) != 0)
            throw kernelError("mount", path(), errno);
    }
    ~PinDirectory() { ::umount2(path().c_str(), MNT_DETACH); }
    PinDirectory(const PinDirectory&) = delete;
    PinDirectory& operator=(const PinDirectory&) = delete;
    [[nodiscard]] std::string path() const { return directory_.path().string(); }
    [[nodiscard]] std::filesystem::path operator/(const std::string& leaf) const { return directory_ / leaf; }

  private:
    TempDir directory_;
};

} // namespace nsd::test
