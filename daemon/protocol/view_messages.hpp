// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/user_ids.hpp"

#include <string>
#include <vector>

// Messages about what commands in a network namespace see of the file system; a part of
// daemon/protocol/messages.
namespace nsd::protocol {

// Make a view (daemon/core/view_maker). In: the runtime directory as a mount that is attached nowhere, the
// network namespace; if withUser, the user namespace; if withEtc, such a mount for /etc, which has the files
// `etcFiles` of its own. Out: the mount namespace.
struct ViewRequest {
    std::string runtimeDirectory;
    bool withUser = false;
    bool withEtc = false;
    std::vector<std::string> etcFiles{};
};
struct ViewReply {};

// Read the files in a directory as somebody. In: the directory.
struct EtcFilesRequest {
    UserIds user;
};
struct EtcFilesReply {
    EtcFiles files;
};

// Make a mount for /etc: `own` before what is in `netnsDirectory`, that before `defaults`. `scratch`: an
// empty directory. Out: the mount, which is attached nowhere; nothing where there are no files.
struct EtcRequest {
    std::string netnsDirectory;
    EtcFiles defaults;
    EtcFiles own;
    std::string scratch;
};
struct EtcReply {
    std::vector<std::string> files;
    std::vector<std::string> remarks;
};

} // namespace nsd::protocol
