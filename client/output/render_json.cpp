// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/render.hpp"

#include <nlohmann/json.hpp>

namespace nsd::client {
namespace {

using Json = nlohmann::ordered_json; // keys stay as they were given

Json toJson(const Record& record) {
    Json object = Json::object();
    for (const auto& field : record.fields)
        std::visit(
            [&](const auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::vector<Record>>) {
                    object[field.key] = Json::array();
                    for (const auto& element : value)
                        object[field.key].push_back(toJson(element));
                } else {
                    object[field.key] = value;
                }
            },
            field.value);
    return object;
}

std::string dump(const Json& json, bool pretty) {
    constexpr int spaces = 2;
    // A command's name in a list of holders need not be UTF-8.
    return json.dump(pretty ? spaces : -1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

std::string renderJson(const std::vector<Record>& records, bool pretty) {
    Json array = Json::array();
    for (const auto& record : records)
        array.push_back(toJson(record));
    return dump(array, pretty);
}

std::string renderJson(const Record& record, bool pretty) {
    return dump(toJson(record), pretty);
}

} // namespace nsd::client
