// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/brought_namespaces.hpp"

#include <exception>
#include <utility>

namespace nsd {

BroughtNamespaces::BroughtNamespaces(BroughtNamespaces&& other) noexcept
    : kernel_(other.kernel_), fds_(other.take()) {}

BroughtNamespaces::~BroughtNamespaces() {
    // Each alone: one that is no namespace must not keep the others from it.
    for (auto& [type, fd] : fds_) {
        try {
            OpenedNamespaces one;
            one.emplace(type, std::move(fd));
            kernel_->retire(std::move(one), std::chrono::microseconds{0}, [](const auto& /*released*/) {});
        } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): no namespace, or no memory
        }
    }
}

void BroughtNamespaces::add(NamespaceType type, UniqueFd fd) {
    fds_.insert_or_assign(type, std::move(fd));
}

OpenedNamespaces BroughtNamespaces::take() noexcept {
    return std::exchange(fds_, {});
}

} // namespace nsd
