// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/stage.hpp"

#include "tests/bench/empty_service.hpp"
#include "tests/bench/interruption.hpp"

#include <cstdlib>
#include <stdexcept>

namespace nsd::bench {

namespace {

test::TestDaemon::Options onBus(const test::TestBus& bus) {
    test::TestDaemon::Options options;
    options.systemBus = bus.address();
    return options;
}

std::string nameInCrowd(unsigned number) {
    return "crowd-" + std::to_string(number);
}

} // namespace

Stage::Stage()
    : bus_(emptyServicePolicy()),
      daemon_(onBus(bus_)),
      emptyService_({"/proc/self/exe", emptyServiceOption, bus_.address()}),
      client_(bus_.address()) {
    daemon_.start();
    const auto answers = [this] {
        throwIfInterrupted();
        try {
            client_.openNothing();
            return true;
        } catch (const std::runtime_error&) {
            return false; // it has not come so far
        }
    };
    if (!test::eventually(answers))
        throw std::runtime_error("the empty service does not answer");
    // nsctl finds this bus as any user's does.
    ::setenv("NSD_BUS_ADDRESS", bus_.address().c_str(), 1);
}

Samples Crowd::grow(unsigned count) {
    Samples samples;
    for (unsigned i = 0; i < count; ++i) {
        samples.add(timed([this] { bus_.create(nameInCrowd(size_), "uts"); }));
        ++size_;
    }
    return samples;
}

void Crowd::clear() {
    for (; size_ > 0; --size_) {
        throwIfInterrupted();
        bus_.destroy(nameInCrowd(size_ - 1), destroyPatience);
    }
}

} // namespace nsd::bench
