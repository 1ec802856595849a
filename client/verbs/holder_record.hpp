// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/output/model.hpp"
#include "common/holder.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// Why a namespace lives on: as rows, and as a sentence's end ("process 4711 (sleep), net: fd 7").
[[nodiscard]] std::vector<Record> recordsOf(const std::vector<Holder>& holders);
[[nodiscard]] std::string describe(const Holder& holder);

} // namespace nsd::client
