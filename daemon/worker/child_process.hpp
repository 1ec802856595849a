// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/channel.hpp"

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

namespace nsd::worker {

// The child's side of a ChildProcess.
class ParentChannel {
  public:
    explicit ParentChannel(UniqueFd socket, pid_t parent) noexcept;

    void tell(const std::string& text) const;
    // Hands a descriptor over; it stays the child's, too.
    void give(int fd) const;
    // Tells, and waits until the parent has said continueChild(). Does not return when the parent
    // is gone: there is nobody left to work for.
    void ask(const std::string& text) const;
    // The same for an answer that says something: what the parent gave to answer().
    [[nodiscard]] std::string askFor(const std::string& text) const;
    // Sleeps until the parent ends this process.
    [[noreturn]] void waitForEnd() const;
    // PR_SET_PDEATHSIG: SIGKILL when the parent dies; ends this process where it has died already. A
    // change of credentials takes it away, so it is said again after each.
    void dieWithParent() const;

  private:
    UniqueFd socket_;
    pid_t parent_;
};

// A forked child of a worker, for what changes the process that does it: namespaces, credentials,
// mounts. What it throws is thrown by receive() in the parent. It dies with its parent; when this
// object goes it is killed and reaped.
class ChildProcess {
  public:
    explicit ChildProcess(const std::function<void(ParentChannel&)>& work);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // Readable when a receive…() would not wait.
    [[nodiscard]] int socket() const noexcept { return socket_.get(); }
    // The next text that the child told. Throws the child's Error, or one that says how it died.
    [[nodiscard]] std::string receive();
    // The next descriptor that the child gave; throws as receive() does.
    [[nodiscard]] UniqueFd receiveFd();
    // The same, but empty when the child has closed its side: it ended, or became a program.
    [[nodiscard]] std::optional<std::string> receiveOrEnd();
    void continueChild() const;
    void answer(const std::string& text) const;

  private:
    // What the child told or gave, without the first character.
    [[nodiscard]] protocol::Packet receivePacket();
    [[nodiscard]] std::optional<protocol::Packet> nextPacket();
    [[nodiscard]] std::string describeDeath();

    pid_t pid_ = -1;
    UniqueFd socket_;
};

// Runs `work` in a child and answers the text that it returned; throws what it threw.
[[nodiscard]] std::string runInChild(const std::function<std::string()>& work);

} // namespace nsd::worker
