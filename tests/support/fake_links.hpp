// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/links.hpp"
#include "tests/support/fake_kernel.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nsd::test {

// The port to links over tables in memory: one for each of the FakeKernel's namespaces, and one for the
// host, which is everything that is none of them. It lives on while the daemon's objects are made anew.
// Answers come through the loop, never from inside the call.
class FakeLinks final : public Links {
  public:
    static constexpr std::uint64_t host = 0; // else the inode of a network namespace

    FakeLinks(Loop& loop, const FakeKernel& kernel) : loop_(loop), kernel_(kernel) {}

    // --- what a test turns -------------------------------------------------------------------
    // Puts a link there; answers its index.
    std::uint32_t put(std::uint64_t where, LinkState link);
    // The next call of this method ("move", "bringHome" …) fails; `late`: after it has been carried out, as
    // where a worker is given up.
    void fail(std::string method, Error error, bool late = false);
    // There are no answers until they are released.
    void hold() { holding_ = true; }
    void release();

    // --- what a test asks --------------------------------------------------------------------
    [[nodiscard]] std::vector<LinkState>& at(std::uint64_t where) { return links_[where]; }
    // Null if there is none.
    [[nodiscard]] const LinkState* find(std::uint64_t where, const std::string& name);
    [[nodiscard]] std::vector<std::string> names(std::uint64_t where);
    [[nodiscard]] const std::optional<VethSpec>& lastVeth() const noexcept { return veth_; }

    // --- the port ----------------------------------------------------------------------------
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
    struct Failure {
        std::string method;
        Error error;
        bool late;
    };

    [[nodiscard]] std::uint64_t whereIs(const UniqueFd& net) const;
    [[nodiscard]] ReturnedLink returned(std::optional<std::uint64_t> inside, const LinkCustody& custody);
    MovedLink placeEnd(std::uint64_t where, const VethEnd& end);
    // Runs `work` unless the call is to fail, and answers later.
    template <class T>
    void serve(const std::string& method, Completion<T> done, const std::function<T()>& work);
    void later(std::function<void()> answer);

    Loop& loop_;
    const FakeKernel& kernel_;
    std::map<std::uint64_t, std::vector<LinkState>> links_;
    std::map<std::string, std::string> peers_; // MAC address of one end → that of the other
    std::uint32_t nextIndex_ = 10;
    std::optional<Failure> failure_;
    bool holding_ = false;
    std::vector<std::function<void()>> held_;
    std::optional<VethSpec> veth_;
};

} // namespace nsd::test
