// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls of every method that the daemon describes, with arguments that chance makes up, as root and as
// nobody, against the real nsd on a bus of its own. `bus_fuzz --calls=N --seed=S`: ctest does 20 000;
// a million, by hand with another seed, is for the build with the sanitizers (preset dev):
//   build/dev/bin/tests/bus_fuzz --calls=1000000 --seed=$RANDOM
// The daemon must live, answer every call, hold nothing more than before, and do nothing for nobody.
#include "tests/bus/message_text.hpp"
#include "tests/fuzz/fuzz_client.hpp"
#include "tests/fuzz/live_methods.hpp"
#include "tests/fuzz/random.hpp"
#include "tests/fuzz/random_arguments.hpp"
#include "tests/fuzz/wrong_descriptors.hpp"
#include "tests/support/private_run.hpp"
#include "tests/support/require.hpp"
#include "tests/support/system_test.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace nsd::test {
namespace {

constexpr uid_t nobody = 65534;
constexpr std::size_t maxUnderWay = 12;
constexpr std::size_t maxObjects = 6; // few, so that most of them still live

struct Plan {
    std::uint64_t calls = 20'000;
    std::uint64_t seed = 1;
};
Plan plan;

class BusFuzz : public SystemTest {
  protected:
    // Some of the namespaces are published, and the first one makes a mount of /run/netns, which stays.
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        usePrivateNetnsNames();
        SystemTest::SetUp();
    }
    // What the rate lets through is more than a fuzzer can send, so that all of it gets far.
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"quotas": {"rate": 1000000, "burst": 1000000, "calls": 1000}})";
        return options;
    }

    FuzzClient::Answers fuzz(uid_t user, std::uint64_t calls);
    // All that there is, as root sees it, and how much has happened until now.
    [[nodiscard]] std::string state(sd_bus* root);
    [[nodiscard]] std::vector<std::string> namespaces();
    [[nodiscard]] std::string pathOf(const std::string& name);
    void destroyEverything();
    void expectNoReport() {
        for (const auto* sign : {"AddressSanitizer", "LeakSanitizer", "runtime error:", "terminate called"})
            EXPECT_EQ(daemon().log().find(sign), std::string::npos) << daemon().log();
    }

    std::vector<std::string> objects_{"/org/nsd1"};
    std::vector<LiveMethod> methods_;

  private:
    void expectMostWasHeard(const FuzzClient& client, std::uint64_t calls) const;
    void remember(sd_bus_message* result, RandomArguments& arguments);
    [[nodiscard]] std::string anyPath(Random& random) const;
    [[nodiscard]] sd_bus_message* nextCall(sd_bus* bus, Random& random, RandomArguments& arguments);
};

// An object that somebody made is a target from now on, and a descriptor an argument.
void BusFuzz::remember(sd_bus_message* result, RandomArguments& arguments) {
    const char* path = nullptr;
    const char* type = nullptr;
    int fd = -1;
    if (sd_bus_message_has_signature(result, "h") > 0 && sd_bus_message_read(result, "h", &fd) > 0)
        arguments.learn(duplicateFd(fd));
    if (sd_bus_message_has_signature(result, "a{sh}") > 0 &&
        sd_bus_message_read(result, "a{sh}", 1, &type, &fd) > 0)
        arguments.learn(duplicateFd(fd));
    if (!std::string_view(sd_bus_message_get_signature(result, 1)).starts_with('o') ||
        sd_bus_message_read(result, "o", &path) < 0)
        return;
    if (objects_.size() < maxObjects)
        objects_.emplace_back(path);
    else
        objects_[1 + std::hash<std::string>()(path) % (maxObjects - 1)] = path;
}

std::string BusFuzz::anyPath(Random& random) const {
    if (random.chance(2))
        return "/org/nsd1/namespace/0123456789abcdef0123456789abcdef";
    if (random.chance(1))
        return "/";
    return objects_[random.below(objects_.size())];
}

sd_bus_message* BusFuzz::nextCall(sd_bus* bus, Random& random, RandomArguments& arguments) {
    const auto& method = random.oneOf(methods_);
    const bool managers = method.interface == "org.nsd1.Manager";
    const auto path = managers && !random.chance(2) ? "/org/nsd1" : anyPath(random);
    sd_bus_message* message = nullptr;
    if (sd_bus_message_new_method_call(bus, &message, "org.nsd1", path.c_str(), method.interface.c_str(),
            random.chance(1) ? "Frobnicate" : method.name.c_str()) < 0)
        throw std::runtime_error("sd_bus_message_new_method_call");
    arguments.append(message, method);
    sd_bus_message_set_allow_interactive_authorization(message, random.chance(20) ? 1 : 0);
    return message;
}

// Else the daemon has shown nothing.
void BusFuzz::expectMostWasHeard(const FuzzClient& client, std::uint64_t calls) const {
    const auto all = FuzzClient::total(client.answers());
    std::uint64_t answered = 0;
    for (const auto& [error, count] : all) {
        answered += count;
        std::printf(
            "%10lu %s\n", static_cast<unsigned long>(count), error.empty() ? "results" : error.c_str());
    }
    std::printf("%10lu (thrown off the bus)\n%10lu (not sent)\n",
        static_cast<unsigned long>(client.thrownOff()), static_cast<unsigned long>(client.notSent()));
    const auto countOf = [&](const char* error) { return all.contains(error) ? all.at(error) : 0; };
    EXPECT_GT(countOf(""), 0U) << "no call did anything, seed " << plan.seed;
    EXPECT_GT(countOf("org.nsd1.Error.InvalidArgument"), 0U) << "seed " << plan.seed;
    EXPECT_GT(answered, calls - calls / 10) << "seed " << plan.seed;
    EXPECT_LT(client.thrownOff() + client.notSent(), calls / 50) << "seed " << plan.seed;
}

FuzzClient::Answers BusFuzz::fuzz(uid_t user, std::uint64_t calls) {
    Random random(plan.seed + user);
    RandomArguments arguments(random, descriptorsOfAllKinds(user != 0));
    FuzzClient client(
        daemon().busAddress(), user, [&](sd_bus_message* result) { remember(result, arguments); });
    for (std::uint64_t call = 0; call < calls; ++call) {
        auto* message = nextCall(client.bus(), random, arguments);
        const bool wantsAnswer = !random.chance(2);
        sd_bus_message_set_expect_reply(message, wantsAnswer ? 1 : 0);
        client.send(message, wantsAnswer, maxUnderWay);
        if (random.below(500) == 0)
            client.vanish();
        if (daemon().waitForExit(std::chrono::milliseconds(0)))
            throw std::runtime_error("nsd is gone after call " + std::to_string(call) + " of seed " +
                                     std::to_string(plan.seed) + '\n' + daemon().log());
    }
    EXPECT_TRUE(client.drain()) << "calls without an answer, seed " << plan.seed;
    expectMostWasHeard(client, calls);
    return client.answers();
}

std::vector<std::string> BusFuzz::namespaces() {
    std::vector<std::string> all;
    std::istringstream rows(nsctl({"list", "--no-legend"}));
    for (std::string row; std::getline(rows, row);)
        all.push_back(row.substr(0, row.find(' ')));
    return all;
}

std::string BusFuzz::pathOf(const std::string& name) {
    const auto shown = nsctl({"show", name, "--json=short"});
    const std::string prefix = "/org/nsd1/namespace/";
    const auto begin = shown.find(prefix);
    if (begin == std::string::npos)
        throw std::runtime_error("no path in " + shown);
    return shown.substr(begin, prefix.size() + 32);
}

std::string BusFuzz::state(sd_bus* root) {
    const auto ask = [&](const std::string& path, const char* interface, const char* method,
                         const char* signature, auto... arguments) {
        sd_bus_message* answer = nullptr;
        if (sd_bus_call_method(root, "org.nsd1", path.c_str(), interface, method, nullptr, &answer, signature,
                arguments...) < 0)
            throw std::runtime_error(method);
        auto text = std::string(method) + ": " + textOf(answer) + '\n';
        sd_bus_message_unref(answer);
        return text;
    };
    constexpr auto manager = "org.nsd1.Manager";
    auto text = ask("/org/nsd1", "org.freedesktop.DBus.Properties", "GetAll", "s", manager);
    // One that has ended is forgotten a minute later, whoever calls what.
    text += std::regex_replace(ask("/org/nsd1", manager, "ListProcesses", "a{sv}", 0),
        std::regex(R"re(\([^()]*"exited"\)|, )re"), "");
    for (const auto& name : namespaces()) {
        text += ask(pathOf(name), "org.freedesktop.DBus.Properties", "GetAll", "s", "org.nsd1.Namespace");
        text += ask("/org/nsd1", manager, "Holders", "s", name.c_str());
    }
    return text;
}

void BusFuzz::destroyEverything() {
    for (const auto& name : namespaces())
        nsctl({"destroy", "--force", name});
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

// What nobody has a right to.
constexpr std::array forbidden{"org.nsd1.Manager.Adopt", "org.nsd1.Manager.CheckDefinitions",
    "org.nsd1.Manager.Create", "org.nsd1.Manager.Export", "org.nsd1.Manager.Destroy",
    "org.nsd1.Manager.Enter", "org.nsd1.Manager.Exec", "org.nsd1.Manager.Grant", "org.nsd1.Manager.Hold",
    "org.nsd1.Manager.OpenSocket", "org.nsd1.Manager.Reload", "org.nsd1.Manager.Rename",
    "org.nsd1.Manager.Revoke", "org.nsd1.Manager.SetLabels", "org.nsd1.Namespace.Destroy",
    "org.nsd1.Namespace.Enter", "org.nsd1.Namespace.Exec", "org.nsd1.Namespace.Hold",
    "org.nsd1.Namespace.OpenSocket", "org.nsd1.Namespace.SetLabels", "org.freedesktop.DBus.Properties.Set"};

void expectNothingWasDone(const FuzzClient::Answers& answers, std::uint64_t calls) {
    for (const auto* method : forbidden) {
        const auto counts = answers.find(method);
        EXPECT_TRUE(counts == answers.end() || !counts->second.contains("")) << method;
    }
    const auto all = FuzzClient::total(answers);
    const auto denied = all.find("org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_TRUE(denied != all.end() && denied->second > calls / 20) << "hardly any call came as far as that";
}

TEST_F(BusFuzz, NeitherRootNorNobodyBreaksTheDaemon) {
    FuzzClient root(daemon().busAddress(), 0, [](sd_bus_message* /*result*/) {});
    const auto& first = RandomArguments::namespaceNames().front();
    const auto& last = RandomArguments::namespaceNames().back();
    nsctl({"create", first, "-t", "uts,ipc"});
    methods_ = introspectMethods(root.bus(), "/org/nsd1");
    objects_.push_back(pathOf(first));
    for (auto& method : introspectMethods(root.bus(), objects_.back()))
        methods_.push_back(std::move(method));
    ASSERT_GT(methods_.size(), 15U);
    // What is there goes faster than chance makes it.
    for (auto creates = methods_.size() / 5; creates > 0; --creates)
        methods_.push_back(*std::find_if(methods_.begin(), methods_.end(),
            [](const LiveMethod& method) { return method.name == "Create"; }));

    fuzz(0, plan.calls / 2);
    expectNoReport();
    destroyEverything();
    nsctl({"create", first, "-t", "uts,ipc,net"});
    nsctl({"create", last, "-t", "all", "--owner", "33"});
    nsctl({"grant", first, "user:33", "enter,fds"});
    objects_ = {"/org/nsd1", pathOf(first), pathOf(last)};
    const auto before = state(root.bus());
    const auto nobodys = plan.calls - plan.calls / 2;
    const auto answers = fuzz(nobody, nobodys);
    expectNoReport();
    EXPECT_EQ(state(root.bus()), before) << "nobody changed something, seed " << plan.seed;
    expectNothingWasDone(answers, nobodys);
    destroyEverything();
}

} // namespace
} // namespace nsd::test

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto number = [&](std::string_view option, std::uint64_t& value) {
            if (!argument.starts_with(option))
                return false;
            value = std::strtoull(argument.substr(option.size()).data(), nullptr, 10);
            return true;
        };
        if (!number("--calls=", nsd::test::plan.calls) && !number("--seed=", nsd::test::plan.seed)) {
            std::fprintf(stderr, "usage: %s [--calls=N] [--seed=S]\n", argv[0]);
            return 2;
        }
    }
    std::printf("seed %lu\n", static_cast<unsigned long>(nsd::test::plan.seed));
    return RUN_ALL_TESTS();
}
