// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/enter/enter.hpp"
#include "client/exec/exec_request.hpp"
#include "client/exec/way_in.hpp"
#include "client/forward/run_forward.hpp"
#include "client/output/columns.hpp"
#include "client/output/console.hpp"
#include "client/output/model.hpp"
#include "client/run/run_request.hpp"
#include "client/unit/service_manager.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// Exit statuses; those of exec's own command and 125 to 128+N are beside them.
constexpr int exitSuccess = 0;
constexpr int exitFailure = 1;
constexpr int exitUsage = 2;
constexpr int exitNoDaemon = 3;

// The options that every verb takes.
struct Globals {
    enum class Json { Off, Short, Pretty };

    std::optional<std::string> bus;
    Json json = Json::Off;
    bool legend = true;
    bool askPassword = true;
    bool quiet = false;
};

// The world outside nsctl, so that tests can put another one there.
struct Surroundings {
    Console& console;
    std::function<std::unique_ptr<Client>(const Globals&)> connect;
    std::function<int(EnterRequest)> enter;
    std::function<int(Client&, const ExecRequest&)> runThroughDaemon;
    Joiner joiner;
    std::function<std::unique_ptr<ServiceManager>()> connectToSystemd;
    std::function<int(RunRequest)> runInFresh;
    std::function<void(ForwardRequest)> forward;
    // `nsctl WORDS` on a host.
    std::function<int(const std::string& host, const std::vector<std::string>& words)> becomeRemote;
};

// What a verb works with. Owns the client, which is made when a verb first asks for it.
class VerbContext {
  public:
    VerbContext(Globals globals, Surroundings& surroundings);

    [[nodiscard]] bool wantsJson() const noexcept { return globals_.json != Globals::Json::Off; }
    [[nodiscard]] Client& client();

    // Ends the connection, and answers what `program` does: for what takes the place of nsctl, moves
    // descriptors, or closes them. Nothing of the connection reaches a command that way.
    [[nodiscard]] int handOver(const std::function<int()>& program);
    // Joins and runs, by handOver.
    [[nodiscard]] int enter(EnterRequest request);
    // In namespaces of its own; without the daemon, unless a name is wanted.
    [[nodiscard]] int runInFresh(RunRequest request);
    // For a connection of somebody else's.
    [[nodiscard]] std::function<std::unique_ptr<Client>()> connector() const;
    // Lets nsd start it; the connection stays, since the command is tied to it.
    [[nodiscard]] int runThroughDaemon(const ExecRequest& request);
    // Forwards, on a connection of its own, and comes back by an Error.
    [[nodiscard]] int forward(ForwardRequest request);
    [[nodiscard]] const Joiner& joiner() const noexcept { return surroundings_.joiner; }
    [[nodiscard]] std::unique_ptr<ServiceManager> connectToSystemd() const {
        return surroundings_.connectToSystemd();
    }

    [[nodiscard]] bool wantsShortJson() const noexcept { return globals_.json == Globals::Json::Short; }
    // As it is, whatever form was asked for.
    void printText(std::string_view text) { surroundings_.console.print(text); }
    // A table, or a JSON array.
    void showTable(const std::vector<Record>& records);
    // A tree, or a JSON array of objects with "children".
    void showTree(const std::vector<Record>& roots);
    // The table with these columns alone; JSON has every key.
    void showTable(const std::vector<Record>& records, const Columns& columns);
    // Line by line, or a JSON object; where several were asked for, with a blank line between them,
    // or a JSON array.
    enum class Asked { One, Several };
    void showDetails(const std::vector<Record>& records, Asked asked);
    // For programs alone: nothing without --json.
    void showJson(const std::vector<Record>& records, Asked asked);
    // For programs alone, with or without --json: an array, indented but for --json=short.
    void printArray(const std::vector<Record>& records);
    // One of many that come one after the other: the record as one line of JSON, or the line for people.
    void streamed(const Record& record, const std::string& line);
    // A line for people: nothing with --json.
    void print(const std::string& line);
    // One that nobody asked for: nothing with -q, either.
    void say(const std::string& line);
    // "nsctl: what failed: why", on standard error.
    void complain(std::string_view what, std::string_view why) noexcept;

    // Does it for each name, on past the names where it fails; exitFailure if there was one.
    [[nodiscard]] int forEachName(const char* verb, const std::vector<std::string>& names,
        const std::function<void(const std::string& name)>& work);

  private:
    [[nodiscard]] bool prettyJson() const noexcept { return globals_.json == Globals::Json::Pretty; }

    Globals globals_;
    Surroundings& surroundings_;
    std::unique_ptr<Client> client_;
};

} // namespace nsd::client
