// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/unit/drop_in.hpp"
#include "client/unit/drop_in_file.hpp"
#include "client/verbs/verb.hpp"
#include "common/name.hpp"
#include "common/quote.hpp"

#include <array>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"types", 't', "TYPE,…", "join only these types (default: all that it has)"},
    Option{"print", '\0', nullptr, "show the drop-in and write nothing"},
    Option{"remove", '\0', nullptr, "take the drop-in back"},
    Option{"no-reload", '\0', nullptr, "do not tell systemd (systemctl daemon-reload)"},
    Option{"root", '\0', "DIR", "in the system below this directory, which is not running"},
};

// Where nobody can be asked: Debian 12's, the oldest that nsd is for.
constexpr unsigned oldestSystemd = 252;

// The command line, and whom there is to ask.
class UnitWork {
  public:
    UnitWork(VerbContext& context, const Arguments& arguments)
        : context_(context),
          arguments_(arguments),
          name_(arguments.words()[0]),
          unit_(parseUnitName(arguments.words()[1])) {
        if (!Name::isValid(name_))
            throw UsageError(quoted(name_) + " is not the name of a namespace");
        const bool remove = arguments.has("remove");
        if (remove && (arguments.has("print") || arguments.has("types")))
            throw UsageError("neither --print nor --types goes with --remove");
        if (arguments.has("types"))
            given_ = parseTypes(arguments.values("types"));
    }

    int run() {
        const DropInFile file(arguments_.value("root").value_or("/"), unit_);
        if (arguments_.has("remove"))
            return remove(file);
        const auto wanted = lookUpPins();
        const auto left = typesLeft(wanted);
        if (!left.empty())
            return refuse(wanted, left);
        const auto text = dropInText(name_, unit_, wanted, etc_);
        if (arguments_.has("print")) {
            show(file, text);
            return exitSuccess;
        }
        file.write(text);
        return finish(file, unit_.name + " joins " + name_);
    }

  private:
    using Pins = std::map<NamespaceType, std::string>;

    [[nodiscard]] bool isElsewhere() const { return arguments_.has("root"); }

    // As systemctl cat does.
    void show(const DropInFile& file, const std::string& text) {
        context_.showJson({{{{"path", "", file.path()}, {"text", "", text}}}}, VerbContext::Asked::One);
        printLines("# " + file.path() + "\n" + text);
    }

    int remove(const DropInFile& file) {
        if (const auto joined = file.joined(); joined && *joined != name_)
            throw Error(Errc::InvalidArgument, unit_.name + " joins " + *joined + ", not " + name_);
        file.remove();
        return finish(file, unit_.name + " no longer joins " + name_);
    }

    // What is there, told by nsd; or what will be, once nsd@.service makes it.
    [[nodiscard]] Pins lookUpPins() {
        if (isElsewhere())
            return pinsOf(given_.value_or(NamespaceTypes{NamespaceType::Net}), {});
        try {
            const auto details = context_.client().show(name_);
            const auto types = namespaceTypesFromWords(details.types);
            if (given_ && *given_ != NamespaceTypes::all() && !types.containsAll(*given_))
                throw Error(Errc::TypeNotPresent,
                    "it has " + describe(types) + ", and not all of " + describe(*given_));
            etc_ = etcOf(details, given_.value_or(types));
            return pinsOf(given_ && *given_ != NamespaceTypes::all() ? *given_ : types, details.pins);
        } catch (const Error& error) {
            if (error.code() != Errc::NoSuchNamespace || !given_)
                throw;
            return pinsOf(*given_, {});
        }
    }

    // Beside the pins. Who does not join its network has nothing to do with its resolv.conf.
    [[nodiscard]] static std::string etcOf(const NamespaceDetails& details, NamespaceTypes joined) {
        const auto net = details.pins.find("net");
        if (details.etcFiles.empty() || net == details.pins.end() || !joined.contains(NamespaceType::Net))
            return {};
        return net->second.substr(0, net->second.rfind('/') + 1) + "etc";
    }

    [[nodiscard]] Pins pinsOf(NamespaceTypes types, const std::map<std::string, std::string>& known) const {
        Pins pins;
        for (const auto type : types) {
            const std::string word(toWord(type));
            const auto pin = known.find(word);
            pins[type] = pin != known.end() ? pin->second : "/run/nsd/ns/" + name_ + "/" + word;
        }
        return pins;
    }

    // Those that systemd cannot join.
    [[nodiscard]] NamespaceTypes typesLeft(const Pins& wanted) {
        const auto joined = typesJoinedBySystemd(systemdVersion());
        NamespaceTypes left;
        for (const auto& [type, pin] : wanted)
            if (!joined.contains(type))
                left.insert(type);
        return left;
    }

    [[nodiscard]] unsigned systemdVersion() {
        try {
            return systemd().version();
        } catch (const Error&) {
            return oldestSystemd;
        }
    }

    int refuse(const Pins& wanted, NamespaceTypes left) {
        const auto begin = "systemd cannot join its " + describe(left) + ": choose others with -t";
        if (!unit_.isService())
            throw Error(Errc::InvalidArgument, begin);
        context_.complain("unit " + name_, begin + ", or have nsctl start the programs, by these lines");
        NamespaceTypes types;
        for (const auto& [type, pin] : wanted)
            types.insert(type);
        printLines(handWrittenText(name_, types, startCommands()));
        return exitFailure;
    }

    [[nodiscard]] std::vector<std::vector<std::string>> startCommands() {
        if (isElsewhere() || unit_.isTemplate())
            return {};
        try {
            return systemd().startCommands(unit_.name);
        } catch (const Error&) {
            return {}; // they are an offer, and the user knows them
        }
    }

    int finish(const DropInFile& file, const std::string& what) {
        context_.showJson({{{{"name", "", name_}, {"unit", "", unit_.name}, {"path", "", file.path()}}}},
            VerbContext::Asked::One);
        if (isElsewhere())
            return exitSuccess;
        if (!arguments_.has("no-reload"))
            reload(file);
        context_.say(what + " from its next start on (if it runs: systemctl restart " + unit_.name + ")");
        return exitSuccess;
    }

    void reload(const DropInFile& file) {
        try {
            systemd().reload();
        } catch (const Error& error) {
            throw Error(error.code(), file.path() +
                                          " is as it was to be, but systemd does not know (systemctl "
                                          "daemon-reload): " +
                                          error.text());
        }
    }

    void printLines(std::string text) {
        text.pop_back(); // print() ends the last one
        context_.print(text);
    }

    ServiceManager& systemd() {
        if (!systemd_)
            systemd_ = context_.connectToSystemd();
        return *systemd_;
    }

    VerbContext& context_;
    const Arguments& arguments_;
    const std::string& name_;
    UnitName unit_;
    std::optional<NamespaceTypes> given_;
    std::string etc_; // the path of its own /etc; empty: it has the host's
    std::unique_ptr<ServiceManager> systemd_;
};

int run(VerbContext& context, const Arguments& arguments) {
    return UnitWork(context, arguments).run();
}

} // namespace

const Verb unitVerb{"unit", nullptr, "have a unit of systemd join a namespace", {"NAME UNIT", 2, 2}, options,
    "Writes /etc/systemd/system/UNIT.d/50-nsd.conf: a service, socket, mount or swap (without a type: a\n"
    "service) joins NAME at its next start, is started behind nsd@NAME.service, and stops with it.\n"
    "PrivateNetwork= and PrivateIPC= of the unit have no effect then. systemd joins net and ipc, from\n"
    "version 259 on user (set User= to an id that is mapped there); a service's programs join everything\n"
    "else through nsctl exec: it says by which lines. Files of its own in /etc (nsctl show) are seen by the\n"
    "unit, too. After rename: once more, with the new name.",
    "nsctl unit web nginx", exitFailure, run};

} // namespace nsd::client
