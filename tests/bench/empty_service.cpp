// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/empty_service.hpp"

#include "dbus/compat.hpp"
#include "generated/bench_adaptor.hpp"
#include "tests/bench/system_call.hpp"

#include <fcntl.h>

namespace nsd::bench {

namespace {

class EmptyService final : public sdbus::AdaptorInterfaces<org::nsd1::Bench_adaptor> {
  public:
    explicit EmptyService(sdbus::IConnection& connection)
        : AdaptorInterfaces(connection, dbus::PathArg{emptyServicePath}),
          file_(must(::open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), "open /proc/self/ns/uts")) {
        registerAdaptor();
    }
    ~EmptyService() { unregisterAdaptor(); }
    EmptyService(const EmptyService&) = delete;
    EmptyService& operator=(const EmptyService&) = delete;

  private:
    sdbus::UnixFd Open() override { return dbus::giveFd(file_.duplicate()); }

    UniqueFd file_;
};

} // namespace

void runEmptyService(const std::string& address) {
    const auto connection = dbus::openBusAt(address);
    const EmptyService service(*connection);
    dbus::requestName(*connection, emptyServiceName);
    connection->enterEventLoop();
}

std::string emptyServicePolicy() {
    const std::string name = emptyServiceName;
    return "<policy user=\"root\"><allow own=\"" + name + "\"/><allow send_destination=\"" + name +
           "\"/></policy>";
}

} // namespace nsd::bench
