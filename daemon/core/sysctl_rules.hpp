// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"

#include <map>
#include <string>

namespace nsd {

// The sysctls that belong to a namespace and to nothing else: net.* to net; kernel.msg*, kernel.sem,
// kernel.shm* and fs.mqueue.* to ipc. Names as sysctl(8) takes them: the first separator says
// whether parts are divided by dots or by slashes, the other one then stands for itself within a part
// ("net/ipv4/conf/eth0.7/forwarding" = "net.ipv4.conf.eth0/7.forwarding"). Answers them in dotted
// form. Throws Error{InvalidArgument} for a name outside, for one whose type is missing, for a
// doubled one, and for values that are no line of text.
[[nodiscard]] std::map<std::string, std::string> validatedSysctls(
    const std::map<std::string, std::string>& sysctls, NamespaceTypes types);

} // namespace nsd
