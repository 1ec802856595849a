// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/cni_result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>

namespace nsd::client {
namespace {

using Json = nlohmann::json;

std::string textAt(const Json& object, const char* key) {
    if (!object.is_object())
        return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& listAt(const Json& object, const char* key) {
    static const Json none = Json::array();
    if (!object.is_object())
        return none;
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : none;
}

// What plugins gave the interface of this number in the result.
std::vector<std::string> ofInterface(const Json& result, std::size_t number, const char* key) {
    std::vector<std::string> texts;
    for (const auto& ip : listAt(result, "ips")) {
        const auto index = ip.is_object() ? ip.find("interface") : ip.end();
        const auto text = textAt(ip, key);
        if (index != ip.end() && index->is_number_unsigned() && index->get<std::size_t>() == number &&
            !text.empty())
            texts.push_back(text);
    }
    return texts;
}

std::string after(const char* word, const std::vector<std::string>& texts) {
    std::string text;
    for (const auto& one : texts)
        text.append(text.empty() ? word : ",").append(one);
    return text.empty() ? "-" : text;
}

Record recordOf(const Json& result, const Json& interface, std::size_t number) {
    const bool inside = !textAt(interface, "sandbox").empty();
    auto addresses = ofInterface(result, number, "address");
    auto gateways = ofInterface(result, number, "gateway");
    const auto shownAddresses = after("", addresses);
    const auto shownGateways = after("via ", gateways);
    return {{{"link", "", textAt(interface, "name")}, {"side", "", std::string(inside ? "inside" : "host")},
        {"mac", "", textAt(interface, "mac")}, {"addresses", "", std::move(addresses), shownAddresses},
        {"gateways", "", std::move(gateways), shownGateways}}};
}

} // namespace

std::vector<Record> linksOf(const std::string& cniResult) {
    const auto result = Json::parse(cniResult, nullptr, false);
    std::vector<Record> records;
    // Those inside first.
    for (const bool inside : {true, false}) {
        std::size_t number = 0;
        for (const auto& interface : listAt(result, "interfaces")) {
            if (textAt(interface, "sandbox").empty() != inside)
                records.push_back(recordOf(result, interface, number));
            ++number;
        }
    }
    return records;
}

} // namespace nsd::client
