// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/supervisor_spawner.hpp"

#include "common/error.hpp"
#include "daemon/kernel/spawn.hpp"

namespace nsd {

void SupervisorSpawner::start(SupervisorStart start, Completion<Done> done) {
    Outcome<Done> outcome = Done{};
    try {
        Program program;
        program.path = command_.program;
        program.arguments = command_.arguments;
        program.diesWithUs = false;
        program.input = start.socket.get();
        static_cast<void>(spawn(program)); // it says itself who it is
    } catch (const Error& error) {
        outcome = error;
    }
    loop_.post([done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
}

} // namespace nsd
