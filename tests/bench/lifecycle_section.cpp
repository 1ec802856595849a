// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/bare_pin.hpp"
#include "tests/bench/programs.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

namespace nsd::bench {

namespace {

constexpr std::chrono::seconds noPatience{0};

Side overBus(const Stage& stage, const char* type, std::chrono::seconds patience) {
    return {[&stage, type, patience] {
                stage.bus().create("bench", type);
                stage.bus().destroy("bench", patience);
            },
        {}, {}};
}

Side bare(const BarePin& pin) {
    return {[&pin] { pin.makeAndRemove(); }, {}, [&pin] { pin.goHome(); }};
}

Side withIp(const IpNetns& ip) {
    const auto act = [&ip] {
        ip.add("bench");
        ip.remove("bench");
    };
    return {act, [&ip] { ip.goIn(); }, [&ip] { ip.goHome(); }};
}

} // namespace

Rows measureLifecycle(Depth depth) {
    const bool isQuick = depth == Depth::Quick;
    const Effort cheap = isQuick ? Effort{5, 50, 50} : Effort{20, 100, 200};
    const Effort costly = isQuick ? Effort{5, 10, 5} : Effort{20, 20, 20};
    const Stage stage;
    const BarePin uts(NamespaceType::Uts);
    const BarePin net(NamespaceType::Net);
    const IpNetns ip;
    Rows rows;
    rows.push_back(ratioRow("lifecycle-uts-bare", "Create + Destroy (uts)", "unshare, bind, umount, unlink",
        interleave(cheap, overBus(stage, "uts", destroyPatience), bare(uts))));
    // As the bare calls and ip, nsd does not wait until the kernel has ended a network namespace.
    rows.push_back(ratioRow("lifecycle-net-bare", "Create + Destroy (net), timeout 0",
        "unshare, bind, umount, unlink", interleave(costly, overBus(stage, "net", noPatience), bare(net))));
    rows.push_back(ratioRow("lifecycle-net-ip", "Create + Destroy (net), timeout 0", "ip netns add, del",
        interleave(costly, overBus(stage, "net", noPatience), withIp(ip))));
    // And here both do.
    rows.push_back(ratioRow("lifecycle-net-dead", "Create + Destroy (net), until it is gone",
        "the bare calls, until it is gone",
        interleave(costly, overBus(stage, "net", destroyPatience),
            {[&net] { net.makeAndRemoveAndWait(); }, {}, {}})));
    return rows;
}

} // namespace nsd::bench
