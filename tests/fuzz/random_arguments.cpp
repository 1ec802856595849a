// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/random_arguments.hpp"

#include "common/namespace_type.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

namespace nsd::test {
namespace {

constexpr std::size_t maxLearnt = 16;
constexpr unsigned maxDepth = 4;

const std::vector<std::string> names{
    "fuzz0", "fuzz1", "fuzz2", "fuzz3", "fuzz4", "fuzz5", "fuzz-" + std::string(58, 'x')};
const std::vector<std::string> types{
    "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts", "uts", "ipc"};
const std::vector<std::string> rights{
    "view", "hold", "socket", "enter", "fds", "manage", "link", "grant", "all", ""};
const std::vector<std::string> programs{"true", "false", "/bin/true", "/nonexistent", "echo", ""};
const std::vector<std::string> oddStrings{"", ".", "..", "../fuzz0", "/", "fuzz0/net", ".stage", "\n",
    "fuzz0 ",
    "a\x01"
    "b",
    "\xf0\x9f\x92\xa5", "%s%n", "-1", "0", "fuzz0\"", "{}", "fuzz0;", "--help"};

struct Option {
    const char* key;
    const char* signature;
};
// Of all methods, since a method has to refuse those of another.
constexpr Option options[] = {{"owner", "u"}, {"labels", "a{ss}"}, {"hostname", "s"}, {"domainname", "s"},
    {"sysctls", "a{ss}"}, {"uid-map", "a(uuu)"}, {"gid-map", "a(uuu)"}, {"map-root", "b"}, {"rootless", "b"},
    {"monotonic-offset", "x"}, {"boottime-offset", "x"}, {"lease", "b"}, {"ttl", "t"}, {"persistent", "b"},
    {"cni", "s"}, {"request-id", "s"}, {"links", "aa{sv}"}, {"cni", "s"}, {"etc", "h"}, {"publish", "b"},
    {"unit", "b"}, {"force", "b"}, {"timeout", "t"}, {"after", "s"}, {"limit", "u"}, {"label", "a{ss}"},
    {"with", "as"}, {"env", "as"}, {"cwd", "s"}, {"stdin", "h"}, {"stdout", "h"}, {"stderr", "h"},
    {"tty", "b"}, {"types", "as"}, {"tied", "b"}, {"uid", "u"}, {"name", "s"}};

void check(int result) {
    if (result < 0)
        throw std::runtime_error(std::string("sd-bus: ") + std::strerror(-result));
}

// The first complete type of a signature.
std::string_view firstType(std::string_view signature) {
    std::size_t end = 0;
    while (signature.at(end) == 'a')
        ++end;
    int open = 0;
    do {
        const char at = signature.at(end++);
        open += at == '(' || at == '{' ? 1 : at == ')' || at == '}' ? -1 : 0;
    } while (open > 0);
    return signature.substr(0, end);
}

} // namespace

RandomArguments::RandomArguments(Random& random, std::vector<UniqueFd> descriptors)
    : random_(random), descriptors_(std::move(descriptors)), fixed_(descriptors_.size()) {}

const std::vector<std::string>& RandomArguments::namespaceNames() {
    return names;
}

void RandomArguments::learn(UniqueFd descriptor) {
    if (descriptors_.size() < fixed_ + maxLearnt)
        descriptors_.push_back(std::move(descriptor));
    else
        descriptors_[fixed_ + random_.below(maxLearnt)] = std::move(descriptor);
}

void RandomArguments::append(sd_bus_message* message, const LiveMethod& method) {
    if (random_.chance(3)) { // the bus takes any signature, the daemon must not
        appendAny(message, anySignature());
        return;
    }
    for (const auto& argument : method.arguments) {
        if (random_.chance(1))
            continue;
        if (random_.chance(10) || !appendMeant(message, argument.name, argument.signature))
            appendAny(message, argument.signature);
    }
}

bool RandomArguments::appendMeant(
    sd_bus_message* message, std::string_view name, std::string_view signature) {
    const auto text = [&](const std::string& value) {
        check(sd_bus_message_append_basic(message, 's', value.c_str()));
        return true;
    };
    if (signature == "a{sv}") {
        appendOptions(message);
        return true;
    }
    if (signature == "s" && (name == "name" || name == "old" || name == "new"))
        return text(random_.oneOf(names));
    if (signature == "s" && name == "kind")
        return text(random_.chance(50) ? "user" : "group");
    if (signature == "as" && (name == "types" || name == "rights" || name == "argv")) {
        appendWords(message, name == "types" ? types : name == "rights" ? rights : programs);
        return true;
    }
    if (signature == "t" && name == "timeout") { // the fuzzer would wait for it
        const std::uint64_t most = random_.below(50'000);
        check(sd_bus_message_append_basic(message, 't', &most));
        return true;
    }
    if (signature == "a{sh}") {
        check(sd_bus_message_open_container(message, 'a', "{sh}"));
        for (std::size_t i = random_.below(3); i > 0; --i) {
            check(sd_bus_message_open_container(message, 'e', "sh"));
            text(random_.oneOf(types));
            appendBasic(message, 'h');
            check(sd_bus_message_close_container(message));
        }
        check(sd_bus_message_close_container(message));
        return true;
    }
    if (signature == "i") { // families, types, protocols of sockets
        const auto small = static_cast<std::int32_t>(random_.below(20));
        check(sd_bus_message_append_basic(message, 'i', &small));
        return true;
    }
    return false;
}

void RandomArguments::appendOptions(sd_bus_message* message) {
    check(sd_bus_message_open_container(message, 'a', "{sv}"));
    for (std::size_t i = random_.chance(50) ? 0 : random_.below(4); i > 0; --i) {
        const auto& option = random_.oneOf(options);
        const auto key = random_.chance(5) ? anyString() : option.key;
        const auto signature = random_.chance(5) ? anySignature() : option.signature;
        check(sd_bus_message_open_container(message, 'e', "sv"));
        check(sd_bus_message_append_basic(message, 's', key.c_str()));
        check(sd_bus_message_open_container(message, 'v', signature.c_str()));
        if (!appendMeant(message, key, signature))
            appendAny(message, signature);
        check(sd_bus_message_close_container(message));
        check(sd_bus_message_close_container(message));
    }
    check(sd_bus_message_close_container(message));
}

void RandomArguments::appendWords(sd_bus_message* message, const std::vector<std::string>& words) {
    check(sd_bus_message_open_container(message, 'a', "s"));
    for (std::size_t i = random_.below(4); i > 0; --i)
        check(sd_bus_message_append_basic(message, 's', random_.oneOf(words).c_str()));
    check(sd_bus_message_close_container(message));
}

void RandomArguments::appendAny(sd_bus_message* message, std::string_view signature) {
    ++depth_;
    while (!signature.empty()) {
        const auto type = firstType(signature);
        signature.remove_prefix(type.size());
        if (type.front() == 'a') {
            const std::string element(type.substr(1));
            check(sd_bus_message_open_container(message, 'a', element.c_str()));
            const bool hasFds = element.find('h') != std::string::npos;
            for (std::size_t i = random_.below(hasFds ? 3 : random_.chance(2) ? 200 : 4); i > 0; --i)
                appendAny(message, element);
            check(sd_bus_message_close_container(message));
        } else if (type.front() == '(' || type.front() == '{') {
            const std::string inner(type.substr(1, type.size() - 2));
            check(sd_bus_message_open_container(message, type.front() == '(' ? 'r' : 'e', inner.c_str()));
            appendAny(message, inner);
            check(sd_bus_message_close_container(message));
        } else if (type.front() == 'v') {
            const auto inner = depth_ > maxDepth ? std::string("u") : anySignature();
            check(sd_bus_message_open_container(message, 'v', inner.c_str()));
            appendAny(message, inner);
            check(sd_bus_message_close_container(message));
        } else {
            appendBasic(message, type.front());
        }
    }
    --depth_;
}

void RandomArguments::appendBasic(sd_bus_message* message, char type) {
    if (type == 's') {
        check(sd_bus_message_append_basic(message, type, anyString().c_str()));
    } else if (type == 'o') {
        const auto& path = random_.chance(50) ? "/org/nsd1" : "/org/nsd1/namespace/0";
        check(sd_bus_message_append_basic(message, type, path));
    } else if (type == 'g') {
        check(sd_bus_message_append_basic(message, type, anySignature().c_str()));
    } else if (type == 'h') {
        const int fd = random_.oneOf(descriptors_).get();
        check(sd_bus_message_append_basic(message, type, &fd));
    } else if (type == 'b') {
        const int truth = random_.chance(50) ? 1 : 0;
        check(sd_bus_message_append_basic(message, type, &truth));
    } else { // a number; little-endian machines read as many bytes of it as the type has
        const auto number = anyNumber();
        check(sd_bus_message_append_basic(message, type, &number));
    }
}

// Never the name of a namespace but one of ours.
std::string RandomArguments::anyString() {
    if (random_.chance(30))
        return random_.oneOf(names);
    if (random_.chance(50))
        return random_.oneOf(oddStrings);
    std::string text = "!";
    const auto length = random_.below(random_.chance(2) ? 70'000 : 80);
    while (text.size() < length)
        text += static_cast<char>(1 + random_.below(126));
    return text;
}

std::string RandomArguments::anySignature() {
    static const std::vector<std::string> signatures{"s", "u", "t", "x", "b", "y", "d", "h", "v", "as", "au",
        "ay", "a{ss}", "a{sv}", "a(uuu)", "aa{sv}", "(suas)", "a{sh}", "ah", "aaas", "(((s)))", "av", "g",
        "o", "i"};
    return random_.oneOf(signatures);
}

std::uint64_t RandomArguments::anyNumber() {
    static const std::vector<std::uint64_t> edges{0, 1, 2, 255, 500, 501, 65534, 65535, 65536, 100'000,
        2'147'483'647, 2'147'483'648, 4'000'000'000, 4'294'967'294, 4'294'967'295,
        std::numeric_limits<std::int64_t>::max(), std::uint64_t{1} << 63,
        std::numeric_limits<std::uint64_t>::max()};
    return random_.chance(70) ? random_.oneOf(edges) : random_.any();
}

} // namespace nsd::test
