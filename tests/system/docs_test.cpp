// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The documents are true: every command in a ```console block of README.md and docs/ is run, document
// by document on one daemon, and prints what stands below it.
#include "tests/support/doc_examples.hpp"
#include "tests/support/private_run.hpp"
#include "tests/support/system_test.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

constexpr std::array onOneDaemon{"README.md", "docs/comparison.md", "docs/dbus-api.md", "docs/engines.md",
    "docs/network.md", "docs/troubleshooting.md"};

// The host of the documents has a network of its own: the one in which nsd runs.
class Docs : public SystemTest, public testing::WithParamInterface<const char*> {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("busctl");
        NSD_REQUIRE_PROGRAM("ip");
        NSD_REQUIRE(std::filesystem::exists("/usr/lib/cni/bridge"), "package containernetworking-plugins");
        usePrivateNetnsNames();
        SystemTest::SetUp();
    }

    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = {"unshare", "--net"};
        return options;
    }
    // Where the commands are run: with the files of docs/examples. Addresses are given away in there, too.
    void writeExamples() const {
        for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/docs/examples"))
            writeFile(files_.path() / entry.path().filename(),
                replaced(readFile(entry.path()), "\"type\": \"host-local\"",
                    R"("type": "host-local", "dataDir": ")" + (files_ / "leases").string() + '"'));
    }

    TempDir files_;
};

TEST_P(Docs, EveryCommandPrintsWhatStandsBelowIt) {
    const auto examples = examplesIn(GetParam());
    ASSERT_FALSE(examples.empty());
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    options.environment["PATH"] =
        TestDaemon::binary("nsctl").parent_path().string() + ":" + std::getenv("PATH");
    options.workingDirectory = files_.path();
    writeExamples();
    const auto host = "--net=/proc/" + std::to_string(daemon().pid()) + "/ns/net";
    for (const auto& [command, output] : examples) {
        const auto here = replaced(command, "/run/nsd", daemon().runtimeDirectory());
        const auto result = run({"nsenter", host, "sh", "-c", here}, options);
        EXPECT_EQ(result.status, 0) << command << "\n" << result.err;
        EXPECT_EQ(result.err, "") << command;
        const auto printed = replaced(result.out, daemon().runtimeDirectory(), "/run/nsd");
        EXPECT_EQ(comparable(printed), comparable(output)) << command;
    }
}

std::string caseName(const testing::TestParamInfo<const char*>& info) {
    std::string name = std::filesystem::path(info.param).stem();
    std::erase_if(name, [](char c) { return c == '-'; });
    return name;
}

INSTANTIATE_TEST_SUITE_P(Documents, Docs, testing::ValuesIn(onOneDaemon), caseName);

TEST(DocsList, NamesEveryDocumentWithACommand) {
    // docs/systemd.md needs a booted system: boot.*.systemd_page; docs/libnsd.md an installed library:
    // library_examples_test.
    std::vector<std::filesystem::path> tested{onOneDaemon.begin(), onOneDaemon.end()};
    tested.emplace_back("docs/systemd.md");
    tested.emplace_back("docs/libnsd.md");
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/docs")) {
        const auto path = std::filesystem::path("docs") / entry.path().filename();
        if (path.extension() != ".md" || examplesIn(path).empty())
            continue;
        EXPECT_NE(std::find(tested.begin(), tested.end(), path), tested.end()) << path;
    }
}

} // namespace
} // namespace nsd::test
