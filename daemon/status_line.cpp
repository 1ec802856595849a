// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/status_line.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::seconds pause{1};

} // namespace

StatusLine::StatusLine(Loop& loop, Text text, Send send)
    : loop_(loop), text_(std::move(text)), send_(std::move(send)), sent_(text_()) {}

void StatusLine::touch() {
    if (!timer_)
        timer_ = loop_.after(pause, [this] { this->send(); });
}

void StatusLine::send() {
    // The source of this very handler goes later.
    loop_.post([fired = std::make_shared<Loop::SourcePtr>(std::move(timer_))] {});
    auto text = text_();
    if (text == sent_)
        return;
    send_(text);
    sent_ = std::move(text);
}

void StatusLine::added(const NamespaceRecord& /*record*/, const MaybeRequester& /*by*/) {
    touch();
}

void StatusLine::removed(const NamespaceRecord& /*record*/, const MaybeRequester& /*by*/) {
    touch();
}

void StatusLine::changed(const NamespaceRecord& /*record*/, std::string_view /*what*/) {
    touch();
}

void StatusLine::leaseGiven(
    const NamespaceRecord& /*record*/, std::uint32_t /*number*/, const LeaseHolder& /*holder*/) {
    touch();
}

void StatusLine::leaseEnded(const NamespaceRecord& /*record*/, std::uint32_t /*number*/,
    const LeaseHolder& /*holder*/, LeaseEnd /*how*/) {
    touch();
}

void StatusLine::started(const ProcessRecord& /*process*/, const MaybeRequester& /*by*/) {
    touch();
}

void StatusLine::ended(const ProcessRecord& /*process*/) {
    touch();
}

void StatusLine::forgotten(std::uint64_t /*number*/) {
    // It had ended before.
}

} // namespace nsd
