// SPDX-License-Identifier: LGPL-2.1-or-later
// Namespaces on networks of CNI plugins: from Create to Destroy, over failures and restarts.
#include "tests/support/fake_plugins.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <fcntl.h>
#include <fstream>

namespace nsd::test {
namespace {

using Command = PluginRun::Command;
using Words = std::vector<std::string>;

class NetworkAttachments : public CoreTest {
  protected:
    NetworkAttachments() { use(); }

    void use() {
        namespaces_->useNetworkPlugins(plugins_);
        namespaces_->useStateDirectory(state_.path());
    }
    // The daemon is killed and there again.
    void restartWithPlugins() {
        namespaces_.reset();
        plugins_.runs.clear();
        plugins_.silent = false;
        UniqueFd directory(::open(pins().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        namespaces_ = std::make_unique<Namespaces>(loop_, kernel_, links_, log_, std::move(directory));
        use();
        EXPECT_TRUE(namespaces_->recover().empty());
        namespaces_->detachForgotten();
        loop_.settle();
    }
    [[nodiscard]] static CreateRequest onLan(const std::string& name) {
        auto wanted = request(name, {NamespaceType::Net});
        wanted.cni = conflistOfLan;
        return wanted;
    }
    [[nodiscard]] Words notes() const {
        Words leaves;
        if (std::filesystem::exists(state_ / "cni"))
            for (const auto& entry : std::filesystem::directory_iterator(state_ / "cni"))
                leaves.push_back(entry.path().filename());
        return leaves;
    }

    TempDir state_;
    FakePlugins plugins_{loop_};
};

TEST_F(NetworkAttachments, createRunsThePluginsBeforeAnybodySeesTheNamespace) {
    const auto uuid = create(onLan("web"));
    ASSERT_EQ(plugins_.runs.size(), 1U);
    EXPECT_TRUE(plugins_.runs[0].starts_with("ADD lan .stage/")) << plugins_.runs[0];
    EXPECT_NE(plugins_.record.find(R"("container":")" + uuid.str()), std::string::npos);
    EXPECT_EQ(record(uuid).networkResult.find("10.9.0.2") != std::string::npos, true);
    EXPECT_TRUE(std::filesystem::exists(pins() / "web" / "cni"));
    EXPECT_EQ(notes(), Words{uuid.str() + ".json"});
}

TEST_F(NetworkAttachments, destroyTakesItDownBeforeThePinGoes) {
    const auto uuid = create(onLan("web"));
    EXPECT_TRUE(destroy(uuid).warnings.empty());
    EXPECT_EQ(plugins_.runs.back(), "DEL lan .trash/" + uuid.str() + "/net");
    EXPECT_TRUE(notes().empty());
    expectNoLeftovers();
}

TEST_F(NetworkAttachments, aRenamedOneIsTakenDownAsWell) {
    const auto uuid = create(onLan("web"));
    namespaces_->rename(uuid, Name("shop"));
    static_cast<void>(destroy(uuid));
    EXPECT_EQ(plugins_.runs.back(), "DEL lan .trash/" + uuid.str() + "/net");
}

TEST_F(NetworkAttachments, ifAddFailsThereIsADelAndNoNamespace) {
    plugins_.failNext(Command::Add, Error(Errc::KernelError, "cni: bridge: no"));
    EXPECT_EQ(textOf([&] { create(onLan("web")); }), "cni: bridge: no");
    ASSERT_EQ(plugins_.runs.size(), 2U);
    EXPECT_TRUE(plugins_.runs[1].starts_with("DEL lan .stage/"));
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_TRUE(notes().empty());
    expectNoLeftovers();
}

TEST_F(NetworkAttachments, aMissingPluginIsFoundBeforeAnythingRuns) {
    plugins_.missing = {"host-local"};
    EXPECT_EQ(textOf([&] { create(onLan("web")); }), "cni: there is no plugin host-local");
    EXPECT_TRUE(plugins_.runs.empty());
    EXPECT_TRUE(notes().empty());
    expectNoLeftovers();
}

TEST_F(NetworkAttachments, aDelThatFailsIsToldAndTriedAgainAtTheNextStart) {
    const auto uuid = create(onLan("web"));
    plugins_.failNext(Command::Del, Error(Errc::KernelError, "cni: bridge: DEL: no"));
    EXPECT_EQ(destroy(uuid).warnings, Words{"cni: bridge: DEL: no"});
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_FALSE(log_.warnings.empty());
    expectNoLeftovers();
    EXPECT_EQ(notes().size(), 1U);
    restartWithPlugins();
    EXPECT_EQ(plugins_.runs, Words{"DEL lan -"});
    EXPECT_TRUE(notes().empty());
}

TEST_F(NetworkAttachments, oneThatIsKilledInTheMiddleOfAddIsTakenDownAtTheNextStart) {
    plugins_.silent = true;
    namespaces_->create(onLan("web"), [](const auto&) { FAIL() << "answered"; });
    loop_.settle();
    ASSERT_EQ(plugins_.runs.size(), 1U);
    restartWithPlugins();
    ASSERT_EQ(plugins_.runs.size(), 1U);
    EXPECT_TRUE(plugins_.runs[0].starts_with("DEL lan .stage/"));
    EXPECT_NE(plugins_.record.find("result"), std::string::npos); // of the plugin that had answered
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_TRUE(notes().empty());
    expectNoLeftovers();
}

TEST_F(NetworkAttachments, oneThatIsKilledInTheMiddleOfDelIsTakenDownAgain) {
    const auto uuid = create(onLan("web"));
    plugins_.silent = true;
    namespaces_->destroy(uuid, {}, [](const auto&) { FAIL() << "answered"; });
    loop_.settle();
    restartWithPlugins();
    EXPECT_EQ(plugins_.runs, Words{"DEL lan .trash/" + uuid.str() + "/net"});
    EXPECT_TRUE(notes().empty());
    expectNoLeftovers();
}

TEST_F(NetworkAttachments, theResultIsKnownAfterARestart) {
    const auto uuid = create(onLan("web"));
    restartWithPlugins();
    EXPECT_TRUE(plugins_.runs.empty());
    EXPECT_NE(record(uuid).networkResult.find("10.9.0.2"), std::string::npos);
    EXPECT_EQ(record(uuid).cni, conflistOfLan);
    EXPECT_EQ(notes().size(), 1U);
    static_cast<void>(destroy(uuid));
}

TEST_F(NetworkAttachments, whatAnotherBootLeftIsTakenDownByItsNote) {
    const auto uuid = create(onLan("web"));
    const auto note = state_ / "cni" / notes().at(0);
    std::filesystem::copy(note, state_ / "kept");
    static_cast<void>(destroy(uuid));
    std::filesystem::rename(state_ / "kept", note);
    std::ofstream(state_ / "cni" / (Uuid::random().str() + ".json")) << "torn";
    restartWithPlugins();
    EXPECT_EQ(plugins_.runs, Words{"DEL lan -"});
    EXPECT_TRUE(notes().empty());
}

TEST_F(NetworkAttachments, theLeaseOfALifeEndsItsNetworkToo) {
    auto wanted = onLan("web");
    wanted.ttl = std::chrono::seconds(5);
    const auto uuid = create(std::move(wanted));
    loop_.advance(std::chrono::seconds(6));
    loop_.settle();
    EXPECT_EQ(plugins_.runs.back(), "DEL lan .trash/" + uuid.str() + "/net");
}

TEST_F(NetworkAttachments, needsTypeNetAndAConflist) {
    auto wanted = onLan("web");
    wanted.spec.types = {NamespaceType::Uts};
    EXPECT_EQ(textOf([&] { create(wanted); }), "cni needs type net");
    wanted = onLan("web");
    wanted.cni = "{}";
    EXPECT_EQ(codeOf([&] { create(wanted); }), "InvalidArgument");
}

TEST_F(NetworkAttachments, withoutWhoRunsPluginsThereAreNone) {
    UniqueFd directory(::open(pins().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    namespaces_ = std::make_unique<Namespaces>(loop_, kernel_, links_, log_, std::move(directory));
    EXPECT_EQ(codeOf([&] { create(onLan("web")); }), "InvalidArgument");
}

} // namespace
} // namespace nsd::test
