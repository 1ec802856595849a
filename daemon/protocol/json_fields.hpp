// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/holder.hpp"
#include "common/holder_query.hpp"
#include "common/namespace_spec.hpp"
#include "common/nsfs.hpp"
#include "common/quote.hpp"
#include "common/socket_spec.hpp"
#include "common/user_entry.hpp"
#include "common/user_ids.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

// How the values inside the protocol's messages stand in JSON, both ways. Only the .cpp files of
// this folder include this.
namespace nsd::protocol {

using Json = nlohmann::json;

// get<>() of a number that does not fit would silently cut it.
template <class Integer>
[[nodiscard]] Integer toInteger(const Json& json) {
    if (json.is_number_unsigned() && std::in_range<Integer>(json.get<std::uint64_t>()))
        return static_cast<Integer>(json.get<std::uint64_t>());
    if (json.is_number_integer() && std::in_range<Integer>(json.get<std::int64_t>()))
        return static_cast<Integer>(json.get<std::int64_t>());
    throw Error(Errc::KernelError, "a number of a worker's message is out of range");
}

// Names of processes and mount points are bytes to the kernel; JSON and D-Bus want UTF-8: what is not
// becomes U+FFFD.
[[nodiscard]] std::string dump(const Json& json);
// For what must arrive as it is. Throws Error{InvalidArgument} for what is not UTF-8.
[[nodiscard]] std::string dumpExactly(const Json& json);
// What `convert` makes of a message. Whatever is wrong with its text becomes an Error{KernelError} that
// quotes it; `whose` is "a worker's".
template <class Convert>
[[nodiscard]] auto decode(const std::string& text, const char* whose, Convert convert) {
    const auto complain = [&](const std::string& why) {
        return Error(Errc::KernelError,
            whose + std::string(" message ") + nsd::quoted(text) + " does not decode: " + why);
    };
    try {
        return convert(Json::parse(text));
    } catch (const Error& error) {
        throw complain(error.text());
    } catch (const Json::exception& error) {
        throw complain(error.what());
    }
}

[[nodiscard]] Json toJson(const NamespaceSpec& spec);
[[nodiscard]] Json toJson(const NamespaceIdentity& identity);
[[nodiscard]] Json toJson(const Holder& holder);
[[nodiscard]] Json toJson(const LeaseFile& lease);
[[nodiscard]] Json toJson(const UserEntry& entry);
[[nodiscard]] Json toJson(const UserIds& ids);
[[nodiscard]] Json toJson(const SocketSpec& socket);
[[nodiscard]] Json toJson(const Error& error);
[[nodiscard]] Json toJson(NamespaceTypes types);

[[nodiscard]] NamespaceSpec toSpec(const Json& json);
[[nodiscard]] NamespaceIdentity toIdentity(const Json& json);
[[nodiscard]] Holder toHolder(const Json& json);
[[nodiscard]] LeaseFile toLeaseFile(const Json& json);
[[nodiscard]] UserEntry toUserEntry(const Json& json);
[[nodiscard]] UserIds toUserIds(const Json& json);
[[nodiscard]] SocketSpec toSocketSpec(const Json& json);
[[nodiscard]] Error toError(const Json& json);
[[nodiscard]] NamespaceTypes toTypes(const Json& json);

template <class T>
[[nodiscard]] Json listToJson(const std::vector<T>& items) {
    Json list = Json::array();
    for (const auto& item : items)
        list.push_back(toJson(item));
    return list;
}

// `convert` makes one item of each element; throws Error where this is no list.
template <class Convert>
[[nodiscard]] auto toList(const Json& json, Convert convert) {
    std::vector<decltype(convert(json))> items;
    if (!json.is_array())
        throw Error(Errc::KernelError, "a list of a worker's message is none");
    items.reserve(json.size());
    for (const auto& element : json)
        items.push_back(convert(element));
    return items;
}

} // namespace nsd::protocol
