// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"
#include "client/cli/values.hpp"
#include "client/live/top_screen.hpp"
#include "client/verbs/verb.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <thread>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"batch", 'b', nullptr, "one table after the other, for programs and files"},
    Option{"number", 'n', "COUNT", "end after so many (default: never)"},
    Option{"delay", 'd', "SPAN", "how long from one to the next (default: 2s)"},
    Option{"sort", 's', "KEY", "by name, processes (default), sockets, rx, tx or memory"},
};

TopRequest requestOf(const Arguments& arguments) {
    TopRequest request;
    request.pause = parseDuration(arguments.value("delay").value_or("2s"));
    constexpr std::chrono::microseconds shortest{100'000};
    request.pause = std::max(request.pause, shortest);
    if (const auto count = arguments.value("number"))
        request.count = parseNumber(*count, "number of tables");
    request.sort = arguments.value("sort").value_or("processes");
    const auto& keys = usageKeys();
    if (std::find(keys.begin(), keys.end(), request.sort) == keys.end())
        throw UsageError("--sort is name, processes, sockets, rx, tx or memory, not " + quoted(request.sort));
    return request;
}

int runBatch(VerbContext& context, Usages& usages, const TopRequest& request) {
    for (std::uint32_t taken = 0; !request.count || taken < *request.count; ++taken) {
        if (taken > 0) {
            std::this_thread::sleep_for(request.pause);
            context.print("");
        }
        auto sample = usages.take(context.client());
        sortUsages(sample, request.sort);
        context.showTable(usageRecords(sample));
    }
    return exitSuccess;
}

int run(VerbContext& context, const Arguments& arguments) {
    auto request = requestOf(arguments);
    Usages usages(context.joiner().uid);
    if (arguments.has("batch") || context.wantsJson())
        return runBatch(context, usages, request);
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0)
        throw UsageError("it needs a terminal; -b is for files and programs");
    return showTop(context.client(), usages, std::move(request));
}

} // namespace

const Verb topVerb{"top", nullptr, "show what the namespaces use, live", {"", 0, 0}, options,
    "Processes, sockets, bytes received and sent a second but over lo, resident memory of the processes.\n"
    "\"-\": not known; but for processes, only root is shown it. Keys: n, p, s, r, t, m sort by name,\n"
    "processes, sockets, rx, tx, memory; q quits.",
    "nsctl top --sort rx", exitFailure, run};

} // namespace nsd::client
