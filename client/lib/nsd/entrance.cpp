// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"
#include "client/lib/nsd/inside_run.hpp"

namespace nsd::v0 {

Entrance::Entrance(std::unique_ptr<Data> data) noexcept : data_(std::move(data)) {}
Entrance::Entrance(Entrance&&) noexcept = default;
Entrance& Entrance::operator=(Entrance&&) noexcept = default;
Entrance::~Entrance() = default;

Types Entrance::types() const {
    return outside(data_->opened.fds);
}

int Entrance::fd(Type type) const noexcept {
    const auto found = data_->opened.fds.find(static_cast<NamespaceType>(type));
    return found != data_->opened.fds.end() ? found->second.get() : -1;
}

Fd Entrance::release(Type type) noexcept {
    auto node = data_->opened.fds.extract(static_cast<NamespaceType>(type));
    return node ? outside(std::move(node.mapped())) : Fd();
}

int Entrance::run(const std::function<int()>& program, const std::optional<User>& user) && {
    return translated([&] { return client::runInside({std::move(data_->opened), inside(user)}, program); });
}

void Entrance::join(const std::optional<User>& user) {
    translated([&] {
        data_->joining.emplace(std::move(data_->opened), inside(user));
        data_->joining->join();
        if (!data_->joining->forks())
            data_->joining->settle();
    });
}

bool Entrance::needsFork() const noexcept {
    return data_->joining ? data_->joining->forks() : data_->opened.fds.count(NamespaceType::Pid) != 0;
}

void Entrance::finish() {
    translated([&] {
        if (!data_->joining)
            throw nsd::Error(nsd::Errc::InvalidArgument, "finish() comes after join()");
        if (data_->joining->forks())
            data_->joining->settle();
    });
}

} // namespace nsd::v0
