// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// libnsd: nsd, the manager of named Linux namespaces, for C++ programs. C++17 and later.
//
//     nsd::Client client;
//     client.create("web", {nsd::Type::Net}, nsd::CreateOptions().label("purpose", "test"));
//     nsd::Fd socket = client.openSocket("web", AF_INET, SOCK_STREAM);
//
// Errors: everything that can fail throws nsd::Error. Rights, names and options are those of nsctl(1) and
// org.nsd1(5); which bus is asked says ConnectOptions.
//
// Threads: one Client, and what was got from it (Command, Entrance, Lease), belongs to one thread at a
// time; different Clients know nothing of each other. Answers (Namespace, Event …) do not change, and
// may be read by all. After fork(2) a child must not use its parent's Client, and may destroy it.
//
// Stability: the soname says it. Classes have their contents behind a pointer and grow; structs and
// enumerations that stand here whole do not change, save that enumerations get more at their end.

#include <nsd/answers.hpp>
#include <nsd/basics.hpp>
#include <nsd/requests.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::v0 {

// The opened namespaces of one name, and the way into them. Without join() and run() just descriptors.
class NSD_API Entrance {
  public:
    Entrance(Entrance&& other) noexcept;
    Entrance& operator=(Entrance&& other) noexcept;
    Entrance(const Entrance&) = delete;
    Entrance& operator=(const Entrance&) = delete;
    ~Entrance();

    [[nodiscard]] Types types() const;
    [[nodiscard]] int fd(Type type) const noexcept; // still the Entrance's; -1: not among them
    [[nodiscard]] Fd release(Type type) noexcept;

    // Forks; the child goes inside and runs `program`. Answers what `program` answered (0 … 255), or 128+N
    // where signal N ended the child, or 125 where an exception did. Throws what kept the child from going
    // inside. The caller may have several threads, none of which is in the child; SIGCHLD must not be
    // ignored.
    [[nodiscard]] int run(
        const std::function<int()>& program, const std::optional<User>& user = std::nullopt) &&;

    // This thread goes inside, for good; with mnt or user it must be the only one. The order is that which
    // the kernel wants: user first for its owner, last for root; then, where user is among them, root becomes
    // `user`, or root inside, and the owner keeps his id as it is mapped there. The process is not dumpable
    // any more. On an Error it may be half inside, and must end. Of pid only children are inside:
    // where needsFork(), the caller forks next, and finish() in the child does the rest.
    void join(const std::optional<User>& user = std::nullopt);
    [[nodiscard]] bool needsFork() const noexcept;
    void finish();

    struct Data;
    explicit Entrance(std::unique_ptr<Data> data) noexcept;

  private:
    std::unique_ptr<Data> data_;
};

// How a command ended, as in siginfo: code CLD_EXITED (1), CLD_KILLED (2) or CLD_DUMPED (3).
struct CommandEnd {
    int code = 0;
    int status = 0;
};

// A command that nsd started inside, as the caller's user. It runs on when this goes, unless it is tied.
class NSD_API Command {
  public:
    [[nodiscard]] const std::string& path() const noexcept; // of its object
    [[nodiscard]] int pidfd() const noexcept;               // readable when it has ended
    void kill(int signal);
    // Empty: it runs on after `limit`. Asked for until a minute after its end.
    [[nodiscard]] std::optional<CommandEnd> wait(std::chrono::milliseconds limit);
    [[nodiscard]] CommandEnd wait();

    struct Data;
    explicit Command(std::shared_ptr<Data> data) noexcept : data_(std::move(data)) {}

  private:
    std::shared_ptr<Data> data_;
};

// Keeps a namespace that was made with CreateOptions::lease(); given back when the last copy of the
// descriptor is closed. It needs no Client, and no nsd either.
class NSD_API Lease {
  public:
    enum class State : int {
        Held,
        Away, // nsd does not run at the moment, and will know it again
        Revoked,
    };
    explicit Lease(Fd fd) noexcept : fd_(std::move(fd)) {}
    [[nodiscard]] int fd() const noexcept { return fd_.get(); } // POLLERR: look at state()
    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] Fd release() noexcept { return std::move(fd_); }

  private:
    Fd fd_;
};

// nsd: one blocking call each. Connects at the first one, and again after it threw Unanswered.
class NSD_API Client {
  public:
    explicit Client(const ConnectOptions& options = ConnectOptions());
    Client(Client&& other) noexcept;
    Client& operator=(Client&& other) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    // Answers the path of its object. User is one of the types of a rootless one.
    std::string create(
        const std::string& name, const Types& types, const CreateOptions& options = CreateOptions());
    // The same for namespaces that the caller has opened; owner, labels, ttl and lease count.
    std::string adopt(const std::string& name, const std::map<Type, int>& fds,
        const CreateOptions& options = CreateOptions());
    Destroyed destroy(const std::string& name, const DestroyOptions& options = DestroyOptions());
    void rename(const std::string& from, const std::string& to);

    // By name, in order; only those that have all of these labels.
    [[nodiscard]] std::vector<ListedNamespace> list(const Labels& filter = Labels());
    [[nodiscard]] Namespace get(const std::string& name);
    [[nodiscard]] std::vector<Holder> holders(const std::string& name);
    // Which one the descriptor of a namespace, or a process, belongs to. Throws Error{NoSuchNamespace}.
    [[nodiscard]] std::pair<std::string, Type> identify(int fd);
    [[nodiscard]] std::map<Type, std::string> identifyProcess(int pidfd);
    [[nodiscard]] Status status();

    // No types: all that it has. Needs root, or to be the owner of a rootless one, to join them; exec does
    // not.
    [[nodiscard]] Entrance enter(const std::string& name, const Types& types = Types());
    [[nodiscard]] Command exec(const std::string& name, const std::vector<std::string>& argv,
        const ExecOptions& options = ExecOptions());
    [[nodiscard]] Lease hold(const std::string& name);
    // As socket(2) has it: AF_INET or AF_INET6, SOCK_STREAM or SOCK_DGRAM.
    [[nodiscard]] Fd openSocket(const std::string& name, int family, int type);

    // All of them; of the namespace that has this path, whatever its name is by now.
    void setLabels(const std::string& path, const Labels& labels);
    void grant(const std::string& name, const Grant& grant);
    void revoke(const std::string& name, const Grant& grant);
    // `newName`: inside, and at home; empty: as it is.
    void moveLink(const std::string& name, const std::string& link, const std::string& newName = {});
    void returnLink(const std::string& name, const std::string& link, const std::string& newName = {});
    void addLink(const std::string& name, const Veth& link);

    // From now on events are kept for nextEvent(). That answers empty where none came within `limit`, or
    // sooner where a signal interrupted it or nsd is away.
    void subscribe();
    [[nodiscard]] std::optional<Event> nextEvent(std::chrono::microseconds limit);

    struct Data;

  private:
    std::shared_ptr<Data> data_;
};

} // namespace nsd::v0
