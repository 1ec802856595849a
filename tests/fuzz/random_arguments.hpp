// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "tests/fuzz/live_methods.hpp"
#include "tests/fuzz/random.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <systemd/sd-bus.h>
#include <vector>

namespace nsd::test {

// Makes up the arguments of calls: most of them what the argument's name asks for, so that a call gets
// far, the rest anything that its signature allows. Namespaces get only a few names, so that their
// number is bounded, and commands are harmless ones.
class RandomArguments {
  public:
    RandomArguments(Random& random, std::vector<UniqueFd> descriptors);

    // A descriptor that the daemon gave, to be given back to it.
    void learn(UniqueFd descriptor);
    // All arguments of the method, or, now and then, others.
    void append(sd_bus_message* message, const LiveMethod& method);

    [[nodiscard]] static const std::vector<std::string>& namespaceNames();

  private:
    // By the meaning of an argument or an option; false: it has none here.
    bool appendMeant(sd_bus_message* message, std::string_view name, std::string_view signature);
    void appendOptions(sd_bus_message* message);
    void appendWords(sd_bus_message* message, const std::vector<std::string>& words);
    void appendAny(sd_bus_message* message, std::string_view signature);
    void appendBasic(sd_bus_message* message, char type);
    [[nodiscard]] std::string anyString();
    [[nodiscard]] std::string anySignature();
    [[nodiscard]] std::uint64_t anyNumber();

    Random& random_;
    std::vector<UniqueFd> descriptors_;
    std::size_t fixed_; // of them, never replaced
    unsigned depth_ = 0;
};

} // namespace nsd::test
