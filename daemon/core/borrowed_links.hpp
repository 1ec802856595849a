// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <string>
#include <string_view>
#include <vector>

// The list of a namespace's borrowed links, and its changes on the disk.
namespace nsd {

// The one of this tag in its new form.
[[nodiscard]] std::vector<BorrowedLink> withLink(std::vector<BorrowedLink> links, const BorrowedLink& link);
[[nodiscard]] std::vector<BorrowedLink> withoutLink(std::vector<BorrowedLink> links, std::string_view tag);
// What a user means by this name: inside as it came, else at home. Null if there is none.
[[nodiscard]] const BorrowedLink* findLink(const std::vector<BorrowedLink>& links, std::string_view name);

// It is home, or gone: no longer in the record, and told. Not written down if that fails, which is logged:
// to bring it home once more changes nothing.
void settleReturn(
    Core& core, NamespaceRecord& record, const BorrowedLink& link, const ReturnedLink& returned);

} // namespace nsd
