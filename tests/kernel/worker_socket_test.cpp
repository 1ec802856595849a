// SPDX-License-Identifier: LGPL-2.1-or-later
// Sockets made inside a network namespace by the real worker, and process 1 of pid namespaces.
#include "common/nsfs.hpp"
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <new>
#include <sched.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace protocol;

constexpr uid_t user = 12345;
constexpr SocketSpec tcp{AF_INET, SOCK_STREAM, 0};

class WorkerSocket : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
        NamespaceSpec spec;
        spec.types = {NamespaceType::Net};
        made_ = worker_.make(spec);
    }
    void TearDown() override { reapOrphans(); }

    UniqueFd open(const SocketSpec& socket, const UserIds& ids) {
        auto answer = worker_.ask(SocketRequest{socket, ids}, {made_.fd(NamespaceType::Net)});
        if (const auto* error = std::get_if<Error>(&answer.reply))
            throw *error;
        return std::move(answer.fds.at(0));
    }

    WorkerProcess worker_;
    MadeByWorker made_;
};

bool listens(int socket) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
           ::listen(socket, 1) == 0;
}

in_port_t portOf(int socket) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), 0);
    return address.sin_port;
}

std::string connectTo(in_port_t port) {
    const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = port;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
               ? "connected"
               : errnoText(errno);
}

TEST_F(WorkerSocket, IsInsideAndNotOutside) {
    const auto socket = open(tcp, {user, user, {}});
    ASSERT_TRUE(listens(socket.get())) << errnoText(errno);
    const auto port = portOf(socket.get());
    EXPECT_EQ(inside(made_, {NamespaceType::Net}, [&] { return connectTo(port); }), "connected");
    EXPECT_EQ(connectTo(port), errnoText(ECONNREFUSED));
}

TEST_F(WorkerSocket, IsTheCallers) {
    const auto socket = open(tcp, {user, user, {}});
    struct stat status {};
    ASSERT_EQ(::fstat(socket.get(), &status), 0);
    EXPECT_EQ(status.st_uid, user);
    EXPECT_EQ(::fcntl(socket.get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(WorkerSocket, KeepsTheFlagsOfItsFile) {
    const auto socket = open({AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP}, {user, user, {}});
    EXPECT_NE(::fcntl(socket.get(), F_GETFL) & O_NONBLOCK, 0);
}

// Whatever comes through the daemon, the kernel decides as it would for that user; also for root.
TEST_F(WorkerSocket, IsMadeWithoutCapabilities) {
    for (const uid_t uid : {user, uid_t{0}}) {
        for (const auto& refused :
            {SocketSpec{AF_INET, SOCK_RAW, IPPROTO_ICMP}, SocketSpec{AF_PACKET, SOCK_RAW, 0}}) {
            try {
                open(refused, {uid, uid, {}});
                ADD_FAILURE() << "made for uid " << uid;
            } catch (const Error& error) {
                EXPECT_EQ(error.errnoValue(), EPERM) << error.text();
            }
        }
    }
    // And the worker is still who it was.
    NamespaceSpec spec;
    spec.types = {NamespaceType::Net, NamespaceType::Uts};
    EXPECT_NO_THROW(static_cast<void>(worker_.make(spec)));
}

TEST_F(WorkerSocket, CannotBeTurnedIntoTheNamespace) {
    const auto socket = open(tcp, {user, user, {}});
    EXPECT_THROW(static_cast<void>(identifyNamespace(socket.get())), Error);
    const pid_t child = ::fork();
    if (child == 0) {
        const bool became = ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
        // SIOCGSKNS is the way that there is, for root of the socket's network.
        const int ns = ::ioctl(socket.get(), SIOCGSKNS);
        const bool refused = ns < 0 && errno == EPERM && ::setns(socket.get(), CLONE_NEWNET) != 0;
        ::_exit(became && refused ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

// Somebody who waits for the process that makes his socket, to get hold of it while it is inside.
class Attacker {
  public:
    enum class Means { Ptrace, Stop };

    Attacker(pid_t worker, Means means) : shared_(shareCount()) {
        pid_ = ::fork();
        if (pid_ == 0) {
            if (::setresgid(user, user, user) != 0 || ::setresuid(user, user, user) != 0)
                ::_exit(2);
            const auto children =
                "/proc/" + std::to_string(worker) + "/task/" + std::to_string(worker) + "/children";
            for (;;)
                if (tryOnce(children, means, *shared_))
                    ::_exit(1); // SIGKILL was not quicker
        }
    }
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;
    ~Attacker() {
        end();
        ::munmap(shared_, sizeof *shared_);
    }

    // Whether it got hold of one.
    bool end() {
        if (pid_ <= 0)
            return false;
        int status = 0;
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, 0), &status, 0);
        return !WIFSIGNALED(status);
    }

    // How often it saw one and tried.
    [[nodiscard]] unsigned tried() const noexcept { return *shared_; }

  private:
    using Count = std::atomic<unsigned>;
    // Which it and the test see.
    static Count* shareCount() {
        void* const place =
            ::mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (place == MAP_FAILED)
            throw std::runtime_error("mmap");
        return new (place) Count(0);
    }
    static bool tryOnce(const std::string& children, Means means, Count& tried) {
        const UniqueFd file(::open(children.c_str(), O_RDONLY | O_CLOEXEC));
        std::array<char, 64> text{};
        if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0)
            return false;
        const auto pid = static_cast<pid_t>(std::strtol(text.data(), nullptr, 10));
        if (pid <= 0)
            return false;
        ++tried;
        return means == Means::Ptrace ? ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0
                                      : ::kill(pid, SIGSTOP) == 0;
    }

    pid_t pid_ = 0;
    Count* shared_;
};

TEST_F(WorkerSocket, ItsMakerCannotBeTracedOrStoppedByTheCaller) {
    for (const auto means : {Attacker::Means::Ptrace, Attacker::Means::Stop}) {
        Attacker attacker(worker_.process().pid(), means);
        for (int i = 0; i < 300; ++i)
            EXPECT_TRUE(open(tcp, {user, user, {}}).valid());
        EXPECT_FALSE(attacker.end()) << (means == Attacker::Means::Ptrace ? "traced" : "stopped");
        EXPECT_GT(attacker.tried(), 0U) << "it never saw one";
    }
}

TEST_F(WorkerSocket, LeavesNoChildBehind) {
    for (int i = 0; i < 10; ++i)
        open(tcp, {user, user, {}});
    const auto pid = std::to_string(worker_.process().pid());
    EXPECT_EQ(readFile("/proc/" + pid + "/task/" + pid + "/children"), "");
}

TEST_F(WorkerSocket, NeedsItsDescriptor) {
    const auto answer = worker_.ask(SocketRequest{tcp, {user, user, {}}}, {});
    EXPECT_NE(std::get_if<Error>(&answer.reply), nullptr);
    const UniqueFd wrong(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const auto other = worker_.ask(SocketRequest{tcp, {user, user, {}}}, {wrong.get()});
    EXPECT_NE(std::get_if<Error>(&other.reply), nullptr);
}

TEST_F(WorkerSocket, Process1OfAPidNamespaceIsFoundByLooking) {
    NamespaceSpec spec;
    spec.types = {NamespaceType::Pid};
    const auto made = worker_.make(spec);
    const auto identity = identifyNamespace(made.fd(NamespaceType::Pid));
    EXPECT_EQ(worker_.askFor<InitReply>(InitRequest{identity}).pid, made.initPid);
    auto nobodys = identity;
    nobodys.inode = 1;
    EXPECT_EQ(worker_.askFor<InitReply>(InitRequest{nobodys}).pid, 0);
}

} // namespace
} // namespace nsd::test
