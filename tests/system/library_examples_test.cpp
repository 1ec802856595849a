// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The programs of examples/: that in C++ is built outside the tree, against an installed libnsd.
#include "tests/support/system_test.hpp"

#include <filesystem>
#include <string>

namespace nsd::test {
namespace {

constexpr auto examples = NSD_TEST_SOURCE_DIR "/examples/";
constexpr auto library = NSD_TEST_LIBRARY_DIR;
constexpr std::chrono::minutes patience{5};

class LibraryExamples : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        SystemTest::SetUp();
    }

    [[nodiscard]] std::string runHere(const Arguments& command, Environment environment = {}) {
        CommandOptions options;
        options.environment = std::move(environment);
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        return mustRun(command, options);
    }
};

class LibraryInCpp : public LibraryExamples {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("cmake");
        NSD_REQUIRE_PROGRAM("make");
        NSD_REQUIRE_PROGRAM("pkg-config");
        LibraryExamples::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        for (const auto* component : {"libnsd", "libnsd-dev"})
            mustRun({"cmake", "--install", NSD_TEST_BUILD_DIR, "--component", component},
                there({{"DESTDIR", root_.path().string()}}));
        std::filesystem::copy(std::string(examples) + "cpp", project_.path());
    }

    // The compiler that nsd was built with, for its sanitizers.
    [[nodiscard]] CommandOptions there(Environment environment) const {
        CommandOptions options;
        options.environment = std::move(environment);
        options.environment["CXX"] = NSD_TEST_COMPILER;
        options.environment["CXXFLAGS"] = "-Wall -Wextra -Wpedantic -Werror " NSD_TEST_SANITIZERS;
        options.workingDirectory = project_.path();
        options.timeout = patience;
        return options;
    }
    [[nodiscard]] std::string installed(const std::string& path) const {
        return root_.path().string() + path;
    }

    void runsAndTells(const std::string& program) {
        EXPECT_EQ(runHere({program}, {{"LD_LIBRARY_PATH", installed(library)}}),
            "example has net uts and is ready\n"
            "status 0, a call from inside\n"
            "the command ended with 7\n"
            "gone");
        EXPECT_EQ(nsctl({"list"}), "");
    }

    TempDir root_;
    TempDir project_;
};

TEST_F(LibraryInCpp, IsFoundByCMake) {
    mustRun({"cmake", "-S", ".", "-B", "build", "-D", "CMAKE_PREFIX_PATH=" + installed("/usr")}, there({}));
    mustRun({"cmake", "--build", "build"}, there({}));
    runsAndTells((project_ / "build/inside").string());
}

TEST_F(LibraryInCpp, IsFoundByPkgConfig) {
    mustRun({"make"}, there({{"PKG_CONFIG_SYSROOT_DIR", root_.path().string()},
                          {"PKG_CONFIG_LIBDIR", installed(library) + "/pkgconfig"}}));
    runsAndTells((project_ / "inside").string());
}

TEST_F(LibraryExamples, InPython) {
    NSD_REQUIRE(run({"/usr/bin/python3", "-c", "import dbus"}).ok(), "package python3-dbus");
    EXPECT_EQ(runHere({"/usr/bin/python3", std::string(examples) + "namespaces.py"}),
        "python net ready\n"
        "inside: lo\n"
        "is: python net\n"
        "org.nsd1.Error.NameExists\n"
        "released: yes");
}

TEST_F(LibraryExamples, InAShell) {
    NSD_REQUIRE_PROGRAM("busctl");
    EXPECT_EQ(runHere({"sh", std::string(examples) + "namespaces.sh"}), "\"shell\"\n"
                                                                        "\"pin\"\n"
                                                                        "a{sv} 1 \"released\" s \"yes\"");
}

} // namespace
} // namespace nsd::test
