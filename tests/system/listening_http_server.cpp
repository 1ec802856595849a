// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An HTTP server that knows sockets from its starter (sd_listen_fds(3)) and nothing of namespaces: it
// answers every request with the uid that it runs as.
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

int main() {
    if (sd_listen_fds(1) != 1 || sd_is_socket_inet(SD_LISTEN_FDS_START, 0, SOCK_STREAM, 1, 0) <= 0)
        return EXIT_FAILURE;
    const auto body = "served by uid " + std::to_string(::getuid()) + "\n";
    const auto answer =
        "HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    for (;;) {
        const int client = ::accept4(SD_LISTEN_FDS_START, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            continue;
        std::array<char, 4096> request{};
        if (::recv(client, request.data(), request.size(), 0) > 0)
            ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(client);
    }
}
