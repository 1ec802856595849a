// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_files.hpp"

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

class DefinitionFilesTest : public testing::Test {
  protected:
    DefinitionFilesTest() {
        for (const auto* place : {"etc", "lib", "state"})
            fs::create_directories(directory_ / place / "namespaces.d");
    }
    [[nodiscard]] fs::path path(const std::string& file) const {
        const auto slash = file.find('/');
        return directory_ / file.substr(0, slash) / "namespaces.d" / file.substr(slash + 1);
    }
    void write(const std::string& file, const std::string& text = "{}") const { writeFile(path(file), text); }
    [[nodiscard]] DefinitionFiles read() const {
        return readDefinitionFiles({directory_ / "etc", directory_ / "lib", directory_ / "state"});
    }
    // "etc/web.json" for each that holds.
    [[nodiscard]] Texts holding() const {
        Texts texts;
        for (const auto& file : read().files)
            if (file.definition)
                texts.push_back(shortOf(file.path));
        return texts;
    }
    // "etc/web.json: what is wrong".
    [[nodiscard]] Texts problems() const {
        Texts texts;
        for (const auto& file : read().files)
            for (const auto& problem : file.problems)
                texts.push_back(describe(shortOf(file.path), problem));
        return texts;
    }

    TempDir directory_;

  private:
    [[nodiscard]] std::string shortOf(const fs::path& path) const {
        const auto relative = path.lexically_relative(directory_.path());
        return (*relative.begin() / path.filename()).string();
    }
};

TEST_F(DefinitionFilesTest, eachFileIsTheNamespaceOfItsName) {
    write("etc/web.json", R"({"hostname": "x"})");
    write("lib/db.json");
    write("state/mine.json");
    EXPECT_EQ(holding(), (Texts{"etc/web.json", "lib/db.json", "state/mine.json"}));
    EXPECT_EQ(problems(), Texts{});
    const auto first = *read().files.at(0).definition;
    EXPECT_EQ(first.name.str(), "web");
    EXPECT_EQ(first.file, path("etc/web.json"));
    EXPECT_EQ(first.spec.hostname, "x");
}

TEST_F(DefinitionFilesTest, theAdministratorsFileTakesThePlaceOfAPackages) {
    write("etc/web.json");
    write("lib/web.json", "not even JSON");
    EXPECT_EQ(holding(), Texts{"etc/web.json"});
    EXPECT_EQ(problems(), Texts{});
}

TEST_F(DefinitionFilesTest, anEmptyFileOrALinkToDevNullMasks) {
    write("lib/web.json");
    write("lib/db.json");
    write("etc/web.json", "");
    fs::create_symlink("/dev/null", path("etc/db.json"));
    EXPECT_EQ(holding(), Texts{});
    EXPECT_EQ(problems(), Texts{});
    EXPECT_TRUE(read().unusable.empty());
}

TEST_F(DefinitionFilesTest, aMaskedNameOfTheStateDirectoryIsLeftAsItIs) {
    write("state/web.json");
    write("etc/web.json", "");
    EXPECT_EQ(holding(), Texts{});
    EXPECT_EQ(read().unusable, std::set<std::string>{"web"});
}

TEST_F(DefinitionFilesTest, twoFilesThatKeepOneNameAreAProblem) {
    write("etc/web.json");
    write("state/web.json");
    EXPECT_EQ(holding(), Texts{"etc/web.json"});
    EXPECT_EQ(problems(),
        Texts{"state/web.json: is left out: \"web\" is declared in " + path("etc/web.json").string()});
    EXPECT_EQ(read().unusable, std::set<std::string>{"web"});
}

TEST_F(DefinitionFilesTest, aFileThatIsCalledByNoNameIsAProblem) {
    write("etc/no name.json");
    write("etc/a..b.json");
    write("etc/README");
    write("etc/.hidden.json");
    write("etc/web.json.bak");
    EXPECT_EQ(
        problems(), (Texts{"etc/a..b.json: is called by \"a..b\", which is no name of a namespace",
                        "etc/no name.json: is called by \"no name\", which is no name of a namespace"}));
    EXPECT_EQ(holding(), Texts{});
}

TEST_F(DefinitionFilesTest, aBadFileHurtsNoOther) {
    write("etc/bad.json", "{\n\"types\": 1}");
    write("etc/good.json");
    EXPECT_EQ(holding(), Texts{"etc/good.json"});
    EXPECT_EQ(
        problems(), Texts{"etc/bad.json:2: /types: must be a list with a type in it: [\"net\", …], not 1"});
    EXPECT_EQ(read().unusable, std::set<std::string>{"bad"});
}

TEST_F(DefinitionFilesTest, anUnknownKeyDoesNotStopADefinition) {
    write("etc/web.json", R"({"colour": 1})");
    EXPECT_EQ(holding(), Texts{"etc/web.json"});
    EXPECT_EQ(problems().size(), 1U);
}

TEST_F(DefinitionFilesTest, whatIsNoFileIsAProblemAndBlocksNobody) {
    ASSERT_EQ(::mkfifo(path("etc/fifo.json").c_str(), 0600), 0);
    fs::create_directory(path("etc/directory.json"));
    fs::create_symlink("/nowhere", path("etc/broken.json"));
    EXPECT_EQ(problems(), (Texts{"etc/broken.json: cannot be read: No such file or directory",
                              "etc/directory.json: is no file", "etc/fifo.json: is no file"}));
}

TEST_F(DefinitionFilesTest, nsdsOwnFilesAreReadWithCare) {
    write("state/open.json");
    fs::permissions(path("state/open.json"), fs::perms::others_write, fs::perm_options::add);
    writeFile(directory_ / "target", "{}");
    fs::create_symlink(directory_ / "target", path("state/link.json"));
    EXPECT_EQ(holding(), Texts{});
    EXPECT_EQ(problems(), (Texts{"state/link.json: cannot be read: Too many levels of symbolic links",
                              "state/open.json: is writable to others than root"}));
}

TEST_F(DefinitionFilesTest, aFileOfSomebodyElsesIsNotNsds) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    write("state/web.json");
    ASSERT_EQ(::chown(path("state/web.json").c_str(), 1000, 1000), 0);
    EXPECT_EQ(problems(), Texts{"state/web.json: belongs to uid 1000, not to root"});
}

TEST_F(DefinitionFilesTest, directoriesThatAreNotThereHoldNothing) {
    const auto found = readDefinitionFiles({directory_ / "no", directory_ / "no", directory_ / "no"});
    EXPECT_TRUE(found.files.empty());
    EXPECT_FALSE(found.incomplete);
}

TEST_F(DefinitionFilesTest, aDirectoryThatCannotBeReadSaysThatFilesMayBeMissing) {
    fs::remove(directory_ / "etc/namespaces.d");
    fs::create_symlink("namespaces.d", directory_ / "etc/namespaces.d"); // onto itself
    const auto found = read();
    EXPECT_TRUE(found.incomplete);
    EXPECT_EQ(problems().size(), 1U);
}

} // namespace
} // namespace nsd::test
