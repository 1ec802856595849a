// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/namespace_type.hpp"

#include <sys/types.h>

namespace nsd {

// Whether a namespace of these types has an /etc of its own at all: commands in one with type mnt see what is
// mounted there.
[[nodiscard]] bool mayHaveEtc(NamespaceTypes types) noexcept;

// What checkEtcFiles asks for, in a network namespace without type mnt. Of somebody but root only files that
// say who is who in the network: root's own commands inside would believe all others, /etc/ld.so.preload
// first. Throws Error{InvalidArgument, AccessDenied}.
void validateEtc(const EtcFiles& files, NamespaceTypes types, uid_t givenBy);

} // namespace nsd
