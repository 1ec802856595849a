// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/logging.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "systemd/journal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace nsd {
namespace {

struct Row {
    Log::Level level;
    spdlog::level::level_enum theirs;
    std::size_t priority; // syslog(3)'s
    std::string_view prefix;
};

constexpr std::array rows{
    Row{Log::Level::Debug, spdlog::level::debug, 7, "nsd: debug: "},
    Row{Log::Level::Info, spdlog::level::info, 6, "nsd: "},
    Row{Log::Level::Warning, spdlog::level::warn, 4, "nsd: warning: "},
    Row{Log::Level::Error, spdlog::level::err, 3, "nsd: error: "},
};

// By their priority.
constexpr std::array<std::string_view, 8> levelWords{
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};

enum class Target { Auto, Console, Journal };
constexpr std::array<std::string_view, 3> targetWords{"auto", "console", "journal"};

const Row& rowOf(Log::Level level) noexcept {
    for (const auto& row : rows)
        if (row.level == level)
            return row;
    return rows.back();
}

// The level that a record has as a line: a notice is an information.
Log::Level levelOf(int priority) noexcept {
    auto level = Log::Level::Debug;
    for (const auto& row : rows)
        if (row.priority >= static_cast<std::size_t>(priority))
            level = row.level;
    return level;
}

template <class Words>
std::size_t indexOf(const Words& words, std::string_view word, const char* what) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end())
        return static_cast<std::size_t>(found - words.begin());
    std::string known;
    for (const auto other : words)
        known += (known.empty() ? "" : ", ") + std::string(other);
    throw Error(Errc::InvalidArgument, quoted(word) + " is no " + what + " of nsd; there are " + known);
}

} // namespace

class Logging::Impl {
  public:
    Impl() : logger("nsd", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
        logger.set_pattern("%v");
        logger.set_level(spdlog::level::debug); // `threshold` decides
    }
    // False: there is no journal that takes it. Where one hangs and takes nothing more, neither does the
    // stream of stderr, which leads to it, and would be waited for: then it is counted.
    bool send(std::size_t priority, std::string_view text, std::vector<std::string> fields) {
        fields.emplace_back("MESSAGE=" + std::string(text));
        fields.emplace_back("PRIORITY=" + std::to_string(priority));
        fields.emplace_back("SYSLOG_IDENTIFIER=nsd");
        const auto sent = journal::send(fields);
        if (sent == journal::Sent::Full)
            ++lost;
        else if (const auto before = std::exchange(lost, 0); before != 0)
            writeLine(rowOf(Level::Warning),
                std::to_string(before) +
                    " entries before this one are not there: the journal took nothing more");
        return sent != journal::Sent::No;
    }
    void writeLine(const Row& row, std::string_view text) {
        if (toJournal)
            logger.log(row.theirs, "<{}>{}", row.priority, text);
        else
            logger.log(row.theirs, "{}{}", row.prefix, text);
    }

    spdlog::logger logger;
    const bool toJournal = journal::isStream(STDERR_FILENO);
    std::size_t threshold = rowOf(Level::Info).priority;
    Target target = Target::Auto;
    std::uint64_t lost = 0; // since the journal took one
};

Logging::Logging() : impl_(std::make_unique<Impl>()) {}

Logging::~Logging() = default;

void Logging::setLevel(Level level) noexcept {
    impl_->threshold = rowOf(level).priority;
}

void Logging::write(Level level, std::string_view text) noexcept {
    const auto& row = rowOf(level);
    if (row.priority > impl_->threshold)
        return;
    try {
        if (impl_->target != Target::Journal || !impl_->send(row.priority, text, {}))
            impl_->writeLine(row, text);
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): out of memory, and nowhere to say so
    }
}

void Logging::record(const Record& record) noexcept {
    try {
        auto fields = record.fields;
        fields.emplace_back(std::string("MESSAGE_ID=") + record.messageId);
        const bool journal =
            impl_->target == Target::Journal || (impl_->target == Target::Auto && impl_->toJournal);
        if (journal && impl_->send(static_cast<std::size_t>(record.priority), record.text, std::move(fields)))
            return;
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): out of memory: the line needs less
    }
    write(levelOf(record.priority), record.text);
}

std::string_view Logging::logLevel() const noexcept {
    return levelWords[impl_->threshold]; // NOLINT: set from this table and from rows alone
}

std::string_view Logging::logTarget() const noexcept {
    return targetWords[static_cast<std::size_t>(impl_->target)]; // NOLINT: in the order of the enumeration
}

void Logging::setLogLevel(std::string_view word) {
    impl_->threshold = indexOf(levelWords, word, "log level");
}

void Logging::setLogTarget(std::string_view word) {
    impl_->target = static_cast<Target>(indexOf(targetWords, word, "log target"));
}

} // namespace nsd
