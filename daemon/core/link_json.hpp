// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "daemon/core/borrowed_link.hpp"

#include <nlohmann/json_fwd.hpp>
#include <vector>

// What the meta file has of links. The readers throw Error{InvalidArgument} for anything that the writers
// do not write.
namespace nsd {

[[nodiscard]] nlohmann::json linksToJson(const std::vector<LinkRequest>& links);
[[nodiscard]] std::vector<LinkRequest> linksFromJson(const nlohmann::json& list);

[[nodiscard]] nlohmann::json borrowedToJson(const std::vector<BorrowedLink>& links);
[[nodiscard]] std::vector<BorrowedLink> borrowedFromJson(const nlohmann::json& list);

[[nodiscard]] nlohmann::json unfinishedToJson(const std::vector<UnfinishedVeth>& veths);
[[nodiscard]] std::vector<UnfinishedVeth> unfinishedFromJson(const nlohmann::json& list);

} // namespace nsd
