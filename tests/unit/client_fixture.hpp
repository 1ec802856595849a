// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/nsctl.hpp"
#include "common/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace nsd::test {

// An event, and what has come to be by then.
struct FakeEvent {
    std::optional<client::Event> event{};
    std::function<void()> before = [] {};
};

// What the fake below was asked, and what it shall answer.
struct FakeDaemon {
    bool running = true;
    std::vector<std::string> calls; // "rename web www"
    std::map<std::string, client::NamespaceDetails> namespaces;
    client::DestroyResult destroyed{"yes", {}};
    std::vector<Holder> holders;
    std::string identifiedName = "web";
    std::map<std::string, std::string> processNamespaces{{"net", "web"}, {"uts", "other"}};
    NamespaceTypes createdTypes;
    NamespaceTypes enteredTypes;
    NamespaceTypes adoptedTypes;
    std::optional<Error> enterProblem;
    client::CreateOptions created;
    client::DestroyOptions destroyOptions;
    client::Labels labels;
    client::Grant grant;
    client::Labels filter;
    std::vector<client::LinkDetails> links;
    std::vector<LinkRequest> added;
    std::map<std::string, std::string> definitions; // that Export gives
    std::string definitionsDirectory;
    client::CheckedDefinitions checked{};
    std::map<std::string, std::string> checkedTexts;
    std::map<std::string, std::string> makingProblems; // of declared ones, by name
    std::optional<Error> reloadProblem;
    std::function<void()> disconnected = [] {};
    std::deque<std::uint32_t> processCounts;
    std::deque<FakeEvent> events; // then nextEvent() throws
};

// A Client that answers from a FakeDaemon.
class FakeClient : public client::Client {
  public:
    explicit FakeClient(FakeDaemon& daemon) : daemon_(daemon) {}
    ~FakeClient() override { daemon_.disconnected(); }
    FakeClient(const FakeClient&) = delete;
    FakeClient& operator=(const FakeClient&) = delete;

    std::string create(
        const std::string& name, NamespaceTypes types, const client::CreateOptions& options) override {
        call("create " + name);
        daemon_.createdTypes = types;
        daemon_.created = options;
        return "/org/nsd1/namespace/0123";
    }
    std::string adopt(const std::string& name, const client::NamespaceFds& fds,
        const client::CreateOptions& options) override {
        call("adopt " + name);
        for (const auto& [type, fd] : fds)
            daemon_.adoptedTypes.insert(type);
        daemon_.created = options;
        return "/org/nsd1/namespace/0123";
    }
    UniqueFd openSocket(const std::string& name, int family, int type) override {
        call("socket " + name);
        return UniqueFd(::socket(family, type | SOCK_CLOEXEC, 0));
    }
    std::vector<client::ListedNamespace> list(const client::Labels& filter) override {
        call("list");
        daemon_.filter = filter;
        std::vector<client::ListedNamespace> rows;
        for (const auto& [name, details] : daemon_.namespaces)
            rows.push_back({name, details.path, details.uuid, details.types, details.owner, details.state,
                details.origin, details.created, details.labels, std::nullopt, {}});
        return rows;
    }
    using Client::listWithLinks;
    std::vector<client::ListedNamespace> listWithLinks(const client::Labels& filter) override {
        auto rows = list(filter);
        for (auto& row : rows)
            row.links = daemon_.links;
        return rows;
    }
    client::ListedNamespace listWithLinks(const std::string& name) override {
        call("links of " + name);
        client::ListedNamespace row;
        row.name = name;
        row.links = daemon_.links;
        return row;
    }
    std::vector<client::ListedNamespace> listWithProcesses() override {
        auto rows = list({});
        for (auto& row : rows)
            row.processes = 2;
        return rows;
    }
    void moveLink(const std::string& name, const std::string& link, const std::string& as) override {
        call("move " + name + " " + link + " " + as);
    }
    void returnLink(const std::string& name, const std::string& link, const std::string& as) override {
        call("return " + name + " " + link + " " + as);
    }
    void addLink(const std::string& name, const LinkRequest& link) override {
        call("add " + name + " " + link.name);
        daemon_.added.push_back(link);
    }
    client::NamespaceDetails show(const std::string& name) override {
        call("show " + name);
        const auto found = daemon_.namespaces.find(name);
        if (found == daemon_.namespaces.end())
            throw Error(Errc::NoSuchNamespace, "there is no namespace \"" + name + "\"");
        return found->second;
    }
    client::Entrance enter(const std::string& name, NamespaceTypes types) override {
        call("enter " + name);
        daemon_.enteredTypes = types;
        if (daemon_.enterProblem)
            throw *daemon_.enterProblem;
        return {};
    }
    client::StartedCommand exec(
        const std::string& name, const std::vector<std::string>& argv, const client::ExecOptions&) override {
        call("exec " + name + " " + argv.front());
        return {"/org/nsd1/process/1", {}};
    }
    void signalCommand(const std::string& path, int signal) override {
        call("kill " + path + " " + std::to_string(signal));
    }
    std::optional<client::CommandEnd> waitForCommand(const std::string& path) override {
        call("wait " + path);
        return client::CommandEnd{1, 0}; // CLD_EXITED
    }
    std::pair<std::string, std::string> identify(int) override {
        call("identify");
        return {daemon_.identifiedName, "net"};
    }
    std::map<std::string, std::string> identifyProcess(int) override {
        call("identify process");
        return daemon_.processNamespaces;
    }
    void rename(const std::string& from, const std::string& to) override {
        call("rename " + from + " " + to);
    }
    void setLabels(const std::string& path, const client::Labels& labels) override {
        call("label " + path);
        daemon_.labels = labels;
    }
    void grant(const std::string& name, const client::Grant& grant) override {
        call("grant " + name);
        daemon_.grant = grant;
    }
    void revoke(const std::string& name, const client::Grant& grant) override {
        call("revoke " + name);
        daemon_.grant = grant;
    }
    UniqueFd hold(const std::string& name) override {
        call("hold " + name);
        throw Error(Errc::NoSuchNamespace, "there is no namespace \"" + name + "\"");
    }
    client::DestroyResult destroy(const std::string& name, const client::DestroyOptions& options) override {
        call("destroy " + name);
        daemon_.destroyOptions = options;
        if (name == "missing")
            throw Error(Errc::NoSuchNamespace, "there is no namespace \"missing\"");
        return daemon_.destroyed;
    }
    std::vector<Holder> holders(const std::string& name) override {
        call("why " + name);
        return daemon_.holders;
    }
    std::uint32_t countProcesses(const std::string& name) override {
        call("count " + name);
        if (daemon_.processCounts.empty())
            throw Error(Errc::NoSuchNamespace, "there is no namespace \"" + name + "\"");
        const auto count = daemon_.processCounts.front();
        daemon_.processCounts.pop_front();
        return count;
    }
    void subscribe() override { call("subscribe"); }
    std::optional<client::Event> nextEvent(std::chrono::microseconds limit) override {
        call("next event");
        if (daemon_.events.empty())
            throw client::Unanswered("no more events, waited for " + std::to_string(limit.count()) + " us");
        auto next = std::move(daemon_.events.front());
        daemon_.events.pop_front();
        next.before();
        return next.event;
    }
    std::string exportDefinition(const std::string& name) override {
        call("export " + name);
        const auto found = daemon_.definitions.find(name);
        if (found == daemon_.definitions.end())
            throw Error(Errc::NoSuchNamespace, "there is no namespace \"" + name + "\"");
        return found->second;
    }
    client::CheckedDefinitions checkDefinitions(const std::map<std::string, std::string>& texts) override {
        call("check");
        daemon_.checkedTexts = texts;
        if (daemon_.checked.problems.empty())
            daemon_.checked.normal = texts;
        return daemon_.checked;
    }
    std::string definitionsDirectory() override { return daemon_.definitionsDirectory; }
    void reload() override {
        call("reload");
        if (daemon_.reloadProblem)
            throw *daemon_.reloadProblem;
    }
    void awaitDeclared(const std::string& name) override {
        call("await " + name);
        if (daemon_.makingProblems.contains(name))
            throw Error(Errc::KernelError, daemon_.makingProblems.at(name));
        daemon_.namespaces[name].state = "ready";
    }
    client::DaemonStatus status() override {
        call("status");
        return {"unix:path=/bus", "0.1.0", {"net", "uts"}, 2, 7};
    }

  private:
    void call(std::string text) {
        if (!daemon_.running)
            throw client::NoDaemon("nsd is not running");
        daemon_.calls.push_back(std::move(text));
    }

    FakeDaemon& daemon_;
};

// What the fake below is and was asked.
struct FakeSystemd {
    bool running = true;
    unsigned version = 252;
    std::vector<std::vector<std::string>> startCommands;
    int reloads = 0;
};

class FakeServiceManager : public client::ServiceManager {
  public:
    explicit FakeServiceManager(FakeSystemd& systemd) : systemd_(systemd) {
        if (!systemd_.running)
            throw Error(Errc::KernelError, "systemd cannot be reached");
    }
    unsigned version() override { return systemd_.version; }
    std::vector<std::vector<std::string>> startCommands(const std::string&) override {
        return systemd_.startCommands;
    }
    void reload() override { ++systemd_.reloads; }

  private:
    FakeSystemd& systemd_;
};

class RecordingConsole : public client::Console {
  public:
    void print(std::string_view text) override { out += text; }
    void complain(std::string_view line) noexcept override { err += std::string(line) + "\n"; }
    [[nodiscard]] unsigned width() const override { return 0; }

    std::string out;
    std::string err;
};

// nsctl without a bus: run() is one command line.
class ClientTest : public ::testing::Test {
  protected:
    int run(const std::vector<std::string>& line) {
        console.out.clear();
        console.err.clear();
        client::Surroundings surroundings{console,
            [this](const client::Globals& globals) {
                seen = globals;
                return std::make_unique<FakeClient>(daemon);
            },
            [this](client::EnterRequest request) {
                entered = std::move(request);
                return enterStatus;
            },
            [this](client::Client&, const client::ExecRequest& request) {
                executed = request;
                if (executeProblem)
                    std::rethrow_exception(executeProblem);
                return executeStatus;
            },
            joiner, [this] { return std::make_unique<FakeServiceManager>(systemd); },
            [this](client::RunRequest request) {
                ran = std::move(request);
                return runStatus;
            },
            [this](client::ForwardRequest request) {
                forwarded = std::move(request);
                forwarded.listening(forwarded.forwards);
            },
            [this](const std::string& host, const std::vector<std::string>& words) {
                remoteHost = host;
                remoteWords = words;
                return 0;
            }};
        return client::nsctl(line, surroundings);
    }

    [[nodiscard]] std::size_t errorLines() const {
        return static_cast<std::size_t>(std::count(console.err.begin(), console.err.end(), '\n'));
    }

    FakeDaemon daemon;
    RecordingConsole console;
    client::Globals seen;
    client::EnterRequest entered;
    int enterStatus = 0;
    client::ExecRequest executed;
    int executeStatus = 0;
    std::exception_ptr executeProblem;
    FakeSystemd systemd;
    client::RunRequest ran;
    int runStatus = 0;
    client::ForwardRequest forwarded;
    std::string remoteHost;
    std::vector<std::string> remoteWords;
    client::Joiner joiner{0, [](const client::NamespaceFds&) { return true; }};
};

} // namespace nsd::test
