// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/init_watch.hpp"

#include <cstdint>
#include <memory>
#include <poll.h>
#include <sys/epoll.h>
#include <utility>

namespace nsd {

void InitWatch::add(const Uuid& uuid, InitProcess&& init) {
    auto source = loop_.watch(init.pidfd.get(), EPOLLIN, [this, uuid](std::uint32_t) { onDeath(uuid); });
    entries_.insert_or_assign(uuid, Entry{std::move(init), std::move(source)});
}

std::optional<InitProcess> InitWatch::take(const Uuid& uuid) {
    auto node = entries_.extract(uuid);
    if (node.empty())
        return std::nullopt;
    return std::move(node.mapped().init);
}

const InitProcess* InitWatch::find(const Uuid& uuid) const noexcept {
    const auto found = entries_.find(uuid);
    if (found == entries_.end())
        return nullptr;
    pollfd death{found->second.init.pidfd.get(), POLLIN, 0};
    return ::poll(&death, 1, 0) == 0 ? &found->second.init : nullptr;
}

void InitWatch::onDeath(const Uuid& uuid) {
    auto node = entries_.extract(uuid);
    if (node.empty())
        return; // its end is posted already
    // The source must not go while its own handler runs.
    loop_.post([dead = std::make_shared<Entry>(std::move(node.mapped()))] {});
    died_(uuid);
}

} // namespace nsd
