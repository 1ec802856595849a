// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/nsctl.hpp"

#include "client/completion/completion.hpp"
#include "client/help.hpp"
#include "client/remote/several_hosts.hpp"
#include "client/verbs/name_hint.hpp"
#include "client/verbs/verb.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <utility>

namespace nsd::client {
namespace {

Globals::Json parseJson(const std::string& text) {
    if (text == "off")
        return Globals::Json::Off;
    if (text == "short")
        return Globals::Json::Short;
    if (text == "pretty")
        return Globals::Json::Pretty;
    throw UsageError("--json is short, pretty or off, not " + quoted(text));
}

void readGlobals(const Arguments& arguments, Globals& globals) {
    if (const auto bus = arguments.value("bus"))
        globals.bus = *bus;
    if (const auto json = arguments.value("json"))
        globals.json = parseJson(*json);
    globals.legend = globals.legend && !arguments.has("no-legend");
    globals.askPassword = globals.askPassword && !arguments.has("no-ask-password");
    globals.quiet = globals.quiet || arguments.has("quiet");
}

// One run: what has been read so far says how a failure is told.
class Run {
  public:
    explicit Run(Surroundings& surroundings) : surroundings_(surroundings) {}

    int operator()(const std::vector<std::string>& line) noexcept {
        try {
            if (!line.empty() && line.front() == completionVerb)
                return runCompletion({line.begin() + 1, line.end()}, surroundings_);
            return dispatch(line);
        } catch (const UsageError& error) {
            complain(what_,
                std::string(error.what()) + " (see nsctl " + (what_.empty() ? "" : what_ + " ") + "--help)");
            return exitUsage;
        } catch (const NoDaemon& error) {
            complain(subject_, error.what());
            return failure_ == exitFailure ? exitNoDaemon : failure_;
        } catch (const Error& error) {
            complain(subject_, error.text());
        } catch (const std::exception& error) {
            complain(subject_, error.what()); // bad_alloc
        }
        return failure_;
    }

  private:
    int dispatch(const std::vector<std::string>& line) {
        std::vector<std::string> rest;
        const auto leading = parseLeading(leadingOptions(), line, rest);
        Globals globals;
        readGlobals(leading, globals);
        if (leading.has("help"))
            return runVerb(helpVerb, Arguments(), globals);
        if (leading.has("version"))
            return runVerb(versionVerb, Arguments(), globals);
        if (rest.empty())
            throw UsageError("no verb was given");
        const auto& verb = findVerb(rest.front());
        if (leading.has("host"))
            return runRemotely(leading, globals, verb, std::move(rest));

        what_ = verb.name;
        subject_ = what_;
        std::vector<Option> options(verb.options.begin(), verb.options.end());
        options.insert(options.end(), globalOptions().begin(), globalOptions().end());
        const auto arguments = parseLine(options, verb.words, {rest.begin() + 1, rest.end()});
        readGlobals(arguments, globals);
        if (arguments.has("help")) {
            surroundings_.console.print(helpText(verb) + "\n");
            return exitSuccess;
        }
        if (arguments.has("version"))
            return runVerb(versionVerb, Arguments(), globals);
        checkWords(verb.words, arguments);
        if (!arguments.words().empty() && !arguments.words().front().empty())
            subject_ += " " + arguments.words().front();
        return runVerb(verb, arguments, globals);
    }

    // The verb's own line is read where it is done.
    int runRemotely(
        const Arguments& leading, const Globals& globals, const Verb& verb, std::vector<std::string> rest) {
        what_ = verb.name;
        subject_ = what_;
        failure_ = verb.failure;
        VerbContext context(globals, surroundings_);
        RemoteRequest request{leading.values("host"), verb.name, optionsBeside(leading), std::move(rest)};
        if (request.hosts.size() > 1)
            return runOnHosts(context, request);
        if (const auto form = leading.value("json"))
            request.options.push_back("--json=" + *form);
        auto words = std::move(request.options);
        words.insert(words.end(), request.line.begin(), request.line.end());
        return surroundings_.becomeRemote(request.hosts.front(), words);
    }

    // All but the hosts and the form of the output.
    static std::vector<std::string> optionsBeside(const Arguments& leading) {
        std::vector<std::string> options;
        if (const auto bus = leading.value("bus"))
            options.push_back("--bus=" + *bus);
        for (const auto* flag : {"no-legend", "no-ask-password", "quiet"})
            if (leading.has(flag))
                options.push_back(std::string("--") + flag);
        return options;
    }

    int runVerb(const Verb& verb, const Arguments& arguments, Globals& globals) {
        failure_ = verb.failure;
        VerbContext context(std::move(globals), surroundings_);
        try {
            return verb.run(context, arguments);
        } catch (const Unanswered&) {
            throw;
        } catch (const Error& error) {
            if (error.code() != Errc::NoSuchNamespace)
                throw;
            throw Error(error.code(), textWithHint(context.client(), error));
        }
    }

    void complain(const std::string& what, const std::string& why) noexcept {
        surroundings_.console.complain("nsctl: " + (what.empty() ? "" : what + ": ") + why);
    }

    Surroundings& surroundings_;
    std::string what_;    // the verb
    std::string subject_; // "create web"
    int failure_ = exitFailure;
};

} // namespace

int nsctl(const std::vector<std::string>& line, Surroundings& surroundings) noexcept {
    return Run(surroundings)(line);
}

} // namespace nsd::client
