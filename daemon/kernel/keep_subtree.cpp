// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_subtree.hpp"

#include "common/quote.hpp"
#include "daemon/kernel/control_group.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace nsd {
namespace {

constexpr std::string_view ownUnit = "/nsd.service";
constexpr std::string_view keepUnit = "/nsd-keep.service";

} // namespace

std::string keepSubtreeName(const std::string& runtimeDirectory) {
    if (runtimeDirectory == "/run/nsd")
        return "nsd-keep";
    std::uint64_t hash = 14695981039346656037U; // FNV-1a
    for (const char byte : runtimeDirectory)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "nsd-keep-%016" PRIx64, hash);
    return name.data();
}

std::string keepUnitGroup(std::string_view ownControlGroups) {
    constexpr std::string_view version2 = "0::";
    for (auto rest = ownControlGroups; !rest.empty();) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (!line.starts_with(version2))
            continue;
        line.remove_prefix(version2.size());
        if (!line.ends_with(ownUnit))
            return {};
        line.remove_suffix(ownUnit.size());
        return std::string(line) + std::string(keepUnit);
    }
    return {};
}

KeepSubtree::KeepSubtree(Loop& loop, Log& log, Options options)
    : loop_(loop), log_(log), options_(std::move(options)), root_(openControlGroupRoot()) {
    if (!root_)
        return;
    own_ = makeGroup("/" + keepSubtreeName(options_.runtimeDirectory), KeepGroup::Whose::Ours);
    if (!options_.unitGroup.empty())
        units_ = makeGroup(options_.unitGroup, KeepGroup::Whose::Units);
}

std::unique_ptr<KeepGroup> KeepSubtree::makeGroup(std::string path, KeepGroup::Whose whose) {
    return std::make_unique<KeepGroup>(
        loop_, log_, root_->get(), std::move(path), whose, options_.initProgram);
}

KeepGroup* KeepSubtree::groupAt(std::string_view path) {
    if (path == own_->path())
        return own_.get();
    // Also for a daemon that an administrator starts by hand, over what the unit's has made.
    if (units_ == nullptr && path.ends_with(keepUnit) && path.find("/../") == std::string_view::npos)
        units_ = makeGroup(std::string(path), KeepGroup::Whose::Units);
    return units_ != nullptr && path == units_->path() ? units_.get() : nullptr;
}

KeepSubtree::Group KeepSubtree::create(const Uuid& uuid) {
    const bool inUnit = !options_.unitGroup.empty() && units_->exists();
    auto& group = inUnit ? *units_ : *own_;
    return {group.path() + "/" + uuid.str(), group.create(uuid.str())};
}

void KeepSubtree::remove(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto uuid = slash == std::string::npos ? std::nullopt : Uuid::parse(path.substr(slash + 1));
    auto* const group = uuid ? groupAt(std::string_view(path).substr(0, slash)) : nullptr;
    if (group == nullptr)
        log_.warning("not removed, since nsd did not make it: the control group " + quoted(path));
    else
        group->remove(uuid->str());
}

void KeepSubtree::sweep(const std::vector<std::string>& wanted) {
    for (auto* const group : {own_.get(), units_.get()})
        if (group != nullptr)
            group->sweep(wanted);
}

pid_t KeepSubtree::holder() const noexcept {
    return own_ == nullptr ? 0 : own_->holder();
}

} // namespace nsd
