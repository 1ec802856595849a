// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/remote/several_hosts.hpp"

#include "client/cli/arguments.hpp"
#include "client/enter/opened_namespaces.hpp"
#include "client/helper_program.hpp"
#include "client/output/model.hpp"
#include "client/read_all.hpp"
#include "client/remote/ssh.hpp"
#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

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
    RemoteRun(std::string host, std::vector<std::string> line, const UniqueFd& nothing)
        : host_(std::move(host)),
          out_(makeOutput()),
          err_(makeOutput()),
          ssh_({.line = std::move(line), .in = nothing.get(), .out = out_.get(), .err = err_.get()}) {}

    [[nodiscard]] const std::string& host() const noexcept { return host_; }
    [[nodiscard]] int wait() { return ssh_.wait(); }
    [[nodiscard]] std::string out() const { return contentOf(out_); }
    [[nodiscard]] std::string err() const { return contentOf(err_); }

  private:
    std::string host_;
    UniqueFd out_;
    UniqueFd err_;
    HelperProgram ssh_;
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
    const auto rows = answer.is_array() ? answer : Json::array({answer});
    if (!std::all_of(rows.begin(), rows.end(), [](const Json& row) { return row.is_object(); }))
        throw Error(Errc::KernelError, "its answer is not nsctl's");
    for (const auto& row : rows)
        records.push_back(recordOf(run.host(), row, columns));
}

void printLines(VerbContext& context, const RemoteRun& run) {
    std::istringstream text(run.out());
    for (std::string line; std::getline(text, line);)
        context.print(run.host() + ": " + line);
}

// All lines before the first run: a host that cannot be meant is told before anything is done on another.
std::list<RemoteRun> startAll(const std::vector<std::string>& hosts, const std::vector<std::string>& words) {
    std::vector<std::vector<std::string>> lines;
    lines.reserve(hosts.size());
    for (const auto& host : hosts)
        lines.push_back(sshLine(host, false, words));
    const auto nothing = openFile("/dev/null");
    std::list<RemoteRun> runs;
    for (std::size_t i = 0; i < hosts.size(); ++i)
        runs.emplace_back(hosts[i], std::move(lines[i]), nothing);
    return runs;
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
    const std::span<const Column> columns =
        request.verb == "list" ? std::span<const Column>(listColumns) : statusColumns;

    int worst = exitSuccess;
    std::vector<Record> records;
    for (auto& run : startAll(request.hosts, words)) {
        int status = run.wait();
        complainFor(context, run.host(), run.err());
        try {
            if (!shows)
                printLines(context, run);
            else if (status == exitSuccess)
                addRecords(records, run, columns);
        } catch (const Error& error) {
            context.complain(run.host(), error.text());
            status = exitFailure;
        }
        worst = worst == exitSuccess ? status : worst;
    }
    if (shows)
        context.showTable(records);
    return worst;
}

} // namespace nsd::client
