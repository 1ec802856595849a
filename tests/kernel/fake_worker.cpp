// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A worker that makes nothing but does what a test tells it, well or badly. The hostname of a request
// to make namespaces is the order; NSD_FAKE_WORKER says how it starts.
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/messages.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <unistd.h>

namespace {

using namespace nsd;
constexpr int socketFd = 3;
constexpr int baseFd = 4;

void reply(const protocol::Reply& text, const std::vector<int>& fds = {}) {
    protocol::sendPacket(socketFd, protocol::encode(text), fds);
}

void enterBase(const std::string& option) {
    if (option == "--join") {
        if (::setns(baseFd, CLONE_NEWNS) != 0)
            std::exit(3);
    } else if (::unshare(CLONE_NEWNS) != 0 ||
               ::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0) {
        std::exit(4);
    }
}

// The types are left empty; the pid tells the test who answered.
void obey(const std::string& order) {
    if (order == "hang")
        ::pause();
    if (order == "stop")
        ::raise(SIGSTOP);
    if (order == "die")
        ::raise(SIGKILL);
    if (order == "exit")
        std::exit(7);
    if (order == "close") {
        ::close(socketFd);
        ::pause();
    }
    if (order == "garbage")
        protocol::sendPacket(socketFd, "{\"what\": [", {});
    else if (order == "twice")
        reply(protocol::MakeReply{{}, ::getpid()});
    else if (order == "error")
        return reply(Error(Errc::LimitExceeded, "ordered", EMFILE));
    if (order == "answer and die") {
        reply(protocol::MakeReply{{}, ::getpid()});
        ::raise(SIGKILL);
    }
    if (order == "fds") {
        const std::vector<int> many(200, STDERR_FILENO);
        return reply(protocol::MakeReply{{}, ::getpid()}, many);
    }
    reply(protocol::MakeReply{{}, ::getpid()});
}

} // namespace

int main(int argc, char** argv) {
    const char* start = std::getenv("NSD_FAKE_WORKER");
    const std::string how = start != nullptr ? start : "";
    if (how == "die")
        std::exit(9);
    if (how == "hang")
        ::pause();
    enterBase(argc > 1 ? argv[1] : "");
    reply(protocol::ReadyReply{});
    while (auto packet = protocol::receivePacket(socketFd)) {
        const auto request = protocol::decodeRequest(packet->text);
        if (const auto* make = std::get_if<protocol::MakeRequest>(&request))
            obey(make->spec.hostname);
        else
            reply(protocol::DropReply{});
    }
}
