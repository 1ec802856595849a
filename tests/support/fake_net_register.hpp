// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/net_register.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace nsd::test {

// A register without a host: names are names of inodes of the fake kernel's namespaces. It lives on while the
// daemon's objects are made anew.
class FakeNetRegister final : public NetRegister {
  public:
    explicit FakeNetRegister(const Kernel& kernel) : kernel_(kernel) {}

    // By name, the inode of the namespace that it shows.
    std::map<std::string, std::uint64_t> names{};
    // Whether the next hide() fails.
    bool hidingFails = false;

    [[nodiscard]] std::string pathOf(const Name& name) const override { return "/run/netns/" + name.str(); }
    void show(int netNsFd, const Name& name) override {
        if (!names.emplace(name.str(), kernel_.identify(netNsFd).inode).second)
            throw Error(Errc::NameExists, pathOf(name) + " is there already");
    }
    [[nodiscard]] bool shows(const Name& name, const NamespaceIdentity& net) const override {
        const auto found = names.find(name.str());
        return found != names.end() && found->second == net.inode;
    }
    bool hide(const Name& name, const NamespaceIdentity& net) override {
        if (hidingFails)
            throw Error(Errc::KernelError, "the fake register hides nothing");
        return shows(name, net) && names.erase(name.str()) == 1;
    }
    [[nodiscard]] std::int32_t number(int netNsFd) override {
        return numbers_.emplace(kernel_.identify(netNsFd).inode, static_cast<std::int32_t>(numbers_.size()))
            .first->second;
    }

  private:
    const Kernel& kernel_;
    std::map<std::uint64_t, std::int32_t> numbers_;
};

} // namespace nsd::test
