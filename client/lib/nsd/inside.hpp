// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/bus/dbus_client.hpp"
#include "client/client.hpp"
#include "client/join/joining.hpp"
#include "common/error.hpp"
#include "common/link_request.hpp"
#include "common/namespace_type.hpp"

#include <nsd/nsd.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The library's own: what its classes are made of, which is what nsctl has, and the ways between the words of
// the two. Not installed.
#define NSD_HIDDEN __attribute__((visibility("hidden")))

namespace nsd::v0 {

struct NSD_HIDDEN ConnectOptions::Data {
    std::optional<std::string> address;
    client::Manners manners{.askPassword = false, .startDaemon = true};
};
struct NSD_HIDDEN Veth::Data : LinkRequest {};
struct NSD_HIDDEN CreateOptions::Data : client::CreateOptions {};
struct NSD_HIDDEN DestroyOptions::Data : client::DestroyOptions {};
struct NSD_HIDDEN ExecOptions::Data : client::ExecOptions {};
struct NSD_HIDDEN ListedNamespace::Data : client::ListedNamespace {};
struct NSD_HIDDEN Namespace::Data : client::NamespaceDetails {};
struct NSD_HIDDEN Status::Data : client::DaemonStatus {};
struct NSD_HIDDEN Client::Data : client::DbusClient {
    using DbusClient::DbusClient;
};
struct NSD_HIDDEN Command::Data {
    std::shared_ptr<Client::Data> client; // it is tied to the connection
    client::StartedCommand started;
};
struct NSD_HIDDEN Entrance::Data {
    client::Entrance opened;
    std::optional<client::Joining> joining{}; // from join() on
};

// An option's contents, and nobody else's: a copy of the options keeps what it has.
template <class Data>
Data& own(std::shared_ptr<Data>& data) {
    if (!data)
        data = std::make_shared<Data>();
    else if (data.use_count() > 1)
        data = std::make_shared<Data>(*data);
    return *data;
}
// What was set, which may be nothing.
template <class Data>
Data contents(const std::shared_ptr<Data>& data) {
    return data ? *data : Data();
}

[[nodiscard]] Type outside(NamespaceType type) noexcept;
[[nodiscard]] NamespaceType inside(Type type);
[[nodiscard]] NamespaceTypes inside(const Types& types);
// Words of a newer nsd that are unknown here are left out.
[[nodiscard]] Types outside(const std::vector<std::string>& words);
[[nodiscard]] Types outside(const client::NamespaceFds& fds);
[[nodiscard]] std::optional<client::User> inside(const std::optional<User>& user);
[[nodiscard]] inline Fd outside(UniqueFd fd) noexcept {
    return Fd(fd.release());
}

// The public error for what is thrown inside.
[[nodiscard]] Error outside(const nsd::Error& error);

// Answers what `work` does, and throws what it throws as the library's.
template <class Work>
decltype(auto) translated(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const client::NoDaemon& error) {
        throw Error(Errc::NoDaemon, error.what());
    } catch (const client::Unanswered& error) {
        throw Error(Errc::Unanswered, error.what());
    } catch (const nsd::Error& error) {
        throw outside(error);
    }
}

} // namespace nsd::v0
