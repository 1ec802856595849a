// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/apply/definition_input.hpp"
#include "client/apply/definitions_directory.hpp"
#include "client/client.hpp"
#include "client/output/model.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// What `nsctl apply` is about to do, and then what came of it.
struct PlannedDefinition {
    enum class Action { Created, Changed, Unchanged, Removed };

    std::string name;
    Action action = Action::Unchanged;
    std::string file;
    std::string source; // empty: none says it, and it goes
    std::string text;
    std::string state; // of the namespace: ready, pending, degraded; empty: there is none
    std::string note;  // what does not happen by itself, or why it cannot
};

class ApplyPlan {
  public:
    // From the input and the files that are there. With `prune`, a file with these labels that is not in the
    // input goes. `warn` is told of files that cannot be read.
    ApplyPlan(const std::vector<InputDefinition>& input, const DefinitionsDirectory& directory,
        const std::optional<Labels>& prune, const std::function<void(const std::string&)>& warn);

    // What nsd would say: its problems with the texts, and with what lives under their names. Empty: none.
    [[nodiscard]] std::vector<std::string> check(Client& client, const std::vector<InputDefinition>& input);

    void writeTo(const DefinitionsDirectory& directory) const;
    // After nsd has read the files again: waits until all is made. False where something is not.
    [[nodiscard]] bool await(Client& client);

    [[nodiscard]] std::vector<Record> records() const;

  private:
    void lookAt(Client& client, PlannedDefinition& row, const std::string& normal,
        std::vector<std::string>& problems);

    std::vector<PlannedDefinition> rows_; // by name
};

} // namespace nsd::client
