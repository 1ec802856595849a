// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/messages.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// What a worker made; ends with this, as far as the init's leash was not cut.
struct MadeByWorker {
    std::map<NamespaceType, UniqueFd> fds;
    pid_t initPid = 0;
    UniqueFd initPidfd;
    UniqueFd leash;

    [[nodiscard]] int fd(NamespaceType type) const { return fds.at(type).get(); }
    [[nodiscard]] std::vector<NamespaceIdentity> identities() const;
    void settle() const;
};

// The real nsd-worker, spoken to as the daemon does. Its runtime directory is a temporary one.
class WorkerProcess {
  public:
    // `prefix` runs it: {"unshare", …}.
    explicit WorkerProcess(const Arguments& prefix = {});

    struct Answer {
        protocol::Reply reply;
        std::vector<UniqueFd> fds;
    };
    [[nodiscard]] Answer ask(const protocol::Request& request, const std::vector<int>& fds = {});
    [[nodiscard]] Answer askRaw(const std::string& text, const std::vector<int>& fds = {});
    // The two halves of ask().
    void send(const protocol::Request& request, const std::vector<int>& fds);
    [[nodiscard]] Answer receive();
    [[nodiscard]] bool hasAnswered(std::chrono::milliseconds within) const;
    // The reply of this kind; throws the Error where it is one.
    template <class T>
    [[nodiscard]] T askFor(const protocol::Request& request, const std::vector<int>& fds = {}) {
        auto answer = ask(request, fds);
        if (const auto* error = std::get_if<Error>(&answer.reply))
            throw *error;
        return std::get<T>(std::move(answer.reply));
    }

    // Throws the worker's Error.
    [[nodiscard]] MadeByWorker make(const NamespaceSpec& spec, unsigned attempt = 0, int controlGroup = -1);

    [[nodiscard]] const TempDir& runtimeDirectory() const noexcept { return directory_; }
    [[nodiscard]] BackgroundProcess& process() noexcept { return *process_; }
    void hangUp() { socket_.reset(); }

  private:
    TempDir directory_;
    UniqueFd socket_;
    std::unique_ptr<BackgroundProcess> process_;
};

[[nodiscard]] std::string workerProgram();
[[nodiscard]] std::string initProgram();

// Runs `work` in a process that has joined namespaces as root does (user last; for pid it is a child
// of the one that joined) and answers its text; what it throws is the text. A fatal signal: empty.
std::string inside(const MadeByWorker& made, NamespaceTypes types, const std::function<std::string()>& work);

// The identity of the caller's own: "net".
[[nodiscard]] NamespaceIdentity ownNamespace(const std::string& file);

// A process that has joined and then sleeps, until this goes.
class Sleeper {
  public:
    Sleeper(const MadeByWorker& made, NamespaceTypes types);
    // `before` runs in it first.
    Sleeper(const MadeByWorker& made, NamespaceTypes types, const std::function<void()>& before);
    ~Sleeper();
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;
    // Of the process that lives there (for pid, the child of the one that joined).
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // The process that joined: the same but for pid.
    [[nodiscard]] pid_t joinerPid() const noexcept { return joiner_; }
    [[nodiscard]] bool isAlive() const noexcept;

  private:
    pid_t joiner_ = 0;
    pid_t pid_ = 0;
    UniqueFd pidfd_;
};

// Fails the test unless `work` throws an Error of this code; answers its text.
[[nodiscard]] std::string errorTextOf(Errc code, const std::function<void()>& work);

} // namespace nsd::test
