// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/options.hpp"

#include "common/error.hpp"

#include <memory>

#include <CLI/CLI.hpp>

namespace nsd {
namespace {

// The parser writes into `options`, which must outlive it.
std::unique_ptr<CLI::App> makeParser(Options& options) {
    auto parser =
        std::make_unique<CLI::App>("Keeps named Linux namespaces and serves them over D-Bus.", "nsd");
    parser->set_help_flag(); // CLI11's own ends the program by an exception
    parser
        ->add_option_function<std::string>(
            "--bus",
            [&options](const std::string& word) {
                options.bus = word == "private" ? BusKind::Private : BusKind::System;
            },
            "the system bus (default), or one of nsd's own at <runtime directory>/bus")
        ->check(CLI::IsMember({"system", "private"}))
        ->option_text("system|private");
    const auto action = [&](const char* flag, Options::Action value, const char* text) {
        parser->add_flag_callback(
            flag, [&options, value] { options.action = value; }, text);
    };
    action(
        "--check-config", Options::Action::CheckConfig, "say what is wrong with the configuration, and end");
    action("--version", Options::Action::ShowVersion, "say the version, and end");
    action("-h,--help", Options::Action::ShowHelp, "say this, and end");
    return parser;
}

} // namespace

Options parseOptions(int argc, const char* const* argv) {
    Options options;
    const auto parser = makeParser(options);
    try {
        parser->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        throw Error{Errc::InvalidArgument, error.what()};
    }
    return options;
}

std::string helpText() {
    Options options;
    return makeParser(options)->help();
}

} // namespace nsd
