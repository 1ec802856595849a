// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/holder.hpp"
#include "common/link_request.hpp"
#include "common/namespace_spec.hpp"
#include "common/namespace_type.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::client {

using Labels = std::map<std::string, std::string>;
using NamespaceFds = std::map<NamespaceType, UniqueFd>;

// What Manager.Create can be told; what is empty is not sent.
struct CreateOptions {
    std::optional<std::uint32_t> owner;
    Labels labels;
    std::string hostname;
    std::string domainname;
    std::map<std::string, std::string> sysctls;
    std::vector<IdRange> uidMap;
    std::vector<IdRange> gidMap;
    bool mapRoot = false;
    bool rootless = false;
    std::optional<std::chrono::nanoseconds> monotonicOffset;
    std::optional<std::chrono::nanoseconds> boottimeOffset;
    std::optional<std::chrono::microseconds> ttl;
    bool lease = false; // goes with its last lease
    bool persistent = false;
    std::string cni;      // a CNI network configuration list
    bool publish = false; // shown below /run/netns
    std::vector<LinkRequest> links;
    std::shared_ptr<const UniqueFd> etc{}; // a directory whose files are those of /etc inside
};

// A link inside.
struct LinkDetails {
    std::uint32_t index = 0;
    std::string name;
    std::string kind;  // veth …; empty: hardware, lo
    std::string state; // up, down, lowerlayerdown, unknown …
    std::uint32_t mtu = 0;
    std::string mac;
    std::string master;
    std::vector<std::string> addresses;
    std::string home; // its name on the host, for one that was moved from there
};

// One row of Manager.List.
struct ListedNamespace {
    std::string name;
    std::string path;
    std::string uuid;
    std::vector<std::string> types;
    std::uint32_t owner = 0;
    std::string state;
    std::string origin;
    std::uint64_t created = 0; // µs, realtime
    Labels labels;
    std::optional<std::uint32_t> processes{}; // where it was asked for
    std::vector<LinkDetails> links;           // where they were asked for
};

struct Grant {
    std::string kind; // user, group
    std::uint32_t id = 0;
    std::vector<std::string> rights;
};

// The properties of one namespace.
struct NamespaceDetails {
    std::string name;
    std::string path;
    std::string uuid;
    std::vector<std::string> types;
    std::map<std::string, std::string> pins;
    std::map<std::string, std::uint64_t> ids;
    std::map<std::string, std::uint64_t> inodes;
    std::uint32_t owner = 0;
    Labels labels;
    std::uint64_t created = 0; // µs, realtime
    std::string origin;
    std::string lifetime;
    std::string state;
    std::vector<Grant> grants;
    std::string controlGroup;          // below the cgroup2 mount; empty: none
    std::int32_t nsid = -1;            // for the host's network namespace; -1: none
    std::string publicPath;            // below /run/netns; empty: not there
    std::vector<std::string> etcFiles; // in /etc inside, that are not the host's
    std::string cni;                   // what network plugins answered, JSON; empty: none
};

struct DestroyOptions {
    bool force = false;
    std::optional<std::chrono::microseconds> timeout; // empty: the daemon's default
};

struct DestroyResult {
    std::string released; // yes, no, unknown
    std::vector<Holder> holders{};
    std::vector<std::string> warnings{}; // what of it is left
};

// What nsd says of definitions that are not files yet, by their names.
struct CheckedDefinitions {
    struct Problem {
        std::string name;
        std::uint32_t line = 0; // 0: not known
        std::string pointer;    // JSON pointer
        std::string text;
    };
    std::map<std::string, std::string> normal; // those without a problem, as exportDefinition() has them
    std::vector<Problem> problems{};
};

struct DaemonStatus {
    std::string bus; // the address that answered
    std::string version;
    std::vector<std::string> types;
    std::uint32_t namespaces = 0;
    std::uint64_t sequence = 0;
};

// The pins of a namespace, opened, and where a process that joins must live.
struct Entrance {
    NamespaceFds fds;
    std::string controlGroup; // given when cgroup is among the fds
    // The mount namespace of what is seen inside (/sys, /etc), where net is among the fds, mnt is not, and
    // who asks sees what nsd sees. Invalid: none.
    UniqueFd view{};
};

// What Manager.Exec is told. Descriptors are borrowed; -1: none, which is /dev/null inside.
struct ExecOptions {
    std::vector<std::string> environment; // NAME=VALUE, all that the command gets
    std::string directory;                // inside; empty: nsd's choice
    std::array<int, 3> stdio{-1, -1, -1};
    bool terminal = false;  // stdin is the slave of a pseudo-terminal, and becomes the controlling terminal
    NamespaceTypes types{}; // empty: all that it has
    bool tied = false;      // ends with this client's connection
};

// A command that nsd has started for us.
struct StartedCommand {
    std::string path; // of its object
    UniqueFd pidfd;   // readable once it has ended
};

// How it ended: siginfo's CLD_* and value.
struct CommandEnd {
    int code = 0;
    int status = 0;
};

// Something that happened, as nsd told it. what: new, removed; ready, degraded, renamed, labels, grants,
// links (of the path, without a name); or, of nsd itself, lost and back: what happened between the two was
// not told.
struct Event {
    std::uint64_t sequence = 0; // grows by one per event; a gap, too, means that something was not told
    std::string what;
    std::string name;
    std::string path;
};

// nsd was there, and then it or its bus went away. It may have done what it was asked or not, and it
// may come back, with all that it knew.
class Unanswered : public Error {
  public:
    explicit Unanswered(std::string text) : Error(Errc::TimedOut, std::move(text)) {}
};

// Nobody answers to org.nsd1 on any bus that was tried; the text says which, and how to start it.
class NoDaemon : public std::exception {
  public:
    explicit NoDaemon(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  private:
    std::string text_;
};

// nsd as a program sees it: one blocking call each, by name. Every method throws Error with what
// the daemon said, or NoDaemon. DbusClient is the real one; the tests have one without a bus.
class Client {
  public:
    Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    // Answers the object's path.
    virtual std::string create(
        const std::string& name, NamespaceTypes types, const CreateOptions& options) = 0;
    // The same for namespaces that the caller has opened; of the options those that Manager.Adopt has.
    virtual std::string adopt(
        const std::string& name, const NamespaceFds& fds, const CreateOptions& options) = 0;
    // A socket inside, as socket(2) makes it: AF_…, SOCK_….
    virtual UniqueFd openSocket(const std::string& name, int family, int type) = 0;
    virtual std::vector<ListedNamespace> list(const Labels& filter) = 0;
    // The same with links; of one that has no type net there are none.
    virtual std::vector<ListedNamespace> listWithLinks(const Labels& filter) = 0;
    [[nodiscard]] std::vector<ListedNamespace> listWithLinks() { return listWithLinks(Labels()); }
    virtual ListedNamespace listWithLinks(const std::string& name) = 0;
    // The same with the number of processes in each.
    virtual std::vector<ListedNamespace> listWithProcesses() = 0;
    virtual NamespaceDetails show(const std::string& name) = 0;
    // Empty types: all that it has.
    virtual Entrance enter(const std::string& name, NamespaceTypes types) = 0;
    // Starts a command inside, with the caller's ids.
    virtual StartedCommand exec(
        const std::string& name, const std::vector<std::string>& argv, const ExecOptions& options) = 0;
    // Sends a signal to a started command.
    virtual void signalCommand(const std::string& path, int signal) = 0;
    // Waits for its end as long as nsd does in one call (20 s); empty: it runs on. Throws Unanswered
    // while nsd is away.
    virtual std::optional<CommandEnd> waitForCommand(const std::string& path) = 0;
    // Name and type of the namespace that the descriptor is.
    virtual std::pair<std::string, std::string> identify(int fd) = 0;
    // Type → name.
    virtual std::map<std::string, std::string> identifyProcess(int pidfd) = 0;
    virtual void rename(const std::string& from, const std::string& to) = 0;
    // Replaces the labels of the namespace that has this path now and for ever.
    virtual void setLabels(const std::string& path, const Labels& labels) = 0;
    // `as`: its name there; empty: as it is.
    virtual void moveLink(const std::string& name, const std::string& link, const std::string& as) = 0;
    virtual void returnLink(const std::string& name, const std::string& link, const std::string& as) = 0;
    virtual void addLink(const std::string& name, const LinkRequest& link) = 0;
    virtual void grant(const std::string& name, const Grant& grant) = 0;
    virtual void revoke(const std::string& name, const Grant& grant) = 0;
    // A lease on it: held while any copy of the descriptor is open.
    virtual UniqueFd hold(const std::string& name) = 0;
    virtual DestroyResult destroy(const std::string& name, const DestroyOptions& options) = 0;
    virtual std::vector<Holder> holders(const std::string& name) = 0;
    // How many processes live in it. Throws Error{NoSuchNamespace}.
    virtual std::uint32_t countProcesses(const std::string& name) = 0;
    virtual DaemonStatus status() = 0;
    // The definition that makes it anew: JSON, a file of the definitions' directory.
    virtual std::string exportDefinition(const std::string& name) = 0;
    // Name → text.
    virtual CheckedDefinitions checkDefinitions(const std::map<std::string, std::string>& texts) = 0;
    // Where nsd reads those of the administrator.
    virtual std::string definitionsDirectory() = 0;
    // Lets it read them again.
    virtual void reload() = 0;
    // Returns when a declared one is made; Error says why it cannot be.
    virtual void awaitDeclared(const std::string& name) = 0;
    // From now on events are kept for nextEvent().
    virtual void subscribe() = 0;
    // The next one, waited for no longer than `limit`; empty: none came, or a signal interrupted the waiting.
    virtual std::optional<Event> nextEvent(std::chrono::microseconds limit) = 0;
};

// Empty: there is none of this name.
[[nodiscard]] inline std::optional<NamespaceDetails> showIfThere(Client& client, const std::string& name) {
    try {
        return client.show(name);
    } catch (const Error& error) {
        if (error.code() != Errc::NoSuchNamespace)
            throw;
        return std::nullopt;
    }
}

} // namespace nsd::client
