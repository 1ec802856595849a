// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/process_state.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <charconv>

namespace nsd {
namespace {

constexpr std::string_view beginWord = "begin";
constexpr std::string_view runningWord = "running";
constexpr std::string_view endWord = "end";
constexpr std::string_view noTie = "-";

[[noreturn]] void complain(std::string_view line) {
    throw Error(Errc::InvalidArgument, "the line " + quoted(line) + " is none of a process's file");
}

// The words of one line, from left to right; none may be left over or missing.
class Words {
  public:
    explicit Words(std::string_view line) : line_(line), rest_(line) {}

    std::string_view take() {
        if (rest_.empty())
            complain(line_);
        const auto word = rest_.substr(0, rest_.find(' '));
        rest_.remove_prefix(std::min(word.size() + 1, rest_.size()));
        return word;
    }
    template <class Integer>
    Integer number() {
        const auto word = take();
        Integer value = 0;
        const auto* const end = word.data() + word.size();
        const auto [stop, problem] = std::from_chars(word.data(), end, value);
        if (problem != std::errc() || stop != end)
            complain(line_);
        return value;
    }
    KnownProcess process() {
        const auto pid = number<pid_t>();
        if (pid <= 0)
            complain(line_);
        return {pid, number<std::uint64_t>()};
    }
    void finish() const {
        if (!rest_.empty())
            complain(line_);
    }

  private:
    std::string_view line_;
    std::string_view rest_;
};

ProcessState::Begin toBegin(Words& words, std::string_view line) {
    const auto uuid = Uuid::parse(words.take());
    if (!uuid)
        complain(line);
    ProcessState::Begin begin{*uuid};
    if (const auto busName = words.take(); busName != noTie)
        begin.tie = ClientTie{std::string(busName), std::string(words.take())};
    return begin;
}

ProcessEnd toEnd(Words& words) {
    const auto code = words.number<int>();
    const auto status = words.number<int>();
    return {code, status, std::chrono::microseconds(words.number<std::int64_t>())};
}

std::string toText(const KnownProcess& process) {
    return ' ' + std::to_string(process.pid) + ' ' + std::to_string(process.startTime);
}

} // namespace

std::string toLine(const ProcessState::Begin& begin) {
    auto line = std::string(beginWord) + ' ' + begin.namespaceUuid.str();
    line += begin.tie ? ' ' + begin.tie->busName + ' ' + begin.tie->busId : ' ' + std::string(noTie);
    return line + '\n';
}

std::string toLine(const ProcessState::Running& running) {
    return std::string(runningWord) + toText(running.command) + toText(running.supervisor) + ' ' +
           std::to_string(running.uid) + '\n';
}

std::string toLine(const ProcessEnd& end) {
    return std::string(endWord) + ' ' + std::to_string(end.code) + ' ' + std::to_string(end.status) + ' ' +
           std::to_string(end.at.count()) + '\n';
}

ProcessState parseProcessState(std::string_view text) {
    std::optional<ProcessState> state;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        Words words(line);
        const auto kind = words.take();
        if (kind == beginWord && !state)
            state = ProcessState{toBegin(words, line)};
        else if (kind == runningWord && state && !state->running)
            state->running = ProcessState::Running{words.process(), words.process(), words.number<uid_t>()};
        else if (kind == endWord && state && state->running && !state->end)
            state->end = toEnd(words);
        else
            complain(line);
        words.finish();
    }
    if (!state)
        complain(text);
    return *state;
}

} // namespace nsd
