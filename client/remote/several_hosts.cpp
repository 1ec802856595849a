// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/remote/several_hosts.hpp"

#include "client/cli/arguments.hpp"
#include "client/output/model.hpp"
#include "client/read_all.hpp"
#include "client/remote/ssh.hpp"
#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <spawn.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX has it in no header

namespace nsd::client {
namespace {

using Json = nlohmann::json;

// One column of the table: its key in nsctl's JSON, and what stands above it.
struct Column {
    const char* key;
    const char* heading;
};
constexpr std::array listColumns{Column{"name", "Name"}, Column{"types", "Types"}, Column{"owner", "Owner"},
    Column{"state", "State"}, Column{"created", "Created"}, Column{"labels", "Labels"}};
constexpr std::array statusColumns{Column{"version", "Version"}, Column{"namespaces", "Namespaces"},
    Column{"types", "Types"}, Column{"bus", "Bus"}};

UniqueFd makeOutput() {
    UniqueFd file(::memfd_create("nsctl-output", MFD_CLOEXEC));
    if (!file)
        throw kernelError("make", "a file in memory", errno);
    return file;
}

std::string contentOf(const UniqueFd& file) {
    if (::lseek(file.get(), 0, SEEK_SET) < 0)
        throw kernelError("read", "a file in memory", errno);
    return readAll(file.get(), "the answer of a host");
}

// nsctl on one host, under way. What it says goes to files in memory: no host waits for another's reader.
class RemoteRun {
  public:
    RemoteRun(std::string host, const std::vector<std::string>& words)
        : host_(std::move(host)), out_(makeOutput()), err_(makeOutput()) {
        auto line = sshLine(host_, false, words);
        std::vector<char*> argv;
        for (auto& word : line)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions{};
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, out_.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, err_.get(), STDERR_FILENO);
        const int problem = ::posix_spawnp(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (problem != 0)
            throw kernelError("run", line.front(), problem);
    }

    [[nodiscard]] const std::string& host() const noexcept { return host_; }
    // Exit status; 128+N for a signal.
    [[nodiscard]] int wait() const {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0)
            if (errno != EINTR)
                throw kernelError("wait for", "ssh", errno);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] std::string out() const { return contentOf(out_); }
    [[nodiscard]] std::string err() const { return contentOf(err_); }

  private:
    std::string host_;
    UniqueFd out_;
    UniqueFd err_;
    pid_t pid_ = 0;
};

Value valueOf(const Json& json) {
    if (json.is_number_unsigned())
        return json.get<std::uint64_t>();
    if (json.is_array()) {
        std::vector<std::string> words;
        for (const auto& word : json)
            words.push_back(word.is_string() ? word.get<std::string>() : word.dump());
        return words;
    }
    if (json.is_object()) {
        std::map<std::string, std::string> entries;
        for (const auto& [key, value] : json.items())
            entries.emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
        return entries;
    }
    return json.is_string() ? json.get<std::string>() : json.dump();
}

// Its host first, then the columns, then what else that nsctl said, for programs.
Record recordOf(const std::string& host, const Json& row, std::span<const Column> columns) {
    Record record{{{"host", "Host", host}}};
    for (const auto& column : columns) {
        if (!row.contains(column.key))
            continue;
        auto value = valueOf(row.at(column.key));
        const auto* time =
            std::string_view(column.key) == "created" ? std::get_if<std::uint64_t>(&value) : nullptr;
        auto text = time != nullptr ? timeText(*time) : std::string();
        record.fields.push_back({column.key, column.heading, std::move(value), std::move(text)});
    }
    for (const auto& [key, value] : row.items()) {
        const auto isColumn = [&, k = std::string_view(key)](
                                  const Column& column) { return column.key == k; };
        if (std::none_of(columns.begin(), columns.end(), isColumn))
            record.fields.push_back({key, "", valueOf(value)});
    }
    return record;
}

void complainFor(VerbContext& context, const std::string& host, const std::string& lines) {
    std::istringstream text(lines);
    for (std::string line; std::getline(text, line);)
        context.complain(host, line.rfind("nsctl: ", 0) == 0 ? line.substr(7) : line);
}

void addRecords(std::vector<Record>& records, const RemoteRun& run, std::span<const Column> columns) {
    const auto answer = Json::parse(run.out(), nullptr, false);
    if (answer.is_discarded())
        throw Error(Errc::KernelError, "its answer is not nsctl's");
    if (answer.is_object())
        records.push_back(recordOf(run.host(), answer, columns));
    else
        for (const auto& row : answer)
            records.push_back(recordOf(run.host(), row, columns));
}

} // namespace

int runOnHosts(VerbContext& context, const RemoteRequest& request) {
    const bool shows = request.verb == "list" || request.verb == "status";
    if (!shows && request.verb != "create" && request.verb != "destroy")
        throw UsageError("with several hosts there are list, status, create and destroy");
    auto words = request.options;
    if (shows)
        words.emplace_back("--json=short");
    words.insert(words.end(), request.line.begin(), request.line.end());

    std::vector<RemoteRun> runs;
    runs.reserve(request.hosts.size());
    for (const auto& host : request.hosts)
        runs.emplace_back(host, words);
    int worst = exitSuccess;
    std::vector<Record> records;
    for (const auto& run : runs) {
        const int status = run.wait();
        worst = worst == exitSuccess ? status : worst;
        complainFor(context, run.host(), run.err());
        if (status == exitSuccess && shows) {
            addRecords(
                records, run, request.verb == "list" ? std::span<const Column>(listColumns) : statusColumns);
        } else if (!shows) {
            std::istringstream text(run.out());
            for (std::string line; std::getline(text, line);)
                context.print(run.host() + ": " + line);
        }
    }
    if (shows)
        context.showTable(records);
    return worst;
}

} // namespace nsd::client
