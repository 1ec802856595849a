// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "daemon/core/namespaces.hpp"
#include "tests/support/fake_etc.hpp"
#include "tests/support/fake_kernel.hpp"
#include "tests/support/fake_links.hpp"
#include "tests/support/fake_loop.hpp"
#include "tests/support/fake_net_register.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nsd::test {

class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level >= Level::Warning)
            warnings.emplace_back(text);
    }
    std::vector<std::string> warnings;
};

// "added web", "degraded web" …
class RecordingEvents final : public Events {
  public:
    void added(const NamespaceRecord& record, const MaybeRequester& /*by*/) override {
        seen.push_back("added " + record.name.str());
    }
    void removed(const NamespaceRecord& record, const MaybeRequester& /*by*/) override {
        seen.push_back("removed " + record.name.str());
    }
    void changed(const NamespaceRecord& record, std::string_view what) override {
        seen.push_back(std::string(what) + ' ' + record.name.str());
    }
    std::vector<std::string> seen;
};

// The core over a directory of its own; the kernel lives on when the core is started anew. At the end
// every namespace must be pinned or retired, and no descriptor may be open that was not before.
class CoreTest : public ::testing::Test {
  protected:
    CoreTest();
    ~CoreTest() override;

    // As a daemon that is killed and started again.
    std::vector<Quarantined> restart();
    [[nodiscard]] static CreateRequest request(const std::string& name, NamespaceTypes types);
    // Throw the Error that was answered. Fail where there is not exactly one answer.
    Uuid create(CreateRequest request);
    Uuid create(const std::string& name, NamespaceTypes types = {NamespaceType::Net});
    DestroyResult destroy(const Uuid& uuid, DestroyOptions options = {});

    [[nodiscard]] std::filesystem::path pins() const { return directory_ / "ns"; }
    // Names in a directory below the pins, hidden ones not; all of them for an area.
    [[nodiscard]] std::vector<std::string> entries(const std::string& below = "") const;
    // Nothing half-made is anywhere.
    void expectNoLeftovers() const;
    [[nodiscard]] const NamespaceRecord& record(const Uuid& uuid) const;
    [[nodiscard]] std::uint64_t inode(const Uuid& uuid, NamespaceType type) const;

    TempDir directory_;
    FakeLoop loop_;
    FakeKernel kernel_{loop_};
    FakeNetRegister netRegister_{kernel_};
    FakeLinks links_{loop_, kernel_};
    FakeEtc etc_{loop_};
    RecordingLog log_;
    RecordingEvents events_;
    std::size_t fdsBefore_;
    std::unique_ptr<Namespaces> namespaces_;
};

// The code of the Error that the work throws, as its word; "none" without one.
template <class Work>
std::string codeOf(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return std::string(toWord(error.code()));
    }
    return "none";
}

template <class Work>
std::string textOf(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return error.text();
    }
    return {};
}

} // namespace nsd::test
