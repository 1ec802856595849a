// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The relay of nsctl forward, over the loopback, with this process as the client and as the server: what one
// side says the other one hears, and how it ends.
#include "client/forward/forwarder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

class PlainSockets final : public client::InsideSockets {
  public:
    bool fails = false;
    void ask(int family, Completion<UniqueFd> done) override {
        if (fails)
            done(Error(Errc::AccessDenied, "no sockets today"));
        else
            done(UniqueFd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)));
    }
};

Endpoint loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Endpoint endpoint;
    endpoint.length = sizeof address;
    std::memcpy(&endpoint.address, &address, sizeof address);
    return endpoint;
}

// The server "inside"; blocking.
class Server {
  public:
    Server() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), at_(loopback(0)) {
        EXPECT_EQ(::bind(socket_.get(), at_.get(), at_.length), 0);
        EXPECT_EQ(::listen(socket_.get(), 128), 0);
        at_.length = sizeof at_.address;
        EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&at_.address), &at_.length), 0);
    }
    [[nodiscard]] const Endpoint& at() const noexcept { return at_; }
    [[nodiscard]] UniqueFd accept() const { return UniqueFd(::accept4(socket_.get(), nullptr, nullptr, 0)); }
    void close() { socket_.reset(); }

  private:
    UniqueFd socket_;
    Endpoint at_;
};

class Relay : public testing::Test {
  protected:
    Relay() : at_(forwarder_.listen({loopback(0), server_.at()})) {}
    ~Relay() override { stop(); }

    // The forwarder turns in a thread of its own from now on.
    void start() {
        thread_ = std::thread([this] {
            while (!stopped_) {
                queue_.turn(10);
                forwarder_.sweep();
            }
        });
    }
    void stop() {
        stopped_ = true;
        if (thread_.joinable())
            thread_.join();
    }
    [[nodiscard]] UniqueFd connect() const {
        UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::connect(socket.get(), at_.get(), at_.length), 0) << errno;
        return socket;
    }
    static void say(const UniqueFd& socket, const std::string& text) {
        EXPECT_EQ(
            ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    }
    // Up to the end of what the other side says; "!" where it was no end but a failure.
    static std::string hear(const UniqueFd& socket) {
        std::string all;
        std::array<char, 65536> buffer{};
        for (;;) {
            const auto got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
            if (got <= 0)
                return got < 0 ? all + "!" : all;
            all.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

    std::vector<std::string> complaints_; // read it when the forwarder has stopped
    client::EventQueue queue_;
    PlainSockets sockets_;
    client::Forwarder forwarder_{
        queue_, sockets_, [this](const std::string& why) { complaints_.push_back(why); }};
    Server server_;
    Endpoint at_;

  private:
    std::thread thread_;
    std::atomic<bool> stopped_ = false;
};

TEST_F(Relay, CarriesBothWaysAndEachEndForItself) {
    start();
    const auto client = connect();
    say(client, "question");
    ::shutdown(client.get(), SHUT_WR);
    const auto server = server_.accept();
    EXPECT_EQ(hear(server), "question") << "the end of the one direction";
    say(server, "answer");
    ::shutdown(server.get(), SHUT_WR);
    EXPECT_EQ(hear(client), "answer") << "is not that of the other";
    stop();
    queue_.turn(0);
    forwarder_.sweep();
    EXPECT_EQ(forwarder_.connections(), 0U);
    EXPECT_TRUE(complaints_.empty());
}

TEST_F(Relay, LosesNothingOfWhatIsMoreThanAllBuffers) {
    start();
    constexpr std::size_t much = 64UL * 1024 * 1024;
    const auto client = connect();
    std::thread writer([&] {
        say(client, std::string(much, 'x') + "end");
        ::shutdown(client.get(), SHUT_WR);
    });
    const auto server = server_.accept();
    // The reader is slower than the writer.
    pollfd nothing{-1, 0, 0};
    ::poll(&nothing, 1, 200);
    const auto heard = hear(server);
    writer.join();
    EXPECT_EQ(heard.size(), much + 3);
    EXPECT_EQ(heard.substr(much), "end");
}

TEST_F(Relay, ReadsNoMoreThanTheOtherSideTakes) {
    start();
    const auto client = connect();
    const auto server = server_.accept();
    const std::string piece(1024UL * 1024, 'x');
    std::size_t taken = 0;
    constexpr std::size_t tooMuch = 256;
    for (bool full = false; !full && taken < tooMuch;) {
        pollfd writable{client.get(), POLLOUT, 0};
        full = ::poll(&writable, 1, 500) == 0;
        if (!full && ::send(client.get(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
            ++taken;
    }
    EXPECT_LT(taken, tooMuch) << "MiB that nobody has read";
}

TEST_F(Relay, AResetIsNoEnd) {
    start();
    auto client = connect();
    auto server = server_.accept();
    const linger now{1, 0};
    ::setsockopt(server.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    server.reset();
    EXPECT_EQ(hear(client), "!");
}

TEST_F(Relay, AResetIsOneAlsoWhereThatSideHasSaidAll) {
    start();
    auto client = connect();
    const auto server = server_.accept();
    say(client, "question");
    ::shutdown(client.get(), SHUT_WR);
    EXPECT_EQ(hear(server), "question");
    const linger now{1, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    client.reset();
    pollfd failed{server.get(), 0, 0};
    EXPECT_EQ(::poll(&failed, 1, 5000), 1) << "the server goes on for nobody";
    EXPECT_NE(failed.revents & POLLERR, 0);
}

TEST_F(Relay, WhatCannotBeReachedIsResetAndTold) {
    server_.close();
    start();
    const auto first = connect();
    EXPECT_EQ(hear(first), "!");
    const auto second = connect();
    EXPECT_EQ(hear(second), "!");
    stop();
    ASSERT_EQ(complaints_.size(), 1U) << "once for the same reason";
    EXPECT_EQ(
        complaints_[0], "nothing to be reached at " + textOf(server_.at()) + " inside: Connection refused");
}

TEST_F(Relay, ThatGetsNoSocketSaysWhy) {
    sockets_.fails = true;
    start();
    EXPECT_EQ(hear(connect()), "!");
    stop();
    EXPECT_EQ(complaints_, std::vector<std::string>{"no sockets today"});
}

TEST_F(Relay, HasManyAtATime) {
    start();
    constexpr int many = 200;
    std::vector<UniqueFd> clients;
    std::vector<UniqueFd> servers;
    for (int i = 0; i < many; ++i) {
        clients.push_back(connect());
        servers.push_back(server_.accept());
        say(clients.back(), std::to_string(i));
    }
    for (int i = 0; i < many; ++i) {
        const auto at = static_cast<std::size_t>(i);
        ::shutdown(clients[at].get(), SHUT_WR);
        EXPECT_EQ(hear(servers[at]), std::to_string(i));
        servers[at].reset();
        EXPECT_EQ(hear(clients[at]), "");
    }
}

TEST_F(Relay, ATakenPortIsAnError) {
    try {
        forwarder_.listen({at_, server_.at()});
        FAIL() << "listens twice";
    } catch (const Error& error) {
        EXPECT_EQ(error.text(), "cannot listen on " + textOf(at_) + ": another program does already");
    }
}

} // namespace
} // namespace nsd::test
