// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

enum class BusKind { System, Private };

// What nsd's command line asks for.
struct Options {
    enum class Action { Run, CheckConfig, ShowVersion, ShowHelp };

    Action action = Action::Run;
    BusKind bus = BusKind::System;
};

// Throws Error{InvalidArgument} with one line that says which word is wrong.
[[nodiscard]] Options parseOptions(int argc, const char* const* argv);
[[nodiscard]] std::string helpText();

} // namespace nsd
