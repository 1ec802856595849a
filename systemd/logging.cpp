// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/logging.hpp"

#include "systemd/journal.hpp"

#include <array>
#include <unistd.h>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace nsd {
namespace {

struct Row {
    Log::Level level;
    spdlog::level::level_enum theirs;
    std::string_view journalPrefix; // syslog(3)'s numbers
    std::string_view prefix;
};

constexpr std::array rows{
    Row{Log::Level::Debug, spdlog::level::debug, "<7>", "nsd: debug: "},
    Row{Log::Level::Info, spdlog::level::info, "<6>", "nsd: "},
    Row{Log::Level::Warning, spdlog::level::warn, "<4>", "nsd: warning: "},
    Row{Log::Level::Error, spdlog::level::err, "<3>", "nsd: error: "},
};

const Row& rowOf(Log::Level level) noexcept {
    for (const auto& row : rows)
        if (row.level == level)
            return row;
    return rows.back();
}

} // namespace

class Logging::Impl {
  public:
    Impl() : logger("nsd", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
        logger.set_pattern("%v");
        logger.set_level(spdlog::level::info);
    }
    spdlog::logger logger;
    bool toJournal = journal::isStream(STDERR_FILENO);
};

Logging::Logging() : impl_(std::make_unique<Impl>()) {}

Logging::~Logging() = default;

void Logging::setLevel(Level level) noexcept {
    impl_->logger.set_level(rowOf(level).theirs);
}

void Logging::write(Level level, std::string_view text) noexcept {
    const auto& row = rowOf(level);
    impl_->logger.log(row.theirs, "{}{}", impl_->toJournal ? row.journalPrefix : row.prefix, text);
}

} // namespace nsd
