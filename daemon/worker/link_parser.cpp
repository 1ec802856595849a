// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_parser.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"
#include "common/mac_address.hpp"

#include <array>
#include <cerrno>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string_view>

// libnl-route's own link object knows no alternative names, no permanent address and no parent device.
namespace nsd::worker {
namespace {

constexpr int lastAttribute = 127;
using Attributes = std::array<nlattr*, lastAttribute + 1>;

std::string_view bytesOf(const nlattr* attribute) {
    return {static_cast<const char*>(::nla_data(attribute)), static_cast<std::size_t>(::nla_len(attribute))};
}

// Without the NUL that ends it.
std::string textOf(const nlattr* attribute) {
    return attribute == nullptr ? std::string()
                                : std::string(bytesOf(attribute).substr(0, bytesOf(attribute).find('\0')));
}

std::uint32_t numberOf(const nlattr* attribute) {
    return attribute == nullptr || ::nla_len(attribute) < static_cast<int>(sizeof(std::uint32_t))
               ? 0
               : ::nla_get_u32(attribute);
}

// Hardware without an address of its own has zeros there.
std::string macOf(const nlattr* attribute) {
    if (attribute == nullptr)
        return {};
    const auto bytes = bytesOf(attribute);
    return bytes.find_first_not_of('\0') == std::string_view::npos ? std::string() : macText(bytes);
}

std::vector<std::string> altNamesOf(const nlattr* properties) {
    std::vector<std::string> names;
    if (properties == nullptr)
        return names;
    auto* attribute = static_cast<nlattr*>(::nla_data(properties));
    for (int left = ::nla_len(properties); ::nla_ok(attribute, left) != 0;
         attribute = ::nla_next(attribute, &left))
        if (::nla_type(attribute) == IFLA_ALT_IFNAME)
            names.push_back(textOf(attribute));
    return names;
}

std::string kindOf(nlattr* info) {
    std::array<nlattr*, IFLA_INFO_MAX + 1> attributes{};
    if (info == nullptr || ::nla_parse_nested(attributes.data(), IFLA_INFO_MAX, info, nullptr) < 0)
        return {};
    return textOf(attributes[IFLA_INFO_KIND]);
}

// "virtio/virtio0": the bus and the device on it.
std::string parentDeviceOf(const Attributes& attributes) {
    const auto name = textOf(attributes[IFLA_PARENT_DEV_NAME]);
    return name.empty() ? name : textOf(attributes[IFLA_PARENT_DEV_BUS_NAME]) + "/" + name;
}

// RFC 2863, 6.3.1 in the words of ip-link(8).
std::string operStateOf(const nlattr* attribute) {
    constexpr std::array<std::string_view, 7> words{
        "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};
    const std::size_t state = attribute == nullptr || ::nla_len(attribute) < 1 ? 0 : ::nla_get_u8(attribute);
    return std::string(state < words.size() ? words.at(state) : words.front());
}

} // namespace

ParsedLink parseLink(nlmsghdr* message) {
    Attributes attributes{};
    if (message->nlmsg_type != RTM_NEWLINK ||
        ::nlmsg_parse(message, sizeof(ifinfomsg), attributes.data(), lastAttribute, nullptr) < 0)
        throw kernelError("understand", "how rtnetlink describes a link", EBADMSG);
    const auto* header = static_cast<const ifinfomsg*>(::nlmsg_data(message));
    ParsedLink link;
    auto& state = link.state;
    state.index = static_cast<std::uint32_t>(header->ifi_index);
    state.name = textOf(attributes[IFLA_IFNAME]);
    state.altNames = altNamesOf(attributes[IFLA_PROP_LIST]);
    state.identity = {kindOf(attributes[IFLA_LINKINFO]), parentDeviceOf(attributes),
        macOf(attributes[IFLA_PERM_ADDRESS]), numberOf(attributes[IFLA_LINK])};
    if (attributes[IFLA_LINK_NETNSID] != nullptr)
        state.peerNsid = ::nla_get_s32(attributes[IFLA_LINK_NETNSID]);
    state.isLoopback = (header->ifi_flags & IFF_LOOPBACK) != 0;
    const auto* const immutable = attributes[linux_numbers::iflaNetnsImmutable];
    state.isImmutable = immutable != nullptr && ::nla_get_u8(immutable) != 0;
    state.mac = macOf(attributes[IFLA_ADDRESS]);
    state.mtu = numberOf(attributes[IFLA_MTU]);
    state.isUp = (header->ifi_flags & IFF_UP) != 0;
    state.operState = operStateOf(attributes[IFLA_OPERSTATE]);
    link.masterIndex = numberOf(attributes[IFLA_MASTER]);
    return link;
}

} // namespace nsd::worker
