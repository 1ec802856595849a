// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/message_text.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace nsd::test {
namespace {

void check(int result) {
    if (result < 0)
        throw std::runtime_error("a message cannot be read");
}

template <class T>
T read(sd_bus_message* message, char type) {
    T value{};
    check(sd_bus_message_read_basic(message, type, &value));
    return value;
}

std::string basic(sd_bus_message* message, char type) {
    switch (type) {
    case SD_BUS_TYPE_STRING:
    case SD_BUS_TYPE_OBJECT_PATH:
    case SD_BUS_TYPE_SIGNATURE:
        return '"' + std::string(read<const char*>(message, type)) + '"';
    case SD_BUS_TYPE_BOOLEAN:
        return read<int>(message, type) != 0 ? "true" : "false";
    case SD_BUS_TYPE_UINT32:
        return std::to_string(read<std::uint32_t>(message, type));
    case SD_BUS_TYPE_INT32:
        return std::to_string(read<std::int32_t>(message, type));
    case SD_BUS_TYPE_UINT64:
        return std::to_string(read<std::uint64_t>(message, type));
    case SD_BUS_TYPE_INT64:
        return std::to_string(read<std::int64_t>(message, type));
    case SD_BUS_TYPE_UNIX_FD:
        read<int>(message, type);
        return "fd";
    default:
        throw std::runtime_error(std::string("no text for the type ") + type);
    }
}

std::vector<std::string> values(sd_bus_message* message);

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : between) + part;
    return text;
}

std::string container(sd_bus_message* message, char type, const char* contents) {
    check(sd_bus_message_enter_container(message, type, contents));
    auto parts = values(message);
    check(sd_bus_message_exit_container(message));
    switch (type) {
    case SD_BUS_TYPE_ARRAY:
        if (contents[0] == SD_BUS_TYPE_DICT_ENTRY_BEGIN)
            std::sort(parts.begin(), parts.end());
        return '[' + joined(parts, ", ") + ']';
    case SD_BUS_TYPE_STRUCT:
        return '(' + joined(parts, ", ") + ')';
    case SD_BUS_TYPE_DICT_ENTRY:
        return joined(parts, ": ");
    default:
        return joined(parts, "");
    }
}

// What stands up to the end of the container that is read.
std::vector<std::string> values(sd_bus_message* message) {
    std::vector<std::string> all;
    for (;;) {
        char type = 0;
        const char* contents = nullptr;
        const int more = sd_bus_message_peek_type(message, &type, &contents);
        check(more);
        if (more == 0)
            return all;
        all.push_back(contents == nullptr ? basic(message, type) : container(message, type, contents));
    }
}

} // namespace

std::string textOf(sd_bus_message* message) {
    check(sd_bus_message_rewind(message, 1));
    return joined(values(message), " ");
}

} // namespace nsd::test
