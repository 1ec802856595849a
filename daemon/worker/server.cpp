// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/server.hpp"

#include "common/error.hpp"
#include "daemon/worker/etc_mount.hpp"
#include "daemon/worker/etc_reader.hpp"
#include "daemon/worker/holder_scan.hpp"
#include "daemon/worker/init_search.hpp"
#include "daemon/worker/link_mover.hpp"
#include "daemon/worker/link_places.hpp"
#include "daemon/worker/link_restorer.hpp"
#include "daemon/worker/link_survey.hpp"
#include "daemon/worker/members.hpp"
#include "daemon/worker/socket_maker.hpp"
#include "daemon/worker/user_lookup.hpp"
#include "daemon/worker/veth_maker.hpp"
#include "daemon/worker/view.hpp"

#include <cerrno>
#include <cstddef>
#include <poll.h>
#include <utility>
#include <variant>

namespace nsd::worker {
namespace {

// See DropRequest.
void waitForHangUp(int pipe) {
    pollfd hangUp{pipe, 0, 0};
    while (::poll(&hangUp, 1, -1) < 0)
        if (errno != EINTR)
            throw kernelError("wait for", "the sender to close its descriptors", errno);
}

void expectDescriptors(const std::vector<UniqueFd>& fds, std::size_t least, std::size_t most) {
    if (fds.size() < least || fds.size() > most)
        throw Error(Errc::KernelError, "a request about links has the wrong descriptors");
}

} // namespace

Server::Server(int socket) : socket_(socket), maker_(proc_, initProgram_) {}

void Server::run() {
    send({protocol::ReadyReply{}, {}});
    while (auto packet = protocol::receivePacket(socket_))
        send(answer(std::move(*packet)));
}

Server::Answer Server::answer(protocol::Packet packet) const noexcept {
    try {
        const auto request = protocol::decodeRequest(packet.text);
        return std::visit([&](const auto& one) { return serve(one, std::move(packet.fds)); }, request);
    } catch (const Error& error) {
        return {error, {}};
    } catch (const std::exception& error) {
        return {Error(Errc::KernelError, std::string("a worker failed: ") + error.what()), {}};
    }
}

Server::Answer Server::serve(const protocol::MakeRequest& request, std::vector<UniqueFd> fds) const {
    if (fds.size() != (request.withControlGroup ? 1U : 0U))
        throw Error(Errc::KernelError, "a request to make namespaces has the wrong descriptors");
    auto result = maker_.make(request, request.withControlGroup ? fds.front().get() : -1);
    return {result.reply, std::move(result.fds)};
}

Server::Answer Server::serve(const protocol::DropRequest& /*request*/, std::vector<UniqueFd> fds) const {
    if (fds.empty())
        throw Error(Errc::KernelError, "a request to drop namespaces has no pipe");
    waitForHangUp(fds.back().get());
    fds.clear();
    return {protocol::DropReply{}, {}};
}

Server::Answer Server::serve(const protocol::HoldersRequest& request, std::vector<UniqueFd> fds) const {
    if (fds.size() > 1)
        throw Error(Errc::KernelError, "a request to find holders has the wrong descriptors");
    const int netNs = fds.empty() ? -1 : fds.front().get();
    return {protocol::HoldersReply{HolderScan(proc_, request.query, request.ignored, netNs).run()}, {}};
}

Server::Answer Server::serve(const protocol::CountRequest& request, std::vector<UniqueFd> /*fds*/) const {
    return {countMembers(proc_, request), {}};
}

Server::Answer Server::serve(const protocol::LinksRequest& /*request*/, std::vector<UniqueFd> fds) const {
    return {surveyLinks(fds), {}};
}

Server::Answer Server::serve(const protocol::KillRequest& request, std::vector<UniqueFd> /*fds*/) const {
    return {killMembers(proc_, request), {}};
}

Server::Answer Server::serve(const protocol::UserRequest& request, std::vector<UniqueFd> /*fds*/) const {
    return {protocol::UserReply{lookUpUser(request.uid, "/etc")}, {}};
}

Server::Answer Server::serve(const protocol::AccountsRequest& request, std::vector<UniqueFd> /*fds*/) const {
    return {protocol::AccountsReply{lookUpAccounts(request.names)}, {}};
}

Server::Answer Server::serve(const protocol::SocketRequest& request, std::vector<UniqueFd> fds) const {
    if (fds.size() != 1)
        throw Error(Errc::KernelError, "a request to make a socket has the wrong descriptors");
    Answer answer{protocol::SocketReply{}, {}};
    answer.fds.push_back(makeSocket(fds.front().get(), request.socket, request.ids));
    return answer;
}

Server::Answer Server::serve(const protocol::InitRequest& request, std::vector<UniqueFd> /*fds*/) const {
    return {protocol::InitReply{searchInit(proc_, request.pidNamespace)}, {}};
}

Server::Answer Server::serve(const protocol::InspectLinkRequest& request, std::vector<UniqueFd> fds) const {
    expectDescriptors(fds, 2, 2);
    LinkPlaces places(fds[0].get(), fds[1].get());
    return {protocol::InspectLinkReply{inspectLink(places, request.name)}, {}};
}

Server::Answer Server::serve(const protocol::MoveLinkRequest& request, std::vector<UniqueFd> fds) const {
    expectDescriptors(fds, 2, 2);
    LinkPlaces places(fds[0].get(), fds[1].get());
    return {protocol::MoveLinkReply{moveLink(places, request.custody, request.name, request.up)}, {}};
}

Server::Answer Server::serve(const protocol::BringLinkHomeRequest& request, std::vector<UniqueFd> fds) const {
    expectDescriptors(fds, 1, 2);
    LinkPlaces places(fds[0].get(), fds.size() == 2 ? fds[1].get() : -1);
    return {protocol::BringLinkHomeReply{LinkRestorer(places, request.custody).run()}, {}};
}

Server::Answer Server::serve(const protocol::MakeVethRequest& request, std::vector<UniqueFd> fds) const {
    expectDescriptors(fds, 2, 2);
    return {protocol::MakeVethReply{makeVeth(fds[0].get(), fds[1].get(), request.veth)}, {}};
}

Server::Answer Server::serve(const protocol::RemoveVethRequest& request, std::vector<UniqueFd> fds) const {
    expectDescriptors(fds, 1, 1);
    return {protocol::RemoveVethReply{removeVeth(fds[0].get(), request.name, request.mac)}, {}};
}

Server::Answer Server::serve(const protocol::ViewRequest& request, std::vector<UniqueFd> fds) const {
    Answer answer{protocol::ViewReply{}, {}};
    answer.fds.push_back(makeView(request, std::move(fds)));
    return answer;
}

Server::Answer Server::serve(const protocol::EtcFilesRequest& request, std::vector<UniqueFd> fds) const {
    if (fds.size() != 1)
        throw Error(Errc::KernelError, "a request to read files has the wrong descriptors");
    return {protocol::EtcFilesReply{readEtcDirectory(fds.front().get(), request.user)}, {}};
}

Server::Answer Server::serve(const protocol::EtcRequest& request, std::vector<UniqueFd> /*fds*/) const {
    protocol::EtcReply reply;
    auto files = request.own;
    files.merge(readNetnsDirectory(request.netnsDirectory, reply.remarks));
    files.merge(EtcFiles(request.defaults));
    for (const auto& [name, text] : files)
        reply.files.push_back(name);
    Answer answer{std::move(reply), {}};
    if (!files.empty())
        answer.fds.push_back(makeEtc(files, request.scratch));
    return answer;
}

void Server::send(const Answer& answer) const {
    std::vector<int> fds;
    for (const auto& fd : answer.fds)
        fds.push_back(fd.get());
    try {
        protocol::sendPacket(socket_, protocol::encode(answer.reply), fds);
    } catch (const Error& error) {
        // Too long, or too many descriptors in flight: that is the reply then. A daemon that is gone
        // throws again, which ends the worker.
        protocol::sendPacket(socket_, protocol::encode(protocol::Reply(error)), {});
    }
}

} // namespace nsd::worker
