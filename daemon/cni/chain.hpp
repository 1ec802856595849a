// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/network_attachment.hpp"

#include <functional>
#include <string>

// What the CNI specification asks of who runs plugins: in which order, and what each is given.
namespace nsd::cni {

// One plugin, once.
struct PluginCall {
    std::string type;    // its program
    std::string command; // ADD, DEL
    std::string input;   // its configuration, JSON
};

// Runs it and answers what it printed. Throws Error with what it complained about.
using RunPlugin = std::function<std::string(const PluginCall& call)>;
// A plugin has answered ADD.
using Answered = std::function<void(const std::string& plugin, const std::string& result)>;

// ADD by each plugin in the order of the list, each with the result of the one before. Throws Error at the
// first that fails; what is there by then is DEL's to take down.
void addToNetwork(const NetworkAttachment& attachment, const RunPlugin& run, const Answered& answered);

// DEL by each in the opposite order, with the last result that there was. A plugin that fails keeps none of
// the others from its work: throws one Error for all that failed.
void removeFromNetwork(const NetworkAttachment& attachment, const RunPlugin& run);

} // namespace nsd::cni
