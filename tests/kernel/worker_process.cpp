// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"

#include "daemon/protocol/channel.hpp"
#include "tests/support/process_table.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

// As root: pid for the children, mnt before user takes the rights away.
constexpr std::array joinOrder{NamespaceType::Net, NamespaceType::Ipc, NamespaceType::Uts,
    NamespaceType::Cgroup, NamespaceType::Time, NamespaceType::Pid, NamespaceType::Mnt, NamespaceType::User};

void join(const MadeByWorker& made, NamespaceTypes types) {
    for (const auto type : joinOrder)
        if (types.contains(type) && ::setns(made.fd(type), cloneFlag(type)) != 0)
            throw kernelError("setns", toWord(type), errno);
}

std::pair<UniqueFd, UniqueFd> makePipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("pipe2");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::string readAll(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
}

void reap(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

// Joins, goes into a child if there is pid, and runs `work` there. Returns the pid of the joiner.
pid_t forkInto(const MadeByWorker& made, NamespaceTypes types, const std::function<void()>& work,
    const std::function<void(const char*)>& failed) {
    const pid_t joiner = ::fork();
    if (joiner != 0)
        return joiner;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        join(made, types);
        if (const pid_t child = types.contains(NamespaceType::Pid) ? ::fork() : 0; child != 0) {
            reap(child);
            ::_exit(0);
        }
        work();
    } catch (const std::exception& error) {
        failed(error.what());
    }
    ::_exit(0);
}

} // namespace

std::string workerProgram() {
    return NSD_TEST_BIN_DIR "/nsd-worker";
}

std::string initProgram() {
    return NSD_TEST_BIN_DIR "/nsd-init";
}

std::vector<NamespaceIdentity> MadeByWorker::identities() const {
    std::vector<NamespaceIdentity> all;
    for (const auto& [type, fd] : fds)
        all.push_back(identifyNamespace(fd.get()));
    return all;
}

void MadeByWorker::settle() const {
    if (::write(leash.get(), "", 1) != 1)
        throw kernelError("settle", "the init", errno);
}

WorkerProcess::WorkerProcess(const Arguments& prefix) {
    auto [ours, theirs] = protocol::socketPair();
    socket_ = std::move(ours);
    auto argv = prefix;
    argv.insert(argv.end(), {workerProgram(), "--base=" + directory_.path().string()});
    CommandOptions options;
    options.descriptors[3] = theirs.get();
    process_ = std::make_unique<BackgroundProcess>(argv, options, "/dev/stderr");
    theirs.reset();
    const auto ready = protocol::receivePacket(socket_.get());
    if (!ready || !std::holds_alternative<protocol::ReadyReply>(protocol::decodeReply(ready->text)))
        throw std::runtime_error("the worker did not get ready");
}

WorkerProcess::Answer WorkerProcess::receive() {
    auto packet = protocol::receivePacket(socket_.get());
    if (!packet)
        throw std::runtime_error("the worker is gone");
    return {protocol::decodeReply(packet->text), std::move(packet->fds)};
}

void WorkerProcess::send(const protocol::Request& request, const std::vector<int>& fds) {
    protocol::sendPacket(socket_.get(), protocol::encode(request), fds);
}

bool WorkerProcess::hasAnswered(std::chrono::milliseconds within) const {
    pollfd answer{socket_.get(), POLLIN, 0};
    return ::poll(&answer, 1, static_cast<int>(within.count())) > 0;
}

WorkerProcess::Answer WorkerProcess::askRaw(const std::string& text, const std::vector<int>& fds) {
    protocol::sendPacket(socket_.get(), text, fds);
    return receive();
}

WorkerProcess::Answer WorkerProcess::ask(const protocol::Request& request, const std::vector<int>& fds) {
    send(request, fds);
    return receive();
}

MadeByWorker WorkerProcess::make(const NamespaceSpec& spec, unsigned attempt, int controlGroup) {
    std::vector<int> sent;
    if (controlGroup >= 0)
        sent.push_back(controlGroup);
    auto answer = ask(protocol::MakeRequest{spec, attempt, controlGroup >= 0}, sent);
    if (const auto* error = std::get_if<Error>(&answer.reply))
        throw *error;
    const auto& reply = std::get<protocol::MakeReply>(answer.reply);
    MadeByWorker made;
    made.initPid = reply.initPid;
    std::size_t next = 0;
    for (const auto type : reply.types)
        made.fds[type] = std::move(answer.fds.at(next++));
    if (reply.types.contains(NamespaceType::Pid)) {
        made.initPidfd = std::move(answer.fds.at(next++));
        made.leash = std::move(answer.fds.at(next++));
    }
    if (next != answer.fds.size())
        throw std::runtime_error("more descriptors than the reply says");
    return made;
}

std::string inside(const MadeByWorker& made, NamespaceTypes types, const std::function<std::string()>& work) {
    auto [reader, writer] = makePipe();
    const auto say = [&](std::string_view text) {
        static_cast<void>(!::write(writer.get(), text.data(), text.size()));
    };
    const pid_t joiner = forkInto(
        made, types, [&] { say(work()); }, say);
    writer.reset();
    auto text = readAll(reader.get());
    reap(joiner);
    return text;
}

NamespaceIdentity ownNamespace(const std::string& file) {
    const UniqueFd fd(::open(("/proc/self/ns/" + file).c_str(), O_RDONLY | O_CLOEXEC));
    return identifyNamespace(fd.get());
}

Sleeper::Sleeper(const MadeByWorker& made, NamespaceTypes types) : Sleeper(made, types, [] {}) {}

Sleeper::Sleeper(const MadeByWorker& made, NamespaceTypes types, const std::function<void()>& before) {
    // The kernel translates the sender's pid for the receiver, whatever namespace it is in.
    auto [ours, theirs] = protocol::socketPair();
    const int yes = 1;
    ::setsockopt(ours.get(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
    const int said = theirs.get();
    joiner_ = forkInto(
        made, types,
        [&] {
            before();
            static_cast<void>(!::write(said, "", 1));
            for (;;)
                ::pause();
        },
        [&](const char* why) { static_cast<void>(!::write(said, why, std::string_view(why).size())); });
    theirs.reset();
    std::array<char, 512> text{};
    iovec part{text.data(), text.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto got = ::recvmsg(ours.get(), &message, 0);
    if (const auto* header = CMSG_FIRSTHDR(&message)) {
        ucred sender{};
        std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
        pid_ = sender.pid;
    }
    if (got != 1) { // it has said why
        ::kill(joiner_, SIGKILL);
        reap(joiner_);
        throw std::runtime_error("the sleeper did not get there: " + std::string(text.data()));
    }
    pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Sleeper::~Sleeper() {
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
    reap(joiner_); // who has reaped the other one
}

bool Sleeper::isAlive() const noexcept {
    return !hasEnded(pidfd_.get());
}

std::string errorTextOf(Errc code, const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        EXPECT_EQ(toWord(error.code()), toWord(code)) << error.text();
        return error.text();
    }
    ADD_FAILURE() << "no error";
    return {};
}

} // namespace nsd::test
