// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd {

// Brings lo up in the network namespace of the caller: a new one has it down and without addresses.
void bringUpLoopback();

} // namespace nsd
