// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/create_request.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "config/conflist.hpp"
#include "daemon/core/etc_rules.hpp"
#include "daemon/core/id_map_rules.hpp"
#include "daemon/core/link_rules.hpp"
#include "daemon/core/rights.hpp"
#include "daemon/core/sysctl_rules.hpp"

#include <cstdint>
#include <ctime>
#include <limits>

namespace nsd {
namespace {

constexpr std::size_t maxHostname = 64; // __NEW_UTS_LEN
constexpr std::size_t maxRequestId = 64;
constexpr std::int64_t nanosecondsPerSecond = 1'000'000'000;
// What the kernel lets a clock of a time namespace show at most: half of KTIME_SEC_MAX.
constexpr std::int64_t maxClockSeconds = std::numeric_limits<std::int64_t>::max() / nanosecondsPerSecond / 2;

[[noreturn]] void complain(const std::string& why) {
    throw Error(Errc::InvalidArgument, why);
}

void needs(NamespaceTypes types, std::string_view option, NamespaceType type) {
    if (!types.contains(type))
        complain(std::string(option) + " needs type " + std::string(toWord(type)));
}

void checkUtsName(NamespaceTypes types, std::string_view option, const std::string& name) {
    if (name.empty())
        return;
    needs(types, option, NamespaceType::Uts);
    if (name.size() > maxHostname)
        complain(std::string(option) + " " + quoted(name) + " has " + std::to_string(name.size()) +
                 " bytes; at most " + std::to_string(maxHostname) + " are allowed");
    if (!isUtf8(name) || hasControlCharacters(name))
        complain(std::string(option) + " " + quoted(name) + " is not text without control characters");
}

void checkOffset(NamespaceTypes types, std::string_view option, clockid_t clock,
    const std::optional<std::int64_t>& offset) {
    if (!offset)
        return;
    needs(types, option, NamespaceType::Time);
    struct timespec now {};
    if (::clock_gettime(clock, &now) != 0)
        throw kernelError("clock_gettime", option, errno);
    const std::int64_t since = now.tv_sec * nanosecondsPerSecond + now.tv_nsec;
    const std::string shown = std::string(option) + " of " + std::to_string(*offset) + " ns";
    // The clock only grows until the kernel asks the same question.
    if (*offset < -since)
        complain(shown + " is before boot: the clock would be negative, it shows " + std::to_string(since) +
                 " ns now");
    if (*offset > maxClockSeconds * nanosecondsPerSecond - since)
        complain(shown + " is more than the kernel's clocks can show");
}

void checkMap(const NamespaceSpec& spec, std::string_view option, const std::vector<IdRange>& lines) {
    if (lines.empty())
        return;
    needs(spec.types, option, NamespaceType::User);
    if (spec.mapRoot)
        complain("map-root and " + std::string(option) + " exclude each other");
    validateIdMap(option, lines);
}

void checkTtl(const std::optional<std::chrono::microseconds>& ttl) {
    if (!ttl)
        return;
    if (ttl->count() <= 0)
        complain("ttl of " + std::to_string(ttl->count()) + " µs: it must be more than 0");
    // Added to the clock it must stay a time.
    if (*ttl > std::chrono::microseconds::max() / 2)
        complain("ttl of " + std::to_string(ttl->count()) + " µs is too long");
}

void checkRequestId(const std::string& id) {
    if (id.size() > maxRequestId)
        complain("request-id " + quoted(id) + " has " + std::to_string(id.size()) + " bytes; at most " +
                 std::to_string(maxRequestId) + " are allowed");
    if (!isUtf8(id) || hasControlCharacters(id))
        complain("request-id " + quoted(id) + " is not printable text");
}

void checkOwner(uid_t owner) {
    if (isNobody(owner))
        complain("uid " + std::to_string(owner) + " cannot own a namespace");
}

} // namespace

std::vector<Complaint> complaintsAbout(CreateRequest& request) {
    auto& spec = request.spec;
    std::vector<Complaint> found;
    const auto rule = [&](std::string_view option, const auto& check) {
        try {
            check();
        } catch (const Error& error) {
            found.push_back({std::string(option), error});
        }
    };
    rule("types", [&] {
        if (spec.types.empty())
            complain("no namespace type was given; the types are " + describe(NamespaceTypes::all()));
    });
    request.owner = spec.owner.value_or(request.owner);
    rule("owner", [&] { checkOwner(request.owner); });
    spec.owner = request.owner == 0 ? std::nullopt : std::optional(request.owner);

    rule("labels", [&] { validateLabels(request.labels); });
    rule("hostname", [&] { checkUtsName(spec.types, "hostname", spec.hostname); });
    rule("domainname", [&] { checkUtsName(spec.types, "domainname", spec.domainname); });
    rule("uid-map", [&] { checkMap(spec, "uid-map", spec.uidMap); });
    rule("gid-map", [&] { checkMap(spec, "gid-map", spec.gidMap); });
    rule("map-root", [&] {
        if (spec.mapRoot)
            needs(spec.types, "map-root", NamespaceType::User);
    });
    rule("monotonic-offset",
        [&] { checkOffset(spec.types, "monotonic-offset", CLOCK_MONOTONIC, spec.monotonicOffset); });
    rule("boottime-offset",
        [&] { checkOffset(spec.types, "boottime-offset", CLOCK_BOOTTIME, spec.boottimeOffset); });
    rule("sysctls", [&] { spec.sysctls = validatedSysctls(spec.sysctls, spec.types); });
    rule("links", [&] { validateLinks(spec.links, spec.types, request.name.str()); });
    rule("etc", [&] { validateEtc(spec.etc, spec.types, request.caller); });
    rule("cni", [&] {
        if (request.cni.empty())
            return;
        needs(spec.types, "cni", NamespaceType::Net);
        request.cni = conflistOf(request.cni).text;
    });
    rule("ttl", [&] { checkTtl(request.ttl); });
    rule("request-id", [&] { checkRequestId(request.requestId); });
    rule("publish", [&] {
        if (request.publish)
            needs(spec.types, "publish", NamespaceType::Net);
    });
    rule("persistent", [&] {
        if (request.persistent && (request.lease || request.ttl))
            complain(
                std::string("persistent and ") + (request.lease ? "lease" : "ttl") + " exclude each other");
    });
    return found;
}

void validate(CreateRequest& request) {
    const auto found = complaintsAbout(request);
    if (!found.empty())
        throw Error(found.front().error);
}

} // namespace nsd
