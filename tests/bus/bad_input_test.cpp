// SPDX-License-Identifier: LGPL-2.1-or-later
// Everything that a client can get wrong: a named error whose text shows the value, and a daemon that
// has made nothing, keeps nothing open and goes on.
#include "tests/bus/bus_fixture.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using Fill = BusClient::Fill;

struct Bad {
    const char* what;
    const char* method;
    Fill fill;
    const char* error; // below org.nsd1.Error.
    const char* shown; // in its text
};

template <class... Args>
Fill args(const char* signature, Args... values) {
    return BusClient::filled(signature, values...);
}

// Create("new", all types, {one option}).
Fill create(const Fill& option) {
    return [=](sd_bus_message* message) {
        sd_bus_message_append(message, "s", "new");
        strings(toWords(NamespaceTypes::all()))(message);
        sd_bus_message_open_container(message, 'a', "{sv}");
        option(message);
        sd_bus_message_close_container(message);
    };
}
template <class... Args>
Fill option(const char* key, const char* signature, Args... values) {
    return create(
        [=](sd_bus_message* message) { sd_bus_message_append(message, "{sv}", key, signature, values...); });
}
// The same without some types.
template <class... Args>
Fill optionFor(const char* type, const char* key, const char* signature, Args... values) {
    return [=](sd_bus_message* message) {
        sd_bus_message_append(message, "sasa{sv}", "new", 1, type, 1, key, signature, values...);
    };
}

// An option whose value is an array of `count` entries.
Fill longOption(
    const char* key, const char* element, int count, std::function<void(sd_bus_message*, int)> entry) {
    return create([=](sd_bus_message* message) {
        const std::string array = std::string("a") + element;
        sd_bus_message_open_container(message, 'e', "sv");
        sd_bus_message_append(message, "s", key);
        sd_bus_message_open_container(message, 'v', array.c_str());
        sd_bus_message_open_container(message, 'a', element);
        for (int i = 0; i < count; ++i)
            entry(message, i);
        sd_bus_message_close_container(message);
        sd_bus_message_close_container(message);
        sd_bus_message_close_container(message);
    });
}
void mapLine(sd_bus_message* message, int i) {
    const auto id = static_cast<std::uint32_t>(i) * 2;
    sd_bus_message_append(message, "(uuu)", id, id, 1U);
}
void label(sd_bus_message* message, int i) {
    sd_bus_message_append(message, "{ss}", ("k" + std::to_string(i)).c_str(), "v");
}
Fill longLabels(const char* name, int count) {
    return [=](sd_bus_message* message) {
        sd_bus_message_append(message, "s", name);
        sd_bus_message_open_container(message, 'a', "{ss}");
        for (int i = 0; i < count; ++i)
            label(message, i);
        sd_bus_message_close_container(message);
    };
}

// The rows keep the pointers.
const std::string long64(64, 'x');
const std::string long65(65, 'x');
const std::string long257(257, 'x');
const std::string huge(1'000'000, 'x');
const std::string lan = R"({"cniVersion": "1.0.0", "name": "lan", "plugins": [{"type": "bridge"}]})";
const std::string shell =
    "{\"cniVersion\": \"1.0.0\", \"name\": \"lan\",\n\"plugins\": [{\"type\": \"../../bin/sh\"}]}";
const std::string deep = std::string(30'000, '[') + std::string(30'000, ']');
constexpr std::int64_t minute = 60'000'000'000; // ns

const std::vector<Bad> names{
    {"empty", "Create", args("sasa{sv}", "", 1, "net", 0), "InvalidName", "\"\""},
    {"dots", "Create", args("sasa{sv}", "a..b", 1, "net", 0), "InvalidName", "\"a..b\""},
    {"dot first", "Create", args("sasa{sv}", ".stage", 1, "net", 0), "InvalidName", "\".stage\""},
    {"slash", "Create", args("sasa{sv}", "a/b", 1, "net", 0), "InvalidName", "\"a/b\""},
    {"climbing", "Create", args("sasa{sv}", "../etc", 1, "net", 0), "InvalidName", "\"../etc\""},
    {"control character", "Create", args("sasa{sv}", "a\nb", 1, "net", 0), "InvalidName", "\"a\\x0ab\""},
    {"not ASCII", "Create", args("sasa{sv}", "käse", 1, "net", 0), "InvalidName", "\"käse\""},
    {"64 characters", "Create", args("sasa{sv}", long64.c_str(), 1, "net", 0), "InvalidName", "63"},
    {"a megabyte", "Create", args("sasa{sv}", huge.c_str(), 1, "net", 0), "InvalidName", "xxx…\""},
    {"Get", "Get", args("s", "a b"), "InvalidName", "\"a b\""},
    {"Enter", "Enter", args("sasa{sv}", "-x", 0, 0), "InvalidName", "\"-x\""},
    {"Destroy", "Destroy", args("sa{sv}", "*", 0), "InvalidName", "\"*\""},
    {"Holders", "Holders", args("s", ""), "InvalidName", "\"\""},
    {"SetLabels", "SetLabels", args("sa{ss}", "", 0), "InvalidName", "\"\""},
    {"Rename from", "Rename", args("ss", "", "b"), "InvalidName", "\"\""},
    {"Rename to", "Rename", args("ss", "have", "/"), "InvalidName", "\"/\""},
    {"Get of none", "Get", args("s", "none"), "NoSuchNamespace", "\"none\""},
    {"Enter of none", "Enter", args("sasa{sv}", "none", 0, 0), "NoSuchNamespace", "\"none\""},
    {"Destroy of none", "Destroy", args("sa{sv}", "none", 0), "NoSuchNamespace", "\"none\""},
    {"Holders of none", "Holders", args("s", "none"), "NoSuchNamespace", "\"none\""},
    {"SetLabels of none", "SetLabels", args("sa{ss}", "none", 0), "NoSuchNamespace", "\"none\""},
    {"Rename of none", "Rename", args("ss", "none", "b"), "NoSuchNamespace", "\"none\""},
};

const std::vector<Bad> types{
    {"none", "Create", args("sasa{sv}", "new", 0, 0), "InvalidArgument", "cgroup, ipc"},
    {"unknown", "Create", args("sasa{sv}", "new", 2, "net", "mount", 0), "InvalidArgument", "\"mount\""},
    {"in capitals", "Create", args("sasa{sv}", "new", 1, "NET", 0), "InvalidArgument", "\"NET\""},
    {"empty word", "Create", args("sasa{sv}", "new", 1, "", 0), "InvalidArgument", "\"\""},
    {"twice", "Create", args("sasa{sv}", "new", 3, "net", "uts", "net", 0), "InvalidArgument", "\"net\""},
    {"Enter unknown", "Enter", args("sasa{sv}", "have", 1, "nett", 0), "InvalidArgument", "\"nett\""},
    {"Enter twice", "Enter", args("sasa{sv}", "have", 2, "net", "net", 0), "InvalidArgument", "\"net\""},
    {"Enter missing", "Enter", args("sasa{sv}", "have", 1, "pid", 0), "TypeNotPresent", "pid"},
};

const std::vector<Bad> options{
    {"unknown", "Create", option("colour", "s", "red"), "InvalidArgument", "\"colour\""},
    {"a key in capitals", "Create", option("Owner", "u", 0U), "InvalidArgument", "\"Owner\""},
    {"owner s", "Create", option("owner", "s", "root"), "InvalidArgument", "\"owner\""},
    {"owner i", "Create", option("owner", "i", 0), "InvalidArgument", "\"owner\""},
    {"owner nobody", "Create", option("owner", "u", 65534U), "InvalidArgument", "65534"},
    {"owner -1", "Create", option("owner", "u", 0xffffffffU), "InvalidArgument", "4294967295"},
    {"labels as", "Create", option("labels", "as", 1, "a=b"), "InvalidArgument", "\"labels\""},
    {"hostname u", "Create", option("hostname", "u", 1U), "InvalidArgument", "\"hostname\""},
    {"hostname empty", "Create", option("hostname", "s", ""), "InvalidArgument", "\"hostname\""},
    {"hostname of 65", "Create", option("hostname", "s", long65.c_str()), "InvalidArgument", "xxx"},
    {"hostname of a megabyte", "Create", option("hostname", "s", huge.c_str()), "InvalidArgument",
        "hostname"},
    {"hostname without uts", "Create", optionFor("net", "hostname", "s", "h"), "InvalidArgument",
        "hostname needs type uts"},
    {"domainname without uts", "Create", optionFor("net", "domainname", "s", "d"), "InvalidArgument",
        "domainname needs type uts"},
    {"sysctls aas", "Create", option("sysctls", "s", "net.x=1"), "InvalidArgument", "\"sysctls\""},
    {"a sysctl of the host", "Create", option("sysctls", "a{ss}", 1, "kernel.core_pattern", "|/bin/sh"),
        "InvalidArgument", "kernel.core_pattern"},
    {"a sysctl that climbs", "Create", option("sysctls", "a{ss}", 1, "net/../kernel/panic", "1"),
        "InvalidArgument", "net/../kernel/panic"},
    {"a sysctl without its type", "Create",
        optionFor("uts", "sysctls", "a{ss}", 1, "net.core.somaxconn", "1"), "InvalidArgument",
        "net.core.somaxconn"},
    {"uid-map of two", "Create", option("uid-map", "a(uu)", 1, 0U, 0U), "InvalidArgument", "\"uid-map\""},
    {"uid-map empty", "Create", option("uid-map", "a(uuu)", 0), "InvalidArgument", "\"uid-map\""},
    {"uid-map with overlap", "Create", option("uid-map", "a(uuu)", 2, 0U, 0U, 10U, 5U, 100U, 1U),
        "InvalidArgument", "uid-map"},
    {"gid-map with outside overlap", "Create", option("gid-map", "a(uuu)", 2, 0U, 0U, 10U, 50U, 9U, 1U),
        "InvalidArgument", "gid-map"},
    {"uid-map with count 0", "Create", option("uid-map", "a(uuu)", 1, 0U, 0U, 0U), "InvalidArgument",
        "uid-map"},
    {"uid-map beyond the last id", "Create", option("uid-map", "a(uuu)", 1, 0xfffffff0U, 0U, 100U),
        "InvalidArgument", "uid-map"},
    {"uid-map of 341 lines", "Create", longOption("uid-map", "(uuu)", 341, mapLine), "InvalidArgument",
        "341"},
    {"uid-map without user", "Create", optionFor("net", "uid-map", "a(uuu)", 1, 0U, 0U, 1U),
        "InvalidArgument", "uid-map needs type user"},
    {"map-root s", "Create", option("map-root", "s", "yes"), "InvalidArgument", "\"map-root\""},
    {"map-root without user", "Create", optionFor("net", "map-root", "b", 1), "InvalidArgument",
        "map-root needs type user"},
    {"offset t", "Create", option("boottime-offset", "t", std::uint64_t{1}), "InvalidArgument",
        "\"boottime-offset\""},
    {"offset before boot", "Create", option("boottime-offset", "x", -minute * 60 * 24 * 36500),
        "InvalidArgument", "boottime-offset"},
    {"offset beyond all clocks", "Create", option("monotonic-offset", "x", std::int64_t{INT64_MAX}),
        "InvalidArgument", "monotonic-offset"},
    {"offset without time", "Create", optionFor("net", "monotonic-offset", "x", minute), "InvalidArgument",
        "monotonic-offset needs type time"},
    {"ttl x", "Create", option("ttl", "x", minute), "InvalidArgument", "\"ttl\""},
    {"ttl 0", "Create", option("ttl", "t", std::uint64_t{0}), "InvalidArgument", "ttl"},
    {"ttl for ever", "Create", option("ttl", "t", std::uint64_t{UINT64_MAX}), "InvalidArgument",
        "18446744073709551615"},
    {"request-id empty", "Create", option("request-id", "s", ""), "InvalidArgument", "\"request-id\""},
    {"request-id of 65", "Create", option("request-id", "s", long65.c_str()), "InvalidArgument",
        "request-id"},
    {"a descriptor", "Create", option("owner", "h", STDERR_FILENO), "InvalidArgument", "\"owner\""},
    {"that there is not", "Create", option("published", "b", 1), "InvalidArgument", "\"published\""},
    {"cni as", "Create", optionFor("net", "cni", "as", 0), "InvalidArgument", "\"cni\""},
    {"cni empty", "Create", optionFor("net", "cni", "s", ""), "InvalidArgument", "\"cni\""},
    {"cni no JSON", "Create", optionFor("net", "cni", "s", "{"), "InvalidArgument", "line 1: is not JSON"},
    {"cni a path", "Create", optionFor("net", "cni", "s", "/etc/cni/net.d/lan.conflist"), "InvalidArgument",
        "is not JSON"},
    {"cni type a path", "Create", optionFor("net", "cni", "s", shell.c_str()), "InvalidArgument",
        "line 2: /plugins/0/type: must be the name of a plugin"},
    {"cni of a megabyte", "Create", optionFor("net", "cni", "s", huge.c_str()), "InvalidArgument",
        "at most 65536"},
    {"cni deep", "Create", optionFor("net", "cni", "s", deep.c_str()), "InvalidArgument",
        "within each other"},
    {"cni without net", "Create", optionFor("uts", "cni", "s", lan.c_str()), "InvalidArgument",
        "cni needs type net"},
    {"persistent s", "Create", option("persistent", "s", "yes"), "InvalidArgument", "\"persistent\""},
    {"unit s", "Create", option("unit", "s", "yes"), "InvalidArgument", "\"unit\""},
    {"Enter has none", "Enter", args("sasa{sv}", "have", 0, 1, "x", "b", 1), "InvalidArgument", "\"x\""},
    {"Destroy unknown", "Destroy", args("sa{sv}", "have", 1, "wait", "b", 1), "InvalidArgument", "\"wait\""},
    {"Destroy force u", "Destroy", args("sa{sv}", "have", 1, "force", "u", 1U), "InvalidArgument",
        "\"force\""},
    {"Destroy timeout x", "Destroy", args("sa{sv}", "have", 1, "timeout", "x", minute), "InvalidArgument",
        "\"timeout\""},
    {"Destroy timeout for ever", "Destroy",
        args("sa{sv}", "have", 1, "timeout", "t", std::uint64_t{UINT64_MAX}), "InvalidArgument",
        "\"timeout\""},
    {"List unknown", "List", args("a{sv}", 1, "before", "s", "x"), "InvalidArgument", "\"before\""},
    {"List after u", "List", args("a{sv}", 1, "after", "u", 1U), "InvalidArgument", "\"after\""},
    {"List limit s", "List", args("a{sv}", 1, "limit", "s", "10"), "InvalidArgument", "\"limit\""},
    {"List label as", "List", args("a{sv}", 1, "label", "as", 0), "InvalidArgument", "\"label\""},
    {"List with unknown", "List", args("a{sv}", 1, "with", "as", 1, "socks"), "InvalidArgument", "\"socks\""},
    {"List with twice", "List", args("a{sv}", 1, "with", "as", 2, "links", "links"), "InvalidArgument",
        "\"links\""},
};

const std::vector<Bad> labels{
    {"10 000", "SetLabels", longLabels("have", 10'000), "InvalidArgument", "10000"},
    {"65", "SetLabels", longLabels("have", 65), "InvalidArgument", "65"},
    {"10 000 at Create", "Create", longOption("labels", "{ss}", 10'000, label), "InvalidArgument", "10000"},
    {"key empty", "SetLabels", args("sa{ss}", "have", 1, "", "v"), "InvalidArgument",
        "key must not be empty"},
    {"key with a space", "SetLabels", args("sa{ss}", "have", 1, "a b", "v"), "InvalidArgument", "\"a b\""},
    {"key of 65", "SetLabels", args("sa{ss}", "have", 1, long65.c_str(), "v"), "InvalidArgument", "xxx"},
    {"value of 257", "SetLabels", args("sa{ss}", "have", 1, "k", long257.c_str()), "InvalidArgument", "k"},
    {"value with a newline", "SetLabels", args("sa{ss}", "have", 1, "k", "a\nb"), "InvalidArgument", "k"},
};

class BadInput : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!root_)
            return;
        have_ = BusTest::create("have", {"net"});
        kernel_->forgetCalls();
        openFds_ = countOpenFds();
    }
    void TearDown() override {
        if (root_)
            expectUntouched();
        BusTest::TearDown();
    }

    void expectUntouched() {
        EXPECT_EQ(namespaces_->count(), 1U);
        EXPECT_EQ(namespaces_->find(Name("have")).labels, Labels{});
        EXPECT_EQ(kernel_->calls(), std::vector<std::string>{});
        EXPECT_EQ(countOpenFds(), openFds_);
        EXPECT_EQ(nameOf(have_), R"("have")");
    }
    void refuse(const Bad& bad) {
        SCOPED_TRACE(std::string(bad.method) + ": " + bad.what);
        const auto answer = root_->call("/org/nsd1", "org.nsd1.Manager", bad.method, bad.fill);
        EXPECT_EQ(answer->error, std::string("org.nsd1.Error.") + bad.error) << answer->text;
        EXPECT_NE(answer->text.find(bad.shown), std::string::npos) << answer->text;
        EXPECT_LT(answer->text.size(), 1000U);
    }

    std::string have_;
    std::size_t openFds_ = 0;
};

TEST_F(BadInput, names) {
    for (const auto& bad : names)
        refuse(bad);
}

TEST_F(BadInput, types) {
    for (const auto& bad : types)
        refuse(bad);
}

TEST_F(BadInput, options) {
    for (const auto& bad : options)
        refuse(bad);
}

TEST_F(BadInput, labels) {
    for (const auto& bad : labels)
        refuse(bad);
}

TEST_F(BadInput, descriptorsThatAreNoNamespace) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd readEnd(ends[0]);
    const UniqueFd writeEnd(ends[1]);
    struct Kind {
        const char* what;
        UniqueFd fd;
    };
    std::vector<Kind> kinds;
    kinds.push_back({"a directory", UniqueFd(::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC))});
    kinds.push_back({"a file", UniqueFd(::open("/etc/passwd", O_RDONLY | O_CLOEXEC))});
    kinds.push_back({"a path", UniqueFd(::open("/etc/passwd", O_PATH | O_CLOEXEC))});
    kinds.push_back({"a namespace's path", UniqueFd(::open("/proc/self/ns/net", O_PATH | O_CLOEXEC))});
    kinds.push_back({"a pipe", readEnd.duplicate()});
    kinds.push_back({"a socket", UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))});
    kinds.push_back({"an eventfd", UniqueFd(::eventfd(0, EFD_CLOEXEC))});
    kinds.push_back({"a memfd", UniqueFd(::memfd_create("net:[4026531840]", MFD_CLOEXEC))});
    kinds.push_back({"a pidfd", UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)))});
    const auto before = countOpenFds();
    for (const auto& kind : kinds) {
        ASSERT_TRUE(kind.fd.valid()) << kind.what;
        const auto answer = root_->manager("Identify", "h", kind.fd.get());
        EXPECT_EQ(answer->error, "org.nsd1.Error.WrongFd") << kind.what << ": " << answer->text;
    }
    EXPECT_EQ(countOpenFds(), before);
}

TEST_F(BadInput, callsThatTheInterfaceDoesNotHave) {
    EXPECT_EQ(root_->manager("Freeze", "")->error, "org.freedesktop.DBus.Error.UnknownMethod");
    EXPECT_EQ(root_->manager("Get", "u", 1U)->error, "org.freedesktop.DBus.Error.InvalidArgs");
    EXPECT_EQ(
        root_->manager("Get", "ss", "have", "too much")->error, "org.freedesktop.DBus.Error.InvalidArgs");
    EXPECT_EQ(root_->manager("List", "")->error, "org.freedesktop.DBus.Error.InvalidArgs");
    EXPECT_EQ(root_->object("/org/nsd1/namespace/none", "Destroy", "a{sv}", 0)->error,
        "org.freedesktop.DBus.Error.UnknownObject");
}

TEST_F(BadInput, valuesThatAreNestedDeepInAVariant) {
    const auto nested = [](sd_bus_message* message) {
        constexpr int depth = 20;
        sd_bus_message_open_container(message, 'a', "{sv}");
        sd_bus_message_open_container(message, 'e', "sv");
        sd_bus_message_append(message, "s", "after");
        for (int i = 0; i < depth; ++i)
            sd_bus_message_open_container(message, 'v', "v");
        sd_bus_message_append(message, "v", "s", "deep");
        for (int i = 0; i < depth; ++i)
            sd_bus_message_close_container(message);
        sd_bus_message_close_container(message);
        sd_bus_message_close_container(message);
    };
    const auto answer = root_->call("/org/nsd1", "org.nsd1.Manager", "List", nested);
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_NE(answer->text.find("\"after\""), std::string::npos) << answer->text;
}

} // namespace
} // namespace nsd::test
