// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

// Pins are bind mounts of nsfs files, made and removed by the daemon itself, which lives in the host's
// mount namespace: what a worker mounted there nobody else would see. See Kernel for both.
void bindPin(int nsFd, int directory, const std::string& leaf);
bool removePin(int directory, const std::string& leaf);

} // namespace nsd
