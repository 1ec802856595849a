// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"

#include <map>
#include <utility>
#include <vector>

namespace nsd {

// Calls that wait for the same thing under one key: the first one starts it, the others join, and
// all get the one answer.
template <class Key, class T>
class WaitingCalls {
  public:
    [[nodiscard]] bool contains(const Key& key) const { return calls_.contains(key); }
    void add(const Key& key, Completion<T> done) { calls_[key].push_back(std::move(done)); }
    void answer(const Key& key, const Outcome<T>& outcome) {
        // Out of the table first: whoever is answered may ask anew.
        auto node = calls_.extract(key);
        if (node.empty())
            return;
        for (const auto& done : node.mapped())
            done(outcome);
    }

  private:
    std::map<Key, std::vector<Completion<T>>> calls_;
};

} // namespace nsd
