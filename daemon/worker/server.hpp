// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/worker/init_program.hpp"
#include "daemon/worker/maker.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <string>
#include <vector>

namespace nsd::worker {

// A worker's life: one request, one reply, until the daemon closes the socket. Whatever goes wrong
// with a request is its reply.
class Server {
  public:
    // Single-threaded, in the base mount namespace. `socket` stays the caller's.
    explicit Server(int socket);

    void run();

  private:
    struct Answer {
        protocol::Reply reply;
        std::vector<UniqueFd> fds;
    };
    [[nodiscard]] Answer answer(protocol::Packet packet) const noexcept;
    [[nodiscard]] Answer serve(const protocol::MakeRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::DropRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::HoldersRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::CountRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::LinksRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::KillRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::UserRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::AccountsRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::SocketRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::InitRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::InspectLinkRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::MoveLinkRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(
        const protocol::BringLinkHomeRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::MakeVethRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::RemoveVethRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::ViewRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::EtcFilesRequest& request, std::vector<UniqueFd> fds) const;
    [[nodiscard]] Answer serve(const protocol::EtcRequest& request, std::vector<UniqueFd> fds) const;
    void send(const Answer& answer) const;

    int socket_;
    ProcFs proc_;
    InitProgram initProgram_;
    Maker maker_;
};

} // namespace nsd::worker
