// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls of every method that the daemon describes, with arguments that chance makes up, as root and as
// nobody, against the real nsd on a bus of its own. `bus_fuzz --calls=N --seed=S`: ctest does 20 000;
// a million, by hand with another seed, is for the build with the sanitizers (preset dev):
//   build/dev/bin/tests/bus_fuzz --calls=1000000 --seed=$RANDOM
// The daemon must live, answer every call, hold nothing more than before, and do nothing for nobody.
#include "tests/fuzz/fuzz_client.hpp"
#include "tests/fuzz/live_methods.hpp"
#include "tests/fuzz/random.hpp"
#include "tests/fuzz/random_arguments.hpp"
#include "tests/fuzz/wrong_descriptors.hpp"
#include "tests/support/system_test.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
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
    // What the rate lets through is more than a fuzzer can send, so that all of it gets far.
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"quotas": {"rate": 1000000, "burst": 1000000, "calls": 1000}})";
        return options;
    }

    void fuzz(uid_t user, std::uint64_t calls);
    // All that there is, as root sees it.
    [[nodiscard]] std::string state() { return nsctl({"list", "--json=pretty"}); }
    void destroyEverything();
    void expectNoReport() {
        for (const auto* sign : {"AddressSanitizer", "LeakSanitizer", "runtime error:", "terminate called"})
            EXPECT_EQ(daemon().log().find(sign), std::string::npos) << daemon().log();
    }

    std::vector<std::string> objects_{"/org/nsd1"};
    std::vector<LiveMethod> methods_;

  private:
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

void BusFuzz::fuzz(uid_t user, std::uint64_t calls) {
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
        ASSERT_FALSE(daemon().waitForExit(std::chrono::milliseconds(0)))
            << "nsd is gone after call " << call << " of seed " << plan.seed << '\n'
            << daemon().log();
    }
    EXPECT_TRUE(client.drain()) << "calls without an answer, seed " << plan.seed;
    for (const auto& [name, count] : client.answers())
        std::printf("%10lu %s\n", static_cast<unsigned long>(count), name.empty() ? "results" : name.c_str());
}

void BusFuzz::destroyEverything() {
    std::istringstream names(nsctl({"list", "--no-legend"}));
    for (std::string line; std::getline(names, line);)
        nsctl({"destroy", "--force", line.substr(0, line.find(' '))});
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

TEST_F(BusFuzz, NeitherRootNorNobodyBreaksTheDaemon) {
    FuzzClient root(daemon().busAddress(), 0, [](sd_bus_message* /*result*/) {});
    nsctl({"create", RandomArguments::namespaceNames().front(), "-t", "uts,ipc"});
    const auto fixed = nsctl({"show", RandomArguments::namespaceNames().front(), "--json=short"});
    methods_ = introspectMethods(root.bus(), "/org/nsd1");
    const auto begin = fixed.find("/org/nsd1/namespace/");
    ASSERT_NE(begin, std::string::npos) << fixed;
    objects_.push_back(fixed.substr(begin, std::string("/org/nsd1/namespace/").size() + 32));
    for (auto& method : introspectMethods(root.bus(), objects_.back()))
        methods_.push_back(std::move(method));
    ASSERT_GT(methods_.size(), 15U);
    // What is there goes faster than chance makes it.
    for (auto creates = methods_.size() / 5; creates > 0; --creates)
        methods_.push_back(*std::find_if(methods_.begin(), methods_.end(),
            [](const LiveMethod& method) { return method.name == "Create"; }));

    fuzz(0, plan.calls / 2);
    expectNoReport();
    if (HasFatalFailure())
        return;
    destroyEverything();
    nsctl({"create", RandomArguments::namespaceNames().front(), "-t", "uts,ipc,net"});
    nsctl({"create", RandomArguments::namespaceNames().back(), "-t", "all", "--owner", "33"});
    const auto before = state();
    fuzz(nobody, plan.calls - plan.calls / 2);
    expectNoReport();
    EXPECT_EQ(state(), before) << "nobody changed something, seed " << plan.seed;
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
