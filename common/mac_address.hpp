// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace nsd {

// Link-layer addresses are kept as text, "02:11:22:33:44:55" in lower case, as ip-link(8) shows them.

// A locally administered unicast address from getrandom(2): as good as unique. Throws Error{KernelError}.
[[nodiscard]] std::string randomMac();
[[nodiscard]] std::string macText(std::string_view bytes);
// The bytes of such a text, of any length. Throws Error{InvalidArgument}.
[[nodiscard]] std::string macBytes(std::string_view text);

} // namespace nsd
