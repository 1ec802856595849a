// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/request_digest.hpp"

#include "daemon/core/spec_json.hpp"

#include <nlohmann/json.hpp>

namespace nsd {

std::uint64_t requestDigest(const CreateRequest& request) {
    auto all = optionsToJson(request.spec);
    all["name"] = request.name.str();
    all["types"] = toWords(request.spec.types);
    all["owner"] = request.owner;
    all["labels"] = request.labels;
    if (!request.cni.empty())
        all["cni"] = request.cni;
    if (request.lease)
        all["lease"] = true;
    if (request.persistent)
        all["persistent"] = true;
    if (request.publish)
        all["publish"] = true;
    if (request.ttl)
        all["ttl"] = request.ttl->count();
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : all.dump()) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    return hash;
}

} // namespace nsd
