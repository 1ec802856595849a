// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/etc_maker.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nsd::test {

// An /etc is a directory "etc" in the namespace's, with nothing in it. What a directory holds is what the
// test says.
class FakeEtc final : public EtcMaker {
  public:
    explicit FakeEtc(Loop& loop) : loop_(loop) {}

    // --- what a test turns -------------------------------------------------------------------
    // What readDirectory answers, whatever the directory.
    void answerDirectory(EtcFiles files) { files_ = std::move(files); }
    // What there is in /etc/netns.
    void answerNetns(const std::string& name, EtcFiles files) { netns_[name] = std::move(files); }
    // The next `make` ends so.
    void failNext(Error error) { failure_ = std::move(error); }
    void refuseMounts(bool refused = true) { refusing_ = refused; }

    // --- what a test asks --------------------------------------------------------------------
    // Who was to read a directory, in order.
    [[nodiscard]] const std::vector<uid_t>& readers() const noexcept { return readers_; }
    [[nodiscard]] unsigned refreshes() const noexcept { return refreshes_; }

    // --- the port ----------------------------------------------------------------------------
    void readDirectory(UniqueFd directory, const UserIds& caller, Completion<EtcFiles> done) override;
    [[nodiscard]] bool isNetnsKnown(const Name& name) const override { return netns_.contains(name.str()); }
    void make(
        const Name& name, const EtcFiles& defaults, const EtcFiles& own, Completion<MadeEtc> done) override;
    void mount(const MadeEtc& etc, int directory) override;
    void remove(int directory) override;
    [[nodiscard]] UniqueFd copy(int directory) override;
    void refresh(int directory) override;

  private:
    Loop& loop_;
    EtcFiles files_;
    std::map<std::string, EtcFiles> netns_;
    std::optional<Error> failure_;
    bool refusing_ = false;
    std::vector<uid_t> readers_;
    unsigned refreshes_ = 0;
};

} // namespace nsd::test
