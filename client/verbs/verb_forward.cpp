// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/run_forward.hpp"
#include "client/verbs/verb.hpp"

#include <algorithm>
#include <utility>

namespace nsd::client {
namespace {

Record recordOf(const std::string& name, const Forward& forward) {
    return {{{"namespace", "", name}, {"protocol", "", std::string("tcp")},
        {"outside", "", textOf(forward.outside)}, {"inside", "", textOf(forward.inside)}}};
}

void tell(VerbContext& context, const std::string& name, const std::vector<Forward>& forwards) {
    std::vector<Record> records;
    for (const auto& forward : forwards) {
        context.say(textOf(forward.outside) + " leads to " + textOf(forward.inside) + " in " + name);
        records.push_back(recordOf(name, forward));
    }
    context.showJson(records, VerbContext::Asked::Several);
}

Forward forwardOf(const std::string& word) {
    try {
        return parseForward(word);
    } catch (const Error& error) {
        throw UsageError(error.text());
    }
}

// Root enters by himself. Who may have sockets only is seen here: by the first one of each family, while
// there is somebody who could be asked for a password.
void findWayIn(VerbContext& context, const std::string& name, ForwardRequest& request) {
    auto& client = context.client();
    if (context.joiner().uid == 0) {
        auto entrance = client.enter(name, {NamespaceType::Net});
        request.net = std::move(entrance.fds[NamespaceType::Net]);
        return;
    }
    for (const auto& forward : request.forwards) {
        const int family = forward.inside.family();
        const auto has = [&](const auto& socket) { return socket.first == family; };
        if (std::none_of(request.sockets.begin(), request.sockets.end(), has))
            request.sockets.emplace_back(family, client.openSocket(name, family, SOCK_STREAM));
    }
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    ForwardRequest request;
    for (const auto& word : arguments.wordsBehindFirst())
        request.forwards.push_back(forwardOf(word));
    request.path = context.client().show(name).path;
    findWayIn(context, name, request);
    request.bus = context.client().status().bus;
    request.listening = [&](const std::vector<Forward>& forwards) { tell(context, name, forwards); };
    request.complain = [&](const std::string& why) { context.complain("forward " + name, why); };
    return context.forward(std::move(request));
}

} // namespace

const Verb forwardVerb{"forward", nullptr, "lead connections to a port here into a namespace",
    {"NAME tcp:ADDRESS:PORT:[ADDRESS:]PORT…", 2, anyNumber}, {},
    "The first address and port are here (port 0: the kernel chooses one), the second ones inside; without\n"
    "an address there it is the loopback's, 127.0.0.1 or [::1]. Goes on until it is interrupted or the\n"
    "namespace is destroyed. No link, no route and no firewall is needed or changed.",
    "nsctl forward web tcp:127.0.0.1:8080:80 tcp:[::1]:8080:80", exitFailure, run};

} // namespace nsd::client
