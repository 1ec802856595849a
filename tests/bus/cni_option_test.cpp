// SPDX-License-Identifier: LGPL-2.1-or-later
// Option cni of Create, and what Namespace.Cni and Destroy say of it. Who may: authorization_matrix_test;
// what is wrong with a conflist: bad_input_test.
#include "common/error.hpp"
#include "tests/bus/bus_fixture.hpp"

#include <fcntl.h>

namespace nsd::test {
namespace {

class CniOption : public BusTest {
  protected:
    AnswerPtr createOnLan() {
        return root_->manager("Create", "sasa{sv}", "web", 1, "net", 1, "cni", "s", conflistOfLan);
    }
    std::string pathOf(const char* name) {
        const auto text = root_->manager("Get", "s", name)->text;
        return text.substr(1, text.size() - 2);
    }
};

TEST_F(CniOption, theResultIsAProperty) {
    ASSERT_EQ(createOnLan()->error, "");
    EXPECT_NE(
        root_->property(pathOf("web"), "org.nsd1.Namespace", "Cni").find("10.9.0.2/24"), std::string::npos);
    EXPECT_EQ(root_->property(create("plain", {"net"}), "org.nsd1.Namespace", "Cni"), "\"\"");
}

TEST_F(CniOption, theSameRequestIsOneWithTheSameConflist) {
    const auto ask = [&](const char* conflist) {
        return root_->manager(
            "Create", "sasa{sv}", "web", 1, "net", 2, "cni", "s", conflist, "request-id", "s", "r");
    };
    ASSERT_EQ(ask(conflistOfLan)->error, "");
    EXPECT_EQ(ask(conflistOfLan)->error, "");
    EXPECT_EQ(ask(R"({"cniVersion":"1.0.0","name":"lan","plugins":[{"type":"ptp"}]})")->error,
        "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(plugins_->runs.size(), 1U);
}

TEST_F(CniOption, whatAPluginComplainsAboutIsTheAnswer) {
    plugins_->failNext(PluginRun::Command::Add, Error(Errc::KernelError, "cni: bridge: no"));
    const auto answer = createOnLan();
    EXPECT_EQ(answer->error, "org.nsd1.Error.KernelError");
    EXPECT_NE(answer->text.find("cni: bridge: no"), std::string::npos);
}

TEST_F(CniOption, whatStaysOutsideIsAWarningOfDestroy) {
    ASSERT_EQ(createOnLan()->error, "");
    plugins_->failNext(PluginRun::Command::Del, Error(Errc::KernelError, "cni: bridge: DEL: no"));
    const auto answer = root_->manager("Destroy", "sa{sv}", "web", 0);
    EXPECT_EQ(answer->error, "");
    EXPECT_NE(answer->text.find("\"warnings\""), std::string::npos) << answer->text;
    EXPECT_NE(answer->text.find("cni: bridge: DEL: no"), std::string::npos) << answer->text;
}

TEST_F(CniOption, adoptHasNone) {
    const UniqueFd net(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(
        root_->manager("Adopt", "sa{sh}a{sv}", "mine", 1, "net", net.get(), 1, "cni", "s", conflistOfLan)
            ->error,
        "org.nsd1.Error.InvalidArgument");
}

} // namespace
} // namespace nsd::test
