// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/top_screen.hpp"

#include "client/exec/signal_queue.hpp"
#include "client/exec/user_terminal.hpp"
#include "client/output/console.hpp"
#include "client/output/render.hpp"
#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <poll.h>
#include <unistd.h>

namespace nsd::client {
namespace {

using Clock = std::chrono::steady_clock;

// xterm's, which every terminal of today knows: the other screen, no cursor, long lines are cut.
constexpr auto enterScreen = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr auto leaveScreen = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr auto home = "\x1b[H";
constexpr auto endOfLine = "\x1b[K";
constexpr auto restOfScreen = "\x1b[J";

class Screen {
  public:
    Screen() {
        terminal_.takeOver();
        console_.print(enterScreen);
    }
    ~Screen() {
        try {
            console_.print(leaveScreen);
        } catch (const Error&) { // NOLINT(bugprone-empty-catch): it has been hung up
        }
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    void show(const std::string& headline, const std::vector<Record>& records) {
        constexpr unsigned short usualRows = 24;
        constexpr unsigned short usualColumns = 80;
        const auto size = terminal_.size();
        const unsigned rows = size.ws_row > 0 ? size.ws_row : usualRows;
        const unsigned columns = size.ws_col > 0 ? size.ws_col : usualColumns;
        std::string text = home;
        addLine(text, headline);
        const auto table = renderTable(records, {true, columns});
        std::size_t at = 0;
        for (unsigned row = 1; row < rows && at < table.size(); ++row) {
            const auto end = std::min(table.find('\n', at), table.size());
            text += "\r\n";
            addLine(text, table.substr(at, end - at));
            at = end + 1;
        }
        console_.print(text + restOfScreen);
    }

  private:
    static void addLine(std::string& text, const std::string& line) { text += line + endOfLine; }

    UserTerminal terminal_{STDIN_FILENO}; // gives it back last
    StandardConsole console_;
};

std::string clockText() {
    const auto now = std::time(nullptr);
    std::tm local{};
    std::array<char, 16> text{};
    if (::localtime_r(&now, &local) == nullptr ||
        std::strftime(text.data(), text.size(), "%H:%M:%S", &local) == 0)
        return "";
    return text.data();
}

// What a key sorts by: the first letter of the word, r for rx, t for tx.
std::string sortOf(char key) {
    for (const auto& word : usageKeys())
        if (word.front() == key)
            return word;
    return {};
}

class Top {
  public:
    Top(Client& client, Usages& usages, TopRequest request)
        : client_(client), usages_(usages), request_(std::move(request)) {}

    int run() {
        auto next = Clock::now();
        while (!status_) {
            if (Clock::now() >= next) {
                sample();
                next = Clock::now() + request_.pause;
                if (request_.count && ++taken_ >= *request_.count)
                    return 0;
            }
            wait(next);
        }
        return *status_;
    }

  private:
    void sample() {
        try {
            current_ = usages_.take(client_);
            trouble_.clear();
        } catch (const Unanswered&) {
            trouble_ = " - nsd is away";
        }
        draw();
    }

    void draw() {
        sortUsages(current_, request_.sort);
        std::uint64_t processes = 0;
        for (const auto& usage : current_)
            processes += usage.row.processes.value_or(0);
        screen_.show("nsctl top - " + clockText() + " - " + std::to_string(current_.size()) +
                         " namespaces, " + std::to_string(processes) + " processes - by " + request_.sort +
                         " (n p s r t m), q: quit" + trouble_,
            usageRecords(current_));
    }

    void wait(Clock::time_point until) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        std::array<pollfd, 2> fds{{{STDIN_FILENO, POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
        constexpr std::int64_t longest = 3'600'000;
        if (::poll(fds.data(), fds.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, longest))) <
                0 &&
            errno != EINTR)
            throw kernelError("poll", "", errno);
        if (fds[1].revents != 0)
            onSignals();
        if (fds[0].revents != 0)
            onKeys();
    }

    void onSignals() {
        while (const auto signal = signals_.next()) {
            const auto number = static_cast<int>(signal->ssi_signo);
            if (number == SIGWINCH || number == SIGCONT)
                draw();
            else if (number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT)
                status_ = 128 + number;
        }
    }

    void onKeys() {
        constexpr char controlC = 3;
        std::array<char, 64> keys{};
        const auto count = ::read(STDIN_FILENO, keys.data(), keys.size());
        if (count <= 0)
            status_ = 0; // hung up
        for (ssize_t i = 0; i < count; ++i) {
            const char key = keys.at(static_cast<std::size_t>(i));
            if (key == 'q' || key == controlC)
                status_ = 0;
            else if (auto word = sortOf(key); !word.empty())
                request_.sort = std::move(word);
        }
        if (!status_)
            draw();
    }

    Client& client_;
    Usages& usages_;
    TopRequest request_;
    SignalQueue signals_; // before the screen: it must be given back whatever comes
    Screen screen_;
    std::vector<Usage> current_;
    std::string trouble_;
    std::uint32_t taken_ = 0;
    std::optional<int> status_;
};

} // namespace

int showTop(Client& client, Usages& usages, TopRequest request) {
    return Top(client, usages, std::move(request)).run();
}

} // namespace nsd::client
