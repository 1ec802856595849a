// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

// The end of a namespace that has no name (any more): what becomes of its network, its init, its pins, its
// directory in .trash or .stage, its kernel namespaces, its control group. It goes on whatever fails
// on the way; what is left then is left for the next start.
class Dismantling final : public Operation {
  public:
    struct Order {
        PinStore::Area area;
        Uuid uuid;
        UniqueFd directory;                    // invalid: there is none
        std::map<NamespaceType, UniqueFd> fds; // of its pins: no pin below is the last reference
        std::optional<InitProcess> init;
        bool endInit; // without asking who else lives with it
        std::string controlGroup;
        std::chrono::microseconds deadline; // until then it waits for the kernel; CLOCK_BOOTTIME
    };
    struct Ended {
        std::map<NamespaceType, Released> released{};
        std::vector<std::string> warnings{}; // what of it stays outside
    };
    using Finished = std::function<void(Ended)>;

    static void start(Core& core, Order order, Finished finished);

    Dismantling(Core& core, Order order, Finished finished);

  private:
    void leaveNetworks();
    void onDetached(Outcome<Done> outcome);
    void settleInit();
    void onCounted(Outcome<std::vector<std::uint32_t>> outcome);
    void endOrLinger(bool end);
    void removeFiles();
    bool removePin(NamespaceType type);
    bool removeEtc();
    void putAside();
    void releaseKernel();
    void onReleased(Outcome<std::map<NamespaceType, Released>> outcome);
    void complain(const std::string& step, const Error& error);

    Core& core_;
    Order order_;
    Finished finished_;
    Ended ended_;
    std::chrono::microseconds detachingSince_{0};
};

} // namespace nsd
