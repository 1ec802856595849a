// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/host_network.hpp"

#include "tests/support/temp_dir.hpp"
#include "tests/support/test_daemon.hpp"

#include <stdexcept>

namespace nsd::test {

HostNetwork::HostNetwork()
    : holder_(std::make_unique<BackgroundProcess>(Arguments{"unshare", "--net", "sleep", "infinity"})) {
    const auto own = inodeOf("/proc/self/ns/net");
    if (!eventually([&] { return inodeOf(path()) != own; }))
        throw std::runtime_error("unshare --net does not begin");
    shell("ip link set lo up");
}

std::string HostNetwork::path() const {
    return "/proc/" + std::to_string(holder_->pid()) + "/ns/net";
}

std::string HostNetwork::shell(const std::string& script) const {
    auto argv = wrapper();
    argv.insert(argv.end(), {"sh", "-euc", script});
    return mustRun(argv);
}

} // namespace nsd::test
