// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/settings_reader.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"
#include "config/json_document.hpp"
#include "config/json_field.hpp"
#include "config/text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <utility>

namespace nsd {
namespace {

using Json = nlohmann::json;

struct Field : JsonField {
    Settings& settings;
};

void readLogLevel(const Field& field) {
    struct Word {
        std::string_view word;
        Log::Level level;
    };
    constexpr std::array words{Word{"debug", Log::Level::Debug}, Word{"info", Log::Level::Info},
        Word{"warning", Log::Level::Warning}, Word{"error", Log::Level::Error}};
    if (field.value.is_string())
        for (const auto& row : words)
            if (field.value.get_ref<const std::string&>() == row.word) {
                field.settings.logLevel = row.level;
                return;
            }
    field.wrong("one of debug, info, warning, error");
}

void readWorkers(const Field& field) {
    constexpr unsigned most = 256;
    if (!field.value.is_number_unsigned() || field.value.get<std::uint64_t>() > most)
        return field.wrong("a whole number from 0 to 256");
    field.settings.workers = field.value.get<unsigned>();
}

std::optional<std::chrono::microseconds> secondsOf(const JsonField& field) {
    constexpr double least = 1;
    constexpr double most = 3600;
    const double seconds = field.value.is_number() ? field.value.get<double>() : NAN;
    if (seconds >= least && seconds <= most)
        return std::chrono::microseconds(std::llround(seconds * 1e6));
    field.wrong("a number of seconds from 1 to 3600"); // a NaN, too
    return std::nullopt;
}

void readWorkerDeadline(const Field& field) {
    if (const auto deadline = secondsOf(field))
        field.settings.workerDeadline = *deadline;
}

void readPluginPath(const JsonField& field, std::vector<std::string>& path) {
    if (!field.value.is_array() || field.value.empty())
        return field.wrong("a list with a directory in it: [\"/usr/lib/cni\"]");
    std::vector<std::string> directories;
    for (std::size_t i = 0; i < field.value.size(); ++i) {
        const auto element = field.child(std::to_string(i), field.value[i]);
        const auto directory = element.text();
        if (directory && directory->starts_with('/') && directory->find(':') == std::string::npos)
            directories.push_back(*directory);
        else if (directory)
            element.wrong("an absolute path without ':'");
    }
    path = std::move(directories);
}

void readPlugins(const Field& field) {
    if (!field.value.is_object())
        return field.wrong("an object: { … }");
    auto& plugins = field.settings.plugins;
    for (const auto& [key, value] : field.value.items()) {
        const auto child = field.child(key, value);
        if (key == "path")
            readPluginPath(child, plugins.path);
        else if (key != "timeout")
            child.complain(Problem::Severity::Warning, "is no setting of nsd");
        else if (const auto timeout = secondsOf(child))
            plugins.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(*timeout);
    }
}

struct QuotaRow {
    std::string_view key;
    std::uint32_t QuotaLimits::*limit;
    std::uint32_t least;
};

constexpr std::array quotaRows{
    QuotaRow{"namespaces", &QuotaLimits::namespaces, 0},
    QuotaRow{"leases", &QuotaLimits::leases, 0},
    QuotaRow{"processes", &QuotaLimits::processes, 0},
    QuotaRow{"calls", &QuotaLimits::calls, 1}, // with none, nobody could even look
    QuotaRow{"rate", &QuotaLimits::rate, 1},
    QuotaRow{"burst", &QuotaLimits::burst, 1},
};

void readQuota(const std::string& key, const Field& field) {
    constexpr std::uint32_t most = 1'000'000;
    const auto* const row =
        std::find_if(quotaRows.begin(), quotaRows.end(), [&](const QuotaRow& r) { return r.key == key; });
    if (row == quotaRows.end())
        return field.complain(Problem::Severity::Warning, "is no setting of nsd");
    if (!field.value.is_number_unsigned() || field.value.get<std::uint64_t>() < row->least ||
        field.value.get<std::uint64_t>() > most)
        return field.wrong("a whole number from " + std::to_string(row->least) + " to 1000000");
    field.settings.quotas.*(row->limit) = field.value.get<std::uint32_t>();
}

void readQuotas(const Field& field) {
    if (!field.value.is_object())
        return field.wrong("an object: { … }");
    for (const auto& [key, value] : field.value.items())
        readQuota(key, {field.child(key, value), field.settings});
}

void readEtc(const Field& field) {
    auto files = field.texts();
    if (!files)
        return;
    try {
        checkEtcFiles(*files);
        field.settings.etc = *std::move(files);
    } catch (const Error& error) {
        field.complain(Problem::Severity::Error, error.text());
    }
}

struct Row {
    std::string_view key;
    void (*read)(const Field& field);
};

constexpr std::array rows{
    Row{"log-level", readLogLevel},
    Row{"workers", readWorkers},
    Row{"worker-deadline", readWorkerDeadline},
    Row{"quotas", readQuotas},
    Row{"etc", readEtc},
    Row{"cni", readPlugins},
};

void readKey(const std::string& key, const Json& value, SettingsReading& reading) {
    const auto pointer = pointerTo("", key);
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.key == key; });
    if (row == rows.end())
        reading.problems.push_back({Problem::Severity::Warning, pointer, "is no setting of nsd"});
    else
        row->read({{value, reading.problems, pointer}, reading.settings});
}

} // namespace

bool SettingsReading::hasErrors() const noexcept {
    return std::any_of(problems.begin(), problems.end(),
        [](const Problem& problem) { return problem.severity == Problem::Severity::Error; });
}

SettingsReading readSettings(std::string_view json) {
    SettingsReading reading;
    const auto document = parseDocument(json, reading.problems);
    if (document.is_discarded())
        return reading;
    if (!document.is_object()) {
        reading.problems.push_back({Problem::Severity::Error, "", "must be one object: { … }"});
        return reading;
    }
    for (const auto& [key, value] : document.items())
        readKey(key, value, reading);
    locate(json, reading.problems);
    return reading;
}

SettingsReading readSettingsFile(const std::string& path) {
    // O_NONBLOCK: somebody may have put a FIFO there.
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file && errno == ENOENT)
        return {};
    try {
        if (!file)
            throw Error(Errc::InvalidArgument, "cannot be read: " + errnoText(errno), errno);
        return readSettings(readTextFile(file));
    } catch (const Error& error) {
        return {{}, {{Problem::Severity::Error, "", error.text()}}};
    }
}

} // namespace nsd
