// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/context.hpp"
#include "daemon/bus/manager_object.hpp"
#include "daemon/bus/namespace_object.hpp"
#include "daemon/core/events.hpp"

#include <map>
#include <memory>
#include <string_view>

namespace nsd::bus {

// The objects of the namespaces and the signals about them. A namespace may go while a method of its
// own object is running or waits for its answer (Destroy): its object is freed once all its calls
// are answered, and then in a turn of the loop of its own.
class ObjectTable final : public Events {
  public:
    ObjectTable(sdbus::IConnection& connection, Context& context, ManagerObject& manager);
    ObjectTable(const ObjectTable&) = delete;
    ObjectTable& operator=(const ObjectTable&) = delete;
    ~ObjectTable() override;

    // Objects for the namespaces that are there already; nothing is signalled.
    void publishAll();

    void added(const NamespaceRecord& record, const MaybeRequester& by) override;
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& record, std::string_view what) override;

  private:
    // A signal that could not be sent must not undo a change that is real already.
    template <class F>
    void announce(const NamespaceRecord& record, F&& step) noexcept;
    void publish(const Uuid& uuid);

    sdbus::IConnection& connection_;
    Context& context_;
    ManagerObject& manager_;
    std::map<Uuid, std::shared_ptr<NamespaceObject>> objects_;
};

} // namespace nsd::bus
