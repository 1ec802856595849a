// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/enter.hpp"

#include "client/enter/execute.hpp"
#include "client/enter/supervise.hpp"
#include "client/enter/terminal_job.hpp"
#include "client/join/id_map.hpp"
#include "client/join/joining.hpp"
#include "common/error.hpp"

#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace nsd::client {
namespace {

// Answers only when the command cannot be executed.
int become(Joining& joining, EnterRequest& request) {
    try {
        joining.settle();
    } catch (const UnmappedId& error) {
        throw Error(error.code(), error.text() + " (choose with --user)");
    }
    if (request.closeFds)
        ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    return execute(request.what, std::move(request.command));
}

} // namespace

int enterAndRun(EnterRequest request) {
    Joining joining(std::move(request.entrance), std::move(request.user));
    joining.join();
    // Not by exit(3): every fork of this process, also one of a library's exit handler, would now
    // be a member of the namespace (LeakSanitizer's waits for ever for a child that cannot see it).
    if (joining.forks())
        ::_exit(superviseChild(
            request.what, [&] { return become(joining, request); },
            TerminalJob::isPossible(request.interactive)));
    return become(joining, request);
}

} // namespace nsd::client
