// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nsd::client {
namespace {

// Names of the paths that there are and were, since an event may have its path alone.
class Names {
  public:
    explicit Names(Client& client) : client_(client) {}

    void readAll() {
        for (const auto& row : client_.list({}))
            nameOf_[row.path] = row.name;
    }
    // Gives the event its name, where it can be known.
    void complete(Event& event) {
        if (event.what == "new") {
            nameOf_[event.path] = event.name;
        } else if (event.what == "renamed") {
            readAll();
        } else if (event.what == "removed") {
            nameOf_.erase(event.path);
            return;
        }
        if (const auto found = nameOf_.find(event.path); found != nameOf_.end())
            event.name = found->second;
    }

  private:
    Client& client_;
    std::map<std::string, std::string> nameOf_;
};

Record recordOf(const Event& event) {
    return {{
        {"sequence", "", event.sequence},
        {"event", "", event.what},
        {"name", "", event.name},
        {"path", "", event.path},
    }};
}

std::string lineOf(const Event& event) {
    if (event.what == "lost")
        return "nsd is gone";
    if (event.what == "back")
        return "nsd is back; what happened meanwhile was not told";
    if (event.what == "missed")
        return "events were missed; see nsctl list";
    return std::to_string(event.sequence) + " " + event.what + " " + event.name;
}

// The sequence as it was heard: true where there is a hole before this event.
class Sequence {
  public:
    bool misses(const Event& event) {
        if (event.path.empty()) { // another nsd counts anew
            last_.reset();
            return false;
        }
        const bool hole = last_ && event.sequence > *last_ + 1;
        last_ = event.sequence;
        return hole;
    }

  private:
    std::optional<std::uint64_t> last_;
};

bool isWanted(const std::vector<std::string>& names, const Event& event) {
    return names.empty() || event.path.empty() ||
           std::find(names.begin(), names.end(), event.name) != names.end();
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto tell = [&](const Event& event) { context.streamed(recordOf(event), lineOf(event)); };
    auto& client = context.client();
    client.subscribe();
    Names names(client);
    names.readAll(); // the first call: it finds the bus, and from then on nothing is missed
    Sequence sequence;
    for (;;) {
        auto event = client.nextEvent(std::chrono::hours(1));
        if (!event)
            continue;
        if (sequence.misses(*event))
            tell({event->sequence, "missed", "", ""});
        try {
            names.complete(*event);
        } catch (const Error&) { // NOLINT(bugprone-empty-catch): it is told without its name
        }
        if (isWanted(arguments.words(), *event))
            tell(*event);
    }
}

} // namespace

const Verb monitorVerb{"monitor", nullptr, "tell what happens to namespaces, as it happens",
    {"[NAME…]", 0, anyNumber}, {},
    "One line per event, until it is interrupted; with --json one object per line.",
    "nsctl monitor --json=short", exitFailure, run};

} // namespace nsd::client
