// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_link_fixture.hpp"

#include "tests/support/require.hpp"

#include <algorithm>
#include <stdexcept>
#include <unistd.h>

namespace nsd::test {

using namespace protocol;

void LinkTest::SetUp() {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("ip");
    NSD_REQUIRE_PROGRAM("nsenter");
    restartWorker();
    NamespaceSpec spec;
    spec.types = {NamespaceType::Net};
    home_ = worker().make(spec);
    inside_ = worker().make(spec);
}

void LinkTest::giveInsideTo(uid_t owner) {
    NamespaceSpec spec;
    spec.types = {NamespaceType::Net, NamespaceType::User};
    spec.owner = owner;
    spec.mapRoot = true;
    inside_ = worker().make(spec);
}

void LinkTest::restartWorker() {
    worker_ = std::make_unique<WorkerProcess>();
}

std::string LinkTest::shell(int netNs, const std::string& command) {
    const auto path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(netNs);
    return mustRun({"nsenter", "--net=" + path, "sh", "-c", command});
}

std::string LinkTest::ip(int netNs, const std::string& arguments) {
    return shell(netNs, "ip " + arguments);
}

std::vector<LinkState> LinkTest::linksOf(int netNs) {
    return worker().askFor<LinksReply>(LinksRequest{}, {netNs}).links.at(0);
}

LinkState LinkTest::linkOf(int netNs, const std::string& name) {
    for (auto& link : linksOf(netNs))
        if (link.name == name)
            return link;
    throw std::runtime_error("there is no link " + name);
}

std::vector<std::string> LinkTest::namesOf(int netNs) {
    std::vector<std::string> names;
    for (const auto& link : linksOf(netNs))
        names.push_back(link.name);
    std::sort(names.begin(), names.end());
    return names;
}

LinkCustody LinkTest::inspect(const std::string& link) {
    return worker().askFor<InspectLinkReply>(InspectLinkRequest{link}, {home(), inside()}).custody;
}

MovedLink LinkTest::move(const LinkCustody& custody, const std::string& name, bool up) {
    return worker().askFor<MoveLinkReply>(MoveLinkRequest{custody, name, up}, {home(), inside()}).moved;
}

LinkCustody LinkTest::lend(const std::string& link, const std::string& name, bool up) {
    auto custody = inspect(link);
    custody.insideIndex = move(custody, name, up).index;
    return custody;
}

ReturnedLink LinkTest::bringHome(const LinkCustody& custody) {
    return worker().askFor<BringLinkHomeReply>(BringLinkHomeRequest{custody}, {home(), inside()}).returned;
}

ReturnedLink LinkTest::bringHomeWithoutInside(const LinkCustody& custody) {
    return worker().askFor<BringLinkHomeReply>(BringLinkHomeRequest{custody}, {home()}).returned;
}

std::string lookOf(const LinkState& link) {
    auto names = link.altNames;
    std::sort(names.begin(), names.end());
    std::string text = link.name + " (";
    for (const auto& name : names)
        text += name + " ";
    text += ") mtu " + std::to_string(link.mtu) + " " + link.mac + (link.isUp ? " up " : " down ");
    return text + link.master;
}

} // namespace nsd::test
