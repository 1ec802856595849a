// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/etc_rules.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nsd {
namespace {

constexpr std::array<std::string_view, 9> ofUsers{"ethers", "gai.conf", "host.conf", "hostname", "hosts",
    "networks", "protocols", "resolv.conf", "services"};

void checkUsers(const std::string& name, uid_t uid) {
    if (uid == 0 || std::find(ofUsers.begin(), ofUsers.end(), name) != ofUsers.end())
        return;
    std::string all;
    for (const auto file : ofUsers)
        all += (all.empty() ? "" : ", ") + std::string(file);
    throw Error(Errc::AccessDenied, "etc: only root gives a namespace a file " + quoted(name) + "; uid " +
                                        std::to_string(uid) + " may give " + all);
}

} // namespace

bool mayHaveEtc(NamespaceTypes types) noexcept {
    return types.contains(NamespaceType::Net) && !types.contains(NamespaceType::Mnt);
}

void validateEtc(const EtcFiles& files, NamespaceTypes types, uid_t givenBy) {
    if (files.empty())
        return;
    if (!types.contains(NamespaceType::Net))
        throw Error(Errc::InvalidArgument, "etc needs type net");
    if (types.contains(NamespaceType::Mnt))
        throw Error(
            Errc::InvalidArgument, "etc and type mnt exclude each other: its /etc is what is mounted inside");
    checkEtcFiles(files);
    for (const auto& [name, text] : files)
        checkUsers(name, givenBy);
}

} // namespace nsd
