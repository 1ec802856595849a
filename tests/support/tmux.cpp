// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/tmux.hpp"

#include <utility>

namespace nsd::test {

Tmux::Tmux(const Environment& environment, unsigned columns, unsigned rows) : environment_(environment) {
    environment_["TERM"] = "xterm";
    environment_["TMUX"] = std::nullopt;
    environment_["PS1"] = std::string(prompt) + " ";
    environment_["ENV"] = std::nullopt;
    environment_["SHELL"] = "/bin/sh";
    tmux({"-f", "/dev/null", "new-session", "-d", "-x", std::to_string(columns), "-y", std::to_string(rows),
        "/bin/sh"});
}

Tmux::~Tmux() {
    static_cast<void>(run({"tmux", "-S", directory_ / "socket", "kill-server"}));
}

std::string Tmux::tmux(Arguments arguments) const {
    Arguments line{"tmux", "-S", directory_ / "socket"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    CommandOptions options;
    options.environment = environment_;
    return mustRun(line, options);
}

void Tmux::type(const std::string& text) {
    tmux({"send-keys", "-l", text});
}

void Tmux::press(const std::string& key) {
    tmux({"send-keys", key});
}

void Tmux::enter(const std::string& line) {
    type(line);
    press("Enter");
}

void Tmux::resize(unsigned columns, unsigned rows) {
    tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

std::string Tmux::screen() {
    return tmux({"capture-pane", "-p"});
}

bool Tmux::shows(const std::string& text) {
    return eventually([&] { return screen().find(text) != std::string::npos; });
}

bool Tmux::loses(const std::string& text) {
    return eventually([&] { return screen().find(text) == std::string::npos; });
}

bool Tmux::isRestored() {
    enter("stty -a | tr -d ';' | tr ' ' '\\n' | grep -cxE 'echo|icanon|isig|opost' | sed 's/^/modes: /'");
    return shows("modes: 4");
}

} // namespace nsd::test
