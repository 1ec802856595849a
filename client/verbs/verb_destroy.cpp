// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"
#include "client/verbs/holder_record.hpp"
#include "client/verbs/verb.hpp"

#include <array>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"force", 'f', nullptr, "kill the processes inside first"},
    Option{"wait", 'w', nullptr, "exit with status 1 where the kernel did not release it in time"},
    Option{"timeout", '\0', "SPAN", "how long to wait for the kernel (default: 5s; 0: not at all)"},
};

Record recordOf(const std::string& name, const DestroyResult& result) {
    return {{
        {"name", "", name},
        {"released", "", result.released},
        {"holders", "", recordsOf(result.holders)},
        {"warnings", "", result.warnings},
    }};
}

void tell(VerbContext& context, const std::string& name, const DestroyResult& result) {
    context.say(name + (result.released == "yes" ? ": released"
                           : result.released == "no"
                               ? ": destroyed, but not released yet"
                               : ": destroyed; the kernel does not say whether it is released"));
    for (const auto& warning : result.warnings)
        context.complain("destroy " + name, warning);
    for (const auto& holder : result.holders)
        context.complain("destroy " + name, "still held by " + describe(holder));
    if (result.released == "no" && result.holders.empty())
        context.complain("destroy " + name, "still held, by nothing that nsd can see");
}

int run(VerbContext& context, const Arguments& arguments) {
    DestroyOptions given;
    given.force = arguments.has("force");
    if (const auto timeout = arguments.value("timeout"))
        given.timeout = parseDuration(*timeout);

    bool held = false;
    std::vector<Record> records;
    const int status = context.forEachName("destroy", arguments.words(), [&](const std::string& name) {
        const auto result = context.client().destroy(name, given);
        held = held || result.released == "no";
        tell(context, name, result);
        records.push_back(recordOf(name, result));
    });
    context.showJson(
        records, arguments.words().size() > 1 ? VerbContext::Asked::Several : VerbContext::Asked::One);
    return held && arguments.has("wait") ? exitFailure : status;
}

} // namespace

const Verb destroyVerb{"destroy", "rm", "destroy namespaces", {"NAME…", 1, anyNumber}, options,
    "The name is free at once and for good; what still holds the kernel's namespace is told on standard "
    "error.",
    "nsctl destroy web --force --wait", exitFailure, run};

} // namespace nsd::client
