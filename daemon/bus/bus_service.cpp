// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/bus_service.hpp"

#include "daemon/bus/access.hpp"
#include "daemon/bus/caller_directory.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/manager_object.hpp"
#include "daemon/bus/object_table.hpp"
#include "daemon/bus/process_objects.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"

#include <utility>

namespace nsd::bus {

class BusService::Impl {
  public:
    Impl(const Parts& parts, Settings settings)
        : connection_(parts.connection),
          namespaces_(parts.namespaces),
          processes_(parts.processes),
          callers_(parts.connection, {}),
          access_(callers_, parts.authority, parts.namespaces, parts.audit),
          context_{parts.loop, parts.log, parts.namespaces, parts.kernel, access_, parts.clients,
              parts.processes, parts.views, parts.etc, dbus::busId(parts.connection),
              std::move(settings.version), std::move(settings.pinsDirectory),
              std::move(settings.definitionsDirectory), std::move(settings.reload)},
          manager_(parts.connection, context_),
          objects_(parts.connection, context_, manager_),
          processObjects_(parts.connection, context_) {
        objects_.publishAll();
        namespaces_.attach(&objects_);
        processObjects_.publishAll();
        processes_.attach(&processObjects_);
    }
    ~Impl() {
        processes_.detach(&processObjects_);
        namespaces_.detach(&objects_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void start() { dbus::requestName(connection_, dbus::serviceName); }

  private:
    sdbus::IConnection& connection_;
    Namespaces& namespaces_;
    Processes& processes_;
    CallerDirectory callers_;
    Access access_;
    Context context_;
    ManagerObject manager_;
    ObjectTable objects_;
    ProcessObjects processObjects_;
};

BusService::BusService(const Parts& parts, Settings settings)
    : impl_(std::make_unique<Impl>(parts, std::move(settings))) {}

BusService::~BusService() = default;

void BusService::start() {
    impl_->start();
}

} // namespace nsd::bus
