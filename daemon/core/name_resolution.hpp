// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/definition.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/create_request.hpp"

namespace nsd {

// From a definition to the request that it stands for: the users and groups that it has by name are looked
// up, which may take as long as the network does.
class NameResolution final : public Operation {
  public:
    static void start(Core& core, Definition definition, Completion<CreateRequest> done);

    NameResolution(Core& core, Definition definition, Completion<CreateRequest> done);

  private:
    void begin();
    void onAccounts(Outcome<AccountIds> outcome);

    Core& core_;
    Definition definition_;
    Completion<CreateRequest> done_;
};

} // namespace nsd
