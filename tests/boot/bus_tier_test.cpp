// SPDX-License-Identifier: LGPL-2.1-or-later
// The bus tier once more, on buses of dbus-broker, which needs a systemd to run.
#include "tests/boot/boot_test.hpp"

#include <fstream>
#include <sstream>

namespace nsd::test {
namespace {

class BusTier : public BootTest {
  protected:
    static std::vector<std::string> programs() {
        std::vector<std::string> all;
        std::ifstream list(NSD_TEST_BUS_TIER);
        for (std::string program; std::getline(list, program);)
            all.push_back(program);
        return all;
    }

    // The programs are this machine's: in another Debian some of their libraries have other versions.
    static void takeLibrariesAlong(const std::vector<std::string>& programs) {
        Arguments ldd{"sh", "-c", "ldd \"$@\" | awk '/not found/ {print $1}' | sort -u", "ldd"};
        ldd.insert(ldd.end(), programs.begin(), programs.end());
        std::istringstream missing(system().run(ldd).out);
        for (std::string library; missing >> library;) {
            const auto path = mustRun(
                {"sh", "-c", "ldconfig -p | awk -v name=\"$0\" '$1 == name {print $NF; exit}'", library});
            system().copyIn(path, "/usr/local/lib/" + library);
        }
        system().shell("ldconfig");
    }
};

TEST_F(BusTier, HoldsOnDbusBroker) {
    boot({NSD_TEST_SOURCE_DIR, NSD_TEST_BUILD_DIR});
    const auto all = programs();
    ASSERT_GT(all.size(), 10U);
    takeLibrariesAlong(all);
    for (const auto& program : all) {
        SCOPED_TRACE(program);
        CommandOptions options;
        options.timeout = std::chrono::minutes(10);
        const auto result = system().run(
            {"env", "NSD_TEST_BUS=dbus-broker", "NSD_TESTS_MUST_RUN=1", program, "--gtest_brief=1"}, options);
        EXPECT_EQ(result.status, 0) << result.out << result.err;
    }
    install();
}

} // namespace
} // namespace nsd::test
