// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb_context.hpp"

#include "client/output/render.hpp"
#include "client/verbs/name_hint.hpp"
#include "common/error.hpp"

#include <utility>

namespace nsd::client {

VerbContext::VerbContext(Globals globals, Surroundings& surroundings)
    : globals_(std::move(globals)), surroundings_(surroundings) {}

Client& VerbContext::client() {
    if (!client_)
        client_ = surroundings_.connect(globals_);
    return *client_;
}

int VerbContext::handOver(const std::function<int()>& program) {
    client_.reset();
    return program();
}

int VerbContext::enter(EnterRequest request) {
    return handOver([&] { return surroundings_.enter(std::move(request)); });
}

int VerbContext::runInFresh(RunRequest request) {
    return handOver([&] { return surroundings_.runInFresh(std::move(request)); });
}

std::function<std::unique_ptr<Client>()> VerbContext::connector() const {
    return [connect = surroundings_.connect, globals = globals_] { return connect(globals); };
}

int VerbContext::forward(ForwardRequest request) {
    return handOver([&] {
        surroundings_.forward(std::move(request));
        return exitSuccess;
    });
}

int VerbContext::runThroughDaemon(const ExecRequest& request) {
    return surroundings_.runThroughDaemon(client(), request);
}

void VerbContext::showTable(const std::vector<Record>& records) {
    auto& console = surroundings_.console;
    console.print(wantsJson() ? renderJson(records, prettyJson())
                              : renderTable(records, {globals_.legend, console.width()}));
}

void VerbContext::showTree(const std::vector<Record>& roots) {
    auto& console = surroundings_.console;
    console.print(wantsJson() ? renderJson(roots, prettyJson())
                              : renderTree(roots, {globals_.legend, console.width()}));
}

void VerbContext::showJson(const std::vector<Record>& records, Asked asked) {
    if (wantsJson() && asked == Asked::Several)
        surroundings_.console.print(renderJson(records, prettyJson()));
    else if (wantsJson() && !records.empty()) // what failed has been told on standard error
        surroundings_.console.print(renderJson(records.front(), prettyJson()));
}

void VerbContext::showDetails(const std::vector<Record>& records, Asked asked) {
    showJson(records, asked);
    const char* separator = "";
    for (const auto& record : records) {
        if (!wantsJson())
            surroundings_.console.print(separator + renderDetails(record));
        separator = "\n";
    }
}

void VerbContext::showTable(const std::vector<Record>& records, const Columns& columns) {
    if (wantsJson()) {
        showTable(records);
        return;
    }
    std::vector<Record> parts;
    parts.reserve(records.size());
    for (const auto& record : records)
        parts.push_back(chosen(record, columns));
    showTable(parts);
}

void VerbContext::printArray(const std::vector<Record>& records) {
    surroundings_.console.print(renderJson(records, globals_.json != Globals::Json::Short));
}

void VerbContext::streamed(const Record& record, const std::string& line) {
    surroundings_.console.print(wantsJson() ? renderJson(record, prettyJson()) : line + "\n");
}

void VerbContext::print(const std::string& line) {
    if (!wantsJson())
        surroundings_.console.print(line + "\n");
}

void VerbContext::say(const std::string& line) {
    if (!globals_.quiet)
        print(line);
}

void VerbContext::complain(std::string_view what, std::string_view why) noexcept {
    std::string line = "nsctl: ";
    if (!what.empty()) {
        line += what;
        line += ": ";
    }
    line += why;
    surroundings_.console.complain(line);
}

int VerbContext::forEachName(const char* verb, const std::vector<std::string>& names,
    const std::function<void(const std::string& name)>& work) {
    int status = exitSuccess;
    for (const auto& name : names) {
        try {
            work(name);
        } catch (const Error& error) {
            complain(verb + (" " + name), textWithHint(client(), error));
            status = exitFailure;
        }
    }
    return status;
}

} // namespace nsd::client
