// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/adopt_request.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/declarations.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/link_desk.hpp"
#include "daemon/core/links.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/core/net_register.hpp"
#include "daemon/core/network_plugins.hpp"
#include "daemon/core/quotas.hpp"
#include "daemon/core/requester.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd {

class EtcCustody;

struct DestroyOptions {
    bool force = false;
    std::chrono::microseconds patience{5'000'000};
    bool unit = false;   // for nsd@: only what that made, and nobody is killed
    MaybeRequester by{}; // for the journal
};

struct DestroyResult {
    Released released = Released::Unknown;
    std::vector<Holder> holders{};       // when released is No
    std::vector<std::string> warnings{}; // what of it is left outside, and why
};

struct ListOptions {
    std::string after; // exclusive; need not exist
    std::uint32_t limit = 500;
    Labels labels; // all must match
};

// A leftover that was put aside at start: what it was called and why it could not be kept.
struct Quarantined {
    std::string entry;
    std::string reason;
};

// The named namespaces of this host: the use cases of the daemon, by name and UUID, without a word
// about who asks (daemon/bus/access decides that before) and how (D-Bus). A façade over Registry,
// PinStore, Creation, Destruction, Declarations and Recovery, each in a file of its own. Methods without a
// Completion throw Error; those with one answer through it alone, never from inside the call. An
// answer still due when this goes is not given. One that is declared and not made yet (State::Pending) has
// a name and a record; until it is made, all that needs the namespace itself is Busy.
class Namespaces {
  public:
    // `directory` is the tmpfs of the pins (/run/nsd/ns), open for as long as this lives.
    Namespaces(Loop& loop, Kernel& kernel, Links& links, Log& log, UniqueFd directory);
    ~Namespaces();
    Namespaces(const Namespaces&) = delete;
    Namespaces& operator=(const Namespaces&) = delete;

    // Who shows the namespaces is told of them, from now on and until it is detached.
    void attach(Events* events);
    void detach(const Events* events) noexcept;

    // Where network namespaces are shown and numbered, from now on; before recover(). It outlives this.
    void useNetRegister(NetRegister& all) noexcept;
    // Where the rest of the host sees it now (daemon/core/publication); empty: nowhere.
    [[nodiscard]] std::string publicPath(const NamespaceRecord& record) const noexcept;

    // How much each user has, of everything that the daemon gives: whoever gives more of it asks here.
    [[nodiscard]] Quotas& quotas() noexcept;
    // What they have in /etc.
    [[nodiscard]] EtcCustody& etc() noexcept;

    // Requests about their links. What a Destroy finds under way there is waited for.
    [[nodiscard]] LinkDesk& links() noexcept;

    // Finishes or undoes what a predecessor left half-done and reads what it published. Never
    // throws for what it finds: a bad leftover is put into quarantine and reported. Who is
    // attached already is told of each namespace that is there.
    [[nodiscard]] std::vector<Quarantined> recover();

    // Who makes networks; must outlive the answers. Before recover().
    void useNetworkPlugins(NetworkPlugins& plugins) noexcept;
    // Where what is persistent is kept: <directory>/namespaces.d, and notes of networks.
    void useStateDirectory(const std::string& directory);
    // Begins to take down what namespaces that are gone have left of their networks, those of another boot
    // among them.
    void detachForgotten();
    // What the files declare, from now on (daemon/core/declarations): what is not there is pending.
    void declare(Definitions definitions);
    // Makes what is pending, each in its own time, and brings the labels and grants of the rest up to date.
    void carryOutDeclarations();

    [[nodiscard]] const NamespaceRecord& find(const Name& name) const; // NoSuchNamespace
    [[nodiscard]] bool has(const Name& name) const noexcept;
    [[nodiscard]] const NamespaceRecord* findByUuid(const Uuid& uuid) const noexcept;
    [[nodiscard]] std::size_t count() const noexcept;
    [[nodiscard]] std::size_t leaseCount() const noexcept;
    // InvalidArgument for a limit of 0 or above 500: a short page must mean the end.
    [[nodiscard]] std::vector<const NamespaceRecord*> list(const ListOptions& options) const;
    // The record that has this very namespace, if any.
    [[nodiscard]] const NamespaceRecord* identify(const NamespaceIdentity& identity) const noexcept;

    // The file that would make it again; of one that is pending, the file that shall.
    [[nodiscard]] Definition definition(const Uuid& uuid) const;

    // Visible only when complete. Under a request id that the same caller used before: the namespace
    // of that time (also one still under way) if the arguments are the same, else InvalidArgument.
    void create(CreateRequest request, Completion<Uuid> done);
    // For nsd@NAME.service: the namespace of this name, when it is ready; if there is none, made as a file
    // declares it, else as the request says, with Origin::Unit.
    void createForUnit(CreateRequest request, Completion<Uuid> done);
    // What there is to know before it is asked whether the caller may; throws as in adopt_request.hpp.
    [[nodiscard]] AdoptionFacts inspect(const OpenedNamespaces& fds) const;
    // The same as create, for namespaces that are there already; nothing is known of what is in them,
    // and nobody in them is nsd's to end. NameExists also for one that has a name: the text says which.
    // A request id that Create was given is the same id here.
    void adopt(AdoptRequest request, Completion<Uuid> done);
    // A socket inside, made as somebody (Kernel::openSocket): one that daemon/core/socket_rules allows.
    // Throws Error{TypeNotPresent}.
    void openSocket(
        const Uuid& uuid, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done);
    // Fresh descriptors of the pins, each verified against the record. Empty types: all.
    // TypeNotPresent, Degraded.
    [[nodiscard]] std::map<NamespaceType, UniqueFd> open(const Uuid& uuid, NamespaceTypes types);
    // NameExists also for its own name, as mv and machinectl have it. Labels, grants and the request
    // id stay with it. Busy for what nsd@ or a file in /etc or /usr/lib keeps under its name.
    void rename(const Uuid& uuid, const Name& to);
    void setLabels(const Uuid& uuid, Labels labels);
    // As daemon/core/grants makes them. Leases that were given on one which is there no more are over.
    void setGrants(const Uuid& uuid, std::vector<Grant> grants);
    // The name is free when it has been unpublished: without force when this returns. Until then a
    // second call gets the answer of the first, and all else about it is Busy. Without force, what nsd@ or
    // a file in /etc or /usr/lib keeps is Busy itself. The file of a persistent one goes first. Links of the
    // host go home before the name goes; one that cannot is Busy, too, except for nsd@.
    void destroy(const Uuid& uuid, DestroyOptions options, Completion<DestroyResult> done);
    // What keeps it alive, leases among it.
    void holders(const Uuid& uuid, Completion<std::vector<Holder>> done);
    // A lease on it for this caller (daemon/core/leases). LimitExceeded.
    [[nodiscard]] UniqueFd hold(const Uuid& uuid, const Caller& caller);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
