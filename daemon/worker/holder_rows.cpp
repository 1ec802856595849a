// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/holder_rows.hpp"

#include "daemon/worker/process_info.hpp"

#include <utility>

namespace nsd::worker {
namespace {

constexpr std::size_t mostRows = 8192;
constexpr std::size_t mostRowsOfOneUser = 4096;
constexpr std::size_t mostReasons = 8; // that a row names

} // namespace

void HolderRows::add(const std::string& kind, pid_t pid, const std::string& type, const std::string& detail,
    std::uint32_t uid) {
    if (const auto row = append(kind, pid, type, uid); row != dropped)
        rows_[row].detail = detail;
}

void HolderRows::gather(
    const std::string& kind, pid_t pid, const std::string& type, const std::string& reason) {
    const auto [known, isNew] = gathered_.try_emplace(Key{kind, pid, type}, dropped);
    if (isNew)
        known->second = append(kind, pid, type, rootAlone);
    if (known->second == dropped)
        return;
    if (const auto number = ++reasons_[known->second]; number <= mostReasons)
        rows_[known->second].detail += (number == 1 ? "" : ", ") + reason;
}

std::size_t HolderRows::append(
    const std::string& kind, pid_t pid, const std::string& type, std::uint32_t uid) {
    if (pid != 0)
        uid = effectiveUid(proc_, pid);
    if (rows_.size() >= mostRows || ofUser_[uid] >= mostRowsOfOneUser) {
        ++unlisted_[uid];
        return dropped;
    }
    ++ofUser_[uid];
    Holder row;
    row.kind = kind;
    row.type = type;
    row.uid = uid;
    if (pid != 0) {
        const auto info = processInfo(proc_, pid);
        row.pid = static_cast<std::uint32_t>(pid);
        row.comm = info ? info->comm : std::string();
    }
    rows_.push_back(std::move(row));
    return rows_.size() - 1;
}

std::vector<Holder> HolderRows::take() {
    for (const auto& [row, reasons] : reasons_)
        if (reasons > mostReasons)
            rows_[row].detail += " and " + std::to_string(reasons - mostReasons) + " more";
    for (const auto& [uid, count] : unlisted_) {
        auto& row = rows_.emplace_back();
        row.kind = "more";
        row.detail = std::to_string(count) + " more that are not listed";
        row.uid = uid;
    }
    return std::exchange(rows_, {});
}

} // namespace nsd::worker
