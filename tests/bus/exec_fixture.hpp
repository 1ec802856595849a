// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

namespace nsd::test {

constexpr uid_t somebody = 1;
constexpr uid_t somebodyElse = 2;

// Calls Exec, and asks and signals what it started.
class Exec : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT(); // its clients are of several users
        BusTest::SetUp();
    }

    using Options = std::function<void(sd_bus_message*)>;

    static BusClient::Fill call(
        const std::string& name, const std::vector<std::string>& argv, const Options& options = {}) {
        return [=](sd_bus_message* message) {
            sd_bus_message_append(message, "s", name.c_str());
            strings(argv)(message);
            sd_bus_message_open_container(message, 'a', "{sv}");
            if (options)
                options(message);
            sd_bus_message_close_container(message);
        };
    }
    template <class... Args>
    static Options option(const char* key, const char* type, Args... args) {
        return [=](sd_bus_message* message) { sd_bus_message_append(message, "{sv}", key, type, args...); };
    }
    static Options words(const char* key, std::vector<std::string> values) {
        return [=](sd_bus_message* message) {
            sd_bus_message_open_container(message, 'e', "sv");
            sd_bus_message_append(message, "s", key);
            sd_bus_message_open_container(message, 'v', "as");
            strings(values)(message);
            sd_bus_message_close_container(message);
            sd_bus_message_close_container(message);
        };
    }
    AnswerPtr execAs(BusClient& client, const Options& options = {}, const std::string& name = "web") {
        return client.call("/org/nsd1", "org.nsd1.Manager", "Exec", call(name, {"true"}, options));
    }
    // The path of the started process.
    std::string started(const AnswerPtr& answer) {
        EXPECT_EQ(answer->error, "") << answer->text;
        const auto begin = answer->text.find('"') + 1;
        return answer->text.substr(begin, answer->text.find('"', begin) - begin);
    }
    std::string show(const std::string& path, const char* name) {
        return root_->property(path, "org.nsd1.Process", name);
    }
    AnswerPtr ask(BusClient& client, const std::string& path, const char* method) {
        return client.call(path, "org.nsd1.Process", method, BusClient::filled(""));
    }
    AnswerPtr kill(BusClient& client, const std::string& path, int signal) {
        return client.call(path, "org.nsd1.Process", "Kill", BusClient::filled("i", signal));
    }
    // A namespace that belongs to somebody.
    std::string createFor(uid_t owner) {
        const auto fill = [&](sd_bus_message* message) {
            sd_bus_message_append(message, "s", "web");
            strings({"net"})(message);
            sd_bus_message_append(message, "a{sv}", 1, "owner", "u", owner);
        };
        return root_->call("/org/nsd1", "org.nsd1.Manager", "Create", fill)->error;
    }
    const Launch& launched() { return launcher_->launches().back(); }
};

} // namespace nsd::test
