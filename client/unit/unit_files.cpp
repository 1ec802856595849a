// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/unit/unit_files.hpp"

#include "client/bus/bus_error.hpp"
#include "client/bus/sd_message.hpp"
#include "common/error.hpp"

#include <memory>
#include <systemd/sd-bus.h>

namespace nsd::client {

std::vector<std::string> unitFilesOfSystemd() {
    sd_bus* rawBus = nullptr;
    int result = sd_bus_open_system(&rawBus);
    if (result < 0)
        throw Error(Errc::KernelError, "the system bus: " + errnoText(-result));
    const std::unique_ptr<sd_bus, decltype(&sd_bus_flush_close_unref)> bus(rawBus, sd_bus_flush_close_unref);

    sd_bus_message* raw = nullptr;
    BusError error;
    result = sd_bus_call_method(rawBus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager", "ListUnitFiles", error.get(), &raw, nullptr);
    if (result < 0)
        throw Error(Errc::KernelError, "systemd: " + error.message());
    SdMessage answer(raw);
    std::vector<std::string> names;
    answer.readArray("(ss)", [&] {
        answer.readContainer('r', "ss", [&] {
            const auto path = answer.readString();
            names.push_back(path.substr(path.rfind('/') + 1));
            answer.skip("s");
        });
    });
    return names;
}

} // namespace nsd::client
