// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"

namespace nsd::v0 {
namespace {

std::vector<nsd::IdRange> rangesOf(const std::vector<IdRange>& map) {
    std::vector<nsd::IdRange> ranges;
    ranges.reserve(map.size());
    for (const auto& range : map)
        ranges.push_back({range.inside, range.outside, range.count});
    return ranges;
}

} // namespace

ConnectOptions& ConnectOptions::address(const std::string& address) {
    own(data_).address = address;
    return *this;
}
ConnectOptions& ConnectOptions::interactive(bool allowed) {
    own(data_).manners.askPassword = allowed;
    return *this;
}
ConnectOptions& ConnectOptions::startDaemon(bool allowed) {
    own(data_).manners.startDaemon = allowed;
    return *this;
}

Veth::Veth(const std::string& name) {
    own(data_).name = name;
}
Veth& Veth::peer(const std::string& name) {
    own(data_).peer = name;
    return *this;
}
Veth& Veth::peerNamespace(const std::string& name) {
    own(data_).peerNamespace = name;
    return *this;
}
Veth& Veth::address(const std::string& address) {
    own(data_).addresses.push_back(address);
    return *this;
}
Veth& Veth::peerAddress(const std::string& address) {
    own(data_).peerAddresses.push_back(address);
    return *this;
}
Veth& Veth::route(const std::string& route) {
    own(data_).routes.push_back(route);
    return *this;
}
Veth& Veth::mtu(std::uint32_t mtu) {
    own(data_).mtu = mtu;
    return *this;
}

CreateOptions& CreateOptions::owner(std::uint32_t uid) {
    own(data_).owner = uid;
    return *this;
}
CreateOptions& CreateOptions::label(const std::string& key, const std::string& value) {
    own(data_).labels[key] = value;
    return *this;
}
CreateOptions& CreateOptions::hostname(const std::string& name) {
    own(data_).hostname = name;
    return *this;
}
CreateOptions& CreateOptions::domainname(const std::string& name) {
    own(data_).domainname = name;
    return *this;
}
CreateOptions& CreateOptions::sysctl(const std::string& key, const std::string& value) {
    own(data_).sysctls[key] = value;
    return *this;
}
CreateOptions& CreateOptions::uidMap(const std::vector<IdRange>& map) {
    own(data_).uidMap = rangesOf(map);
    return *this;
}
CreateOptions& CreateOptions::gidMap(const std::vector<IdRange>& map) {
    own(data_).gidMap = rangesOf(map);
    return *this;
}
CreateOptions& CreateOptions::mapRoot() {
    own(data_).mapRoot = true;
    return *this;
}
CreateOptions& CreateOptions::rootless() {
    own(data_).rootless = true;
    return *this;
}
CreateOptions& CreateOptions::monotonicOffset(std::chrono::nanoseconds offset) {
    own(data_).monotonicOffset = offset;
    return *this;
}
CreateOptions& CreateOptions::boottimeOffset(std::chrono::nanoseconds offset) {
    own(data_).boottimeOffset = offset;
    return *this;
}
CreateOptions& CreateOptions::ttl(std::chrono::microseconds span) {
    own(data_).ttl = span;
    return *this;
}
CreateOptions& CreateOptions::lease() {
    own(data_).lease = true;
    return *this;
}
CreateOptions& CreateOptions::persistent() {
    own(data_).persistent = true;
    return *this;
}
CreateOptions& CreateOptions::publish() {
    own(data_).publish = true;
    return *this;
}
CreateOptions& CreateOptions::cni(const std::string& conflist) {
    own(data_).cni = conflist;
    return *this;
}
CreateOptions& CreateOptions::veth(const Veth& link) {
    own(data_).links.push_back(contents(link.data_));
    return *this;
}
CreateOptions& CreateOptions::etc(Fd directory) {
    own(data_).etc = std::make_shared<const UniqueFd>(directory.release());
    return *this;
}

DestroyOptions& DestroyOptions::force() {
    own(data_).force = true;
    return *this;
}
DestroyOptions& DestroyOptions::timeout(std::chrono::microseconds span) {
    own(data_).timeout = span;
    return *this;
}

ExecOptions& ExecOptions::environment(const std::vector<std::string>& nameValues) {
    own(data_).environment = nameValues;
    return *this;
}
ExecOptions& ExecOptions::directory(const std::string& path) {
    own(data_).directory = path;
    return *this;
}
ExecOptions& ExecOptions::standard(int in, int out, int err) {
    own(data_).stdio = {in, out, err};
    return *this;
}
ExecOptions& ExecOptions::terminal() {
    own(data_).terminal = true;
    return *this;
}
ExecOptions& ExecOptions::types(const Types& types) {
    own(data_).types = inside(types);
    return *this;
}
ExecOptions& ExecOptions::tied() {
    own(data_).tied = true;
    return *this;
}

} // namespace nsd::v0
