// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A server outside, whose socket is in a namespace, and a client inside. Run by root.
#include <nsd/nsd.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

namespace {

sockaddr_in address() {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(7);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return here;
}

// Runs inside, in a process of its own.
int ask() {
    utsname host{};
    uname(&host);
    const nsd::Fd connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto server = address();
    if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
        return 1;
    const auto text = std::string("a call from ") + host.nodename;
    return write(connection.get(), text.data(), text.size()) < 0 ? 1 : 0;
}

void tell(const nsd::Namespace& one) {
    std::cout << one.name() << " has";
    for (const auto type : one.types())
        std::cout << ' ' << nsd::toWord(type);
    std::cout << " and is " << one.state() << '\n';
}

// The server's socket is inside, the server is not.
void serve(nsd::Client& client, const std::string& name) {
    const nsd::Fd server = client.openSocket(name, AF_INET, SOCK_STREAM);
    const auto here = address();
    if (bind(server.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
        listen(server.get(), 1) != 0)
        throw std::system_error(errno, std::generic_category(), "port 7 inside");

    const int status = client.enter(name).run(ask);

    const nsd::Fd caller(accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::array<char, 64> heard{};
    const auto length = read(caller.get(), heard.data(), heard.size());
    std::cout << "status " << status << ", "
              << std::string(heard.data(), length > 0 ? static_cast<std::size_t>(length) : 0) << '\n';
}

void show(nsd::Client& client) {
    const std::string name = "example";
    client.create(name, {nsd::Type::Net, nsd::Type::Uts},
        nsd::CreateOptions().hostname("inside").label("purpose", "example").ttl(std::chrono::minutes(5)));
    tell(client.get(name));
    serve(client, name);

    // nsd starts it, as whoever runs this: that needs no root.
    auto command = client.exec(name, {"sh", "-c", "exit 7"});
    std::cout << "the command ended with " << command.wait().status << '\n';

    const auto end = client.destroy(name);
    std::cout << (end.released == nsd::Destroyed::Released::No ? "still held" : "gone") << '\n';
}

} // namespace

int main() {
    try {
        nsd::Client client;
        show(client);
    } catch (const nsd::Error& error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
