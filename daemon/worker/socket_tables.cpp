// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/socket_tables.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <utility>
#include <vector>

namespace nsd::worker {
namespace {

// The places of the words in a line, counted from 0; the heads of the tables have fewer words than the lines.
struct Table {
    std::string_view file;
    std::string_view protocol;
    int family;
    std::size_t inode;
    std::string_view listening; // what its state is then; empty: it never does
};

constexpr std::size_t localAddress = 1; // of those that have one
constexpr std::size_t state = 3;        // of those that may listen
constexpr std::string_view tcpListen = "0A";
constexpr std::string_view unixAcceptsConnections = "00010000"; // __SO_ACCEPTCON

constexpr std::array tables{
    Table{"tcp", "tcp", AF_INET, 9, tcpListen},
    Table{"tcp6", "tcp6", AF_INET6, 9, tcpListen},
    Table{"udp", "udp", AF_INET, 9, ""},
    Table{"udp6", "udp6", AF_INET6, 9, ""},
    Table{"udplite", "inet", AF_INET, 9, ""},
    Table{"udplite6", "inet6", AF_INET6, 9, ""},
    Table{"icmp", "inet", AF_INET, 9, ""},
    Table{"icmp6", "inet6", AF_INET6, 9, ""},
    Table{"raw", "inet", AF_INET, 9, ""},
    Table{"raw6", "inet6", AF_INET6, 9, ""},
    Table{"unix", "unix", AF_UNIX, 6, unixAcceptsConnections},
    Table{"netlink", "netlink", AF_NETLINK, 9, ""},
    Table{"packet", "packet", AF_PACKET, 8, ""},
};

std::vector<std::string_view> wordsOf(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        const auto start = line.find_first_not_of(' ');
        if (start == std::string_view::npos)
            return words;
        line.remove_prefix(start);
        const auto end = std::min(line.find(' '), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

template <class Number>
bool readNumber(std::string_view text, Number& number, int base) {
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return problem == std::errc() && stop == text.data() + text.size();
}

// "0100007F:0050": the address as 32 bit words, each as this machine reads it from memory, and the port as
// people do.
std::string addressOf(int family, std::string_view text) {
    constexpr std::size_t wordDigits = 8;
    in6_addr address{}; // has room for either
    std::uint16_t port = 0;
    const auto colon = text.find(':');
    const std::size_t size = family == AF_INET6 ? sizeof(in6_addr) : sizeof(in_addr);
    if (colon != 2 * size || !readNumber(text.substr(colon + 1), port, 16) || port == 0)
        return "not bound";
    for (std::size_t at = 0; at < size; at += sizeof(std::uint32_t)) {
        std::uint32_t word = 0;
        static_cast<void>(readNumber(text.substr(2 * at, wordDigits), word, 16));
        std::memcpy(address.s6_addr + at, &word, sizeof word);
    }
    std::array<char, INET6_ADDRSTRLEN> name{};
    ::inet_ntop(family, &address, name.data(), name.size());
    const std::string host = name.data();
    return (family == AF_INET6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

constexpr const char* there = "there";
constexpr const char* missing = "missing"; // of a protocol that this kernel has not

// Opened by who is inside, which is what counts: /proc/self/net is that of who opens it.
std::vector<UniqueFd> openTables(const ProcFs& proc, int netNs) {
    ChildProcess child([&](ParentChannel& worker) {
        if (::setns(netNs, CLONE_NEWNET) != 0)
            throw kernelError("enter", "a network namespace to list its sockets", errno);
        for (const auto& table : tables) {
            const auto path = "self/net/" + std::string(table.file);
            const auto file = proc.tryOpen(path, O_RDONLY);
            if (!file && errno != ENOENT)
                throw kernelError("open", "/proc/" + path + " in a network namespace", errno);
            worker.tell(file ? there : missing);
            if (file)
                worker.give(file.get());
        }
    });
    std::vector<UniqueFd> opened;
    for (std::size_t i = 0; i < tables.size(); ++i)
        opened.push_back(child.receive() == there ? child.receiveFd() : UniqueFd());
    return opened;
}

struct Entry {
    std::uint64_t inode = 0; // 0: the line is none of a socket's
    std::string what;
};

Entry parseLine(const Table& table, std::string_view line) {
    const auto words = wordsOf(line);
    Entry entry;
    if (words.size() <= table.inode || !readNumber(words[table.inode], entry.inode, 10))
        return {}; // the head of the table
    entry.what = table.protocol;
    if (table.family == AF_INET || table.family == AF_INET6)
        entry.what += ' ' + addressOf(table.family, words[localAddress]);
    if (!table.listening.empty() && words[state] == table.listening)
        entry.what += " listening";
    return entry;
}

std::string readTable(const Table& table, int fd) {
    auto text = readToEnd(fd);
    if (!text)
        throw kernelError(
            "read", "/proc/self/net/" + std::string(table.file) + " of a network namespace", errno);
    return std::move(*text);
}

} // namespace

const std::string* SocketTables::find(std::uint64_t inode) {
    if (netNs_ < 0)
        return nullptr;
    if (!std::exchange(wasRead_, true))
        read();
    const auto found = sockets_.find(inode);
    return found == sockets_.end() ? nullptr : &found->second;
}

void SocketTables::read() {
    const auto files = openTables(proc_, netNs_);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto text = files[i] ? readTable(tables[i], files[i].get()) : std::string();
        for (std::size_t start = 0; start < text.size();) {
            const auto end = std::min(text.find('\n', start), text.size());
            auto entry = parseLine(tables[i], std::string_view(text).substr(start, end - start));
            start = end + 1;
            if (entry.inode != 0) // a connection that has ended has none, and stays for a while
                sockets_.emplace(entry.inode, std::move(entry.what));
        }
    }
}

} // namespace nsd::worker
