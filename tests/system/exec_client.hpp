// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include <systemd/sd-bus.h>

namespace nsd::test {

// A user of Exec on a connection of its own, which lives as long as this. Calls throw std::runtime_error
// with the name and the text of the D-Bus error.
class ExecClient {
  public:
    struct Options {
        std::map<std::string, int> stdio; // "stdout" → descriptor
        std::vector<std::string> types;
        bool tied = false;
    };
    struct Started {
        std::string path;
        UniqueFd pidfd;
    };

    // `user`: as whom the bus sees it.
    explicit ExecClient(const std::string& address, std::optional<uid_t> user = std::nullopt);
    ~ExecClient();
    ExecClient(const ExecClient&) = delete;
    ExecClient& operator=(const ExecClient&) = delete;

    [[nodiscard]] Started exec(
        const std::string& name, const std::vector<std::string>& argv, const Options& options);
    // The same without an answer: it is on its way when this returns.
    void sendExec(const std::string& name, const std::vector<std::string>& argv, const Options& options);
    [[nodiscard]] std::pair<int, int> wait(const std::string& path);
    void kill(const std::string& path, int signal);
    [[nodiscard]] std::string state(const std::string& path);
    [[nodiscard]] std::size_t countProcesses();

  private:
    struct Unref {
        void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
    };
    using Message = std::unique_ptr<sd_bus_message, Unref>;
    [[nodiscard]] Message newCall(const std::string& path, const char* interface, const char* member);
    [[nodiscard]] Message newExec(
        const std::string& name, const std::vector<std::string>& argv, const Options& options);
    Message send(const Message& call);

    sd_bus* bus_ = nullptr;
};

} // namespace nsd::test
