// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/top_sample.hpp"

#include "client/live/process_scan.hpp"
#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <set>
#include <utility>

namespace nsd::client {
namespace {

using Clock = std::chrono::steady_clock;

bool hasNet(const ListedNamespace& row) {
    return std::find(row.types.begin(), row.types.end(), "net") != row.types.end() && row.state != "pending";
}

// A link that went takes its counters along.
std::uint64_t rate(std::uint64_t before, std::uint64_t now, double seconds) {
    return now < before ? 0 : static_cast<std::uint64_t>(static_cast<double>(now - before) / seconds);
}

std::optional<std::uint64_t> processesOf(const Usage& usage) {
    return usage.row.processes ? std::optional<std::uint64_t>(*usage.row.processes) : std::nullopt;
}

std::optional<std::uint64_t> socketsOf(const Usage& usage) {
    return usage.net ? std::optional(usage.net->sockets) : std::nullopt;
}

struct Key {
    const char* word;
    std::optional<std::uint64_t> (*value)(const Usage&); // null: the name
};
constexpr std::array keys{
    Key{"name", nullptr},
    Key{"processes", processesOf},
    Key{"sockets", socketsOf},
    Key{"rx", [](const Usage& usage) { return usage.receiveRate; }},
    Key{"tx", [](const Usage& usage) { return usage.sendRate; }},
    Key{"memory", [](const Usage& usage) { return usage.memory; }},
};

Field number(const char* key, const char* heading, const std::optional<std::uint64_t>& value,
    std::string (*text)(std::uint64_t) = nullptr) {
    Field field{key, heading, nullptr};
    field.isNumber = true;
    if (!value)
        return field;
    field.value = *value;
    if (text != nullptr)
        field.text = text(*value);
    return field;
}

Record recordOf(const Usage& usage) {
    const auto counter = [&](std::uint64_t NetCounters::*member) {
        return usage.net ? std::optional((*usage.net).*member) : std::nullopt;
    };
    return {{
        {"name", "Name", usage.row.name},
        {"types", "Types", usage.row.types},
        number("processes", "Procs", processesOf(usage)),
        number("sockets", "Sockets", socketsOf(usage)),
        number("rx_rate", "RX/s", usage.receiveRate, sizeText),
        number("tx_rate", "TX/s", usage.sendRate, sizeText),
        number("memory", "Memory", usage.memory, sizeText),
        number("rx_bytes", "", counter(&NetCounters::received)),
        number("tx_bytes", "", counter(&NetCounters::sent)),
        {"state", "", usage.row.state},
        {"uuid", "", usage.row.uuid},
    }};
}

} // namespace

Usages::Known& Usages::known(Client& client, const ListedNamespace& row) {
    const auto [entry, isNew] = known_.try_emplace(row.uuid);
    if (isNew) {
        const auto details = client.show(row.name);
        const auto pin = details.pins.find("net");
        entry->second.pin = pin == details.pins.end() ? "" : pin->second;
        entry->second.inodes = details.inodes;
    }
    return entry->second;
}

void Usages::measureNet(Client& client, Usage& usage, double seconds) {
    auto& row = usage.row;
    auto* entry = &known(client, row);
    const auto measure = [&] {
        const auto inode = entry->inodes.find("net");
        return inode == entry->inodes.end() ? std::nullopt : netCountersOf(entry->pin, inode->second);
    };
    usage.net = measure();
    if (!usage.net) { // the pin has another path after a rename
        const auto before = std::exchange(entry->before, {});
        known_.erase(row.uuid);
        entry = &known(client, row);
        entry->before = before;
        usage.net = measure();
    }
    if (usage.net && entry->before && seconds > 0) {
        usage.receiveRate = rate(entry->before->received, usage.net->received, seconds);
        usage.sendRate = rate(entry->before->sent, usage.net->sent, seconds);
    }
    entry->before = usage.net;
}

std::vector<Usage> Usages::take(Client& client) {
    std::vector<Usage> usages;
    for (auto& row : client.listWithProcesses())
        usages.push_back({std::move(row)});
    const auto now = Clock::now();
    const auto seconds = last_ ? std::chrono::duration<double>(now - *last_).count() : 0;
    last_ = now;
    if (asker_ != 0)
        return usages;
    const bool anyProcess = std::any_of(
        usages.begin(), usages.end(), [](const Usage& usage) { return usage.row.processes.value_or(0) > 0; });
    const auto processes = anyProcess ? seenProcesses("/proc") : std::vector<SeenProcess>();
    std::set<std::string> there;
    for (auto& usage : usages) {
        there.insert(usage.row.uuid);
        try {
            if (hasNet(usage.row))
                measureNet(client, usage, seconds);
            usage.memory = 0;
            if (usage.row.processes.value_or(0) > 0)
                for (const auto& process : processes)
                    if (!sharedTypes(process, known(client, usage.row).inodes).empty())
                        *usage.memory += process.memory;
        } catch (const Unanswered&) {
            throw;
        } catch (const Error& error) {
            if (error.code() != Errc::NoSuchNamespace) // gone meanwhile
                throw;
        }
    }
    std::erase_if(known_, [&](const auto& entry) { return !there.contains(entry.first); });
    return usages;
}

const std::vector<std::string>& usageKeys() {
    static const auto words = [] {
        std::vector<std::string> all;
        all.reserve(keys.size());
        for (const auto& key : keys)
            all.emplace_back(key.word);
        return all;
    }();
    return words;
}

void sortUsages(std::vector<Usage>& usages, std::string_view word) {
    std::sort(
        usages.begin(), usages.end(), [](const Usage& a, const Usage& b) { return a.row.name < b.row.name; });
    for (const auto& key : keys)
        if (key.word == word && key.value != nullptr)
            std::stable_sort(usages.begin(), usages.end(), [&](const Usage& a, const Usage& b) {
                return key.value(a).value_or(0) > key.value(b).value_or(0);
            });
}

std::vector<Record> usageRecords(const std::vector<Usage>& usages) {
    std::vector<Record> records;
    records.reserve(usages.size());
    for (const auto& usage : usages)
        records.push_back(recordOf(usage));
    return records;
}

std::string sizeText(std::uint64_t bytes) {
    constexpr std::array units{"", "K", "M", "G", "T", "P", "E"};
    constexpr double step = 1024;
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= step && unit + 1 < units.size()) {
        value /= step;
        ++unit;
    }
    std::array<char, 32> text{};
    constexpr double small = 9.95; // with which it takes a digit behind the point
    std::snprintf(
        text.data(), text.size(), unit > 0 && value < small ? "%.1f%s" : "%.0f%s", value, units.at(unit));
    return text.data();
}

} // namespace nsd::client
