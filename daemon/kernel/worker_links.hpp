// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/links.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace nsd {

// The Links port on the workers' own lane: each call is one request, which has the deadline to end.
class WorkerLinks final : public Links {
  public:
    WorkerLinks(WorkerPool& pool, std::chrono::microseconds deadline) : pool_(pool), deadline_(deadline) {}

    void describe(
        std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<LinkState>>> done) override;
    void inspect(UniqueFd home, UniqueFd inside, std::string link, Completion<LinkCustody> done) override;
    void move(UniqueFd home, UniqueFd inside, LinkCustody custody, std::string name, bool up,
        Completion<MovedLink> done) override;
    void bringHome(
        UniqueFd inside, UniqueFd home, LinkCustody custody, Completion<ReturnedLink> done) override;
    void makeVeth(UniqueFd inside, UniqueFd peer, VethSpec veth,
        Completion<std::pair<MovedLink, MovedLink>> done) override;
    void removeVeth(UniqueFd netFd, std::string name, std::string mac, Completion<bool> done) override;

  private:
    // A request whose reply holds the answer in one member. The descriptors are closed as soon as a worker
    // has them.
    template <class Reply, class T>
    void submit(std::string what, protocol::Request request, std::vector<UniqueFd> fds, T Reply::*member,
        Completion<T> done);

    WorkerPool& pool_;
    std::chrono::microseconds deadline_;
};

} // namespace nsd
