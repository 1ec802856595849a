// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "config/plugin_settings.hpp"
#include "daemon/core/network_plugins.hpp"
#include "daemon/core/operation.hpp"
#include "daemon/core/process_launcher.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace nsd {

// Has nsd-cni run the plugins of networks: one run of a network after the other, since plugins of one share
// bridges and lists of addresses; those of different networks side by side. What is asked for before it may
// start anything waits. A run that is given up (this goes, nsd dies) is ended by nsd-cni.
class PluginRunner final : public NetworkPlugins {
  public:
    // The pins are below `directory`.
    PluginRunner(Loop& loop, std::string directory, PluginSettings settings);
    ~PluginRunner() override;

    // Must outlive all that it starts.
    void startWith(SupervisorStarter& starter);
    // Of the runs that begin from now on.
    void configure(PluginSettings settings) { settings_ = std::move(settings); }

    void checkInstalled(const std::vector<std::string>& programs) const override;
    void run(PluginRun run, Completion<Done> done) override;

  private:
    class Running;
    struct Waiting {
        PluginRun run;
        Completion<Done> done;
    };
    void startNext(const std::string& network);
    void ended(const std::string& network);

    Loop& loop_;
    std::string directory_;
    PluginSettings settings_;
    SupervisorStarter* starter_ = nullptr;
    std::uint64_t number_;
    // A network is there while anything of it runs or waits; the first is the one that runs.
    std::map<std::string, std::deque<Waiting>> networks_;
    Operations running_;
};

} // namespace nsd
