// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_turns.hpp"

#include <utility>

namespace nsd {

class LinkTurns::Turn {
  public:
    Turn(Loop& loop, std::weak_ptr<Lines> lines, const Uuid& uuid)
        : loop_(loop), lines_(std::move(lines)), uuid_(uuid) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        const auto lines = lines_.lock();
        if (!lines)
            return;
        const auto line = lines->find(uuid_);
        if (line->second.empty()) {
            lines->erase(line);
            return;
        }
        auto next = std::move(line->second.front());
        line->second.pop_front();
        loop_.post([&loop = loop_, weak = lines_, uuid = uuid_, next = std::move(next)] {
            if (!weak.expired())
                next(std::make_shared<const Turn>(loop, weak, uuid));
        });
    }

  private:
    Loop& loop_;
    std::weak_ptr<Lines> lines_;
    Uuid uuid_;
};

void LinkTurns::take(const Uuid& uuid, Begin begin) {
    const auto [line, isFree] = lines_->try_emplace(uuid);
    if (isFree)
        begin(std::make_shared<const Turn>(loop_, lines_, uuid));
    else
        line->second.push_back(std::move(begin));
}

} // namespace nsd
