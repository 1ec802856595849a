// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/held_lease.hpp"
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    auto lease = context.client().hold(name);
    return context.handOver(
        [&] { return runHolding("hold " + name, std::move(lease), arguments.wordsBehindFirst()); });
}

} // namespace

const Verb holdVerb{"hold", nullptr, "run a command outside and hold a lease meanwhile",
    {"NAME [--] COMMAND…", 2, anyNumber, true}, {},
    "A namespace made with --lease stays as long as somebody holds a lease on it. The command does not get\n"
    "the lease and runs where you are. When the lease is revoked, nsctl says so and the command goes on.\n"
    "Exit status: the command's own; 125 where nsctl failed before it, 126 not executable, 127 not found,\n"
    "128+N for signal N.",
    "nsctl hold web -- ./run-the-tests", exitNotRun, run};

} // namespace nsd::client
