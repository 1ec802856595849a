// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace nsd {

// Those who are told of something, in the order in which they came; they stay their owners'. Nobody comes
// or goes while they are being told.
template <class Listener>
class Listeners {
  public:
    void add(Listener* listener) { all_.push_back(listener); }
    void remove(const Listener* listener) noexcept {
        all_.erase(std::remove(all_.begin(), all_.end(), listener), all_.end());
    }
    template <class F>
    void tell(F&& event) const {
        for (auto* const listener : all_)
            event(*listener);
    }

  private:
    std::vector<Listener*> all_;
};

} // namespace nsd
