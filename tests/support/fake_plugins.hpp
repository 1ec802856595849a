// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/network_plugins.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nsd::test {

// Networks without plugins: says what was run, and writes into the record what nsd-cni would.
class FakePlugins final : public NetworkPlugins {
  public:
    explicit FakePlugins(Loop& loop) : loop_(loop) {}

    // --- what a test turns -------------------------------------------------------------------
    // The next run of this command ends so.
    void failNext(PluginRun::Command command, Error error);
    // What is not installed.
    std::set<std::string> missing;
    // Runs are not answered: nsd is killed meanwhile.
    bool silent = false;

    // --- what a test asks --------------------------------------------------------------------
    // "ADD lan .stage/…/net", "DEL lan -" …
    std::vector<std::string> runs;
    // The record of the last run, as it was when it ended.
    std::string record;

    // --- the port ----------------------------------------------------------------------------
    void checkInstalled(const std::vector<std::string>& programs) const override;
    void run(PluginRun run, Completion<Done> done) override;

    // What each ADD answers.
    static constexpr const char* result =
        R"({"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"inside"}],"ips":[{"address":"10.9.0.2/24","gateway":"10.9.0.1","interface":0}]})";

  private:
    Loop& loop_;
    std::optional<std::pair<PluginRun::Command, Error>> failure_;
};

// A list of one plugin, "bridge" with addresses of "host-local", for the network "lan".
inline constexpr const char* conflistOfLan =
    R"({"cniVersion":"1.0.0","name":"lan","plugins":[{"ipam":{"type":"host-local"},"type":"bridge"}]})";

} // namespace nsd::test
