// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker_starter.hpp"

#include "common/error.hpp"
#include "common/nsfs.hpp"

#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace nsd {
namespace {

UniqueFd openMountNamespace(const std::string& process) {
    const auto path = "/proc/" + process + "/ns/mnt";
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", path, errno);
    return fd;
}

} // namespace

std::unique_ptr<Worker> WorkerStarter::start(Worker::Handlers handlers) {
    if (base_)
        return std::make_unique<Worker>(loop_, program_, std::vector<std::string>{"--join"},
            std::vector<int>{base_.get()}, std::move(handlers));
    if (maker_ != 0)
        return nullptr;
    auto worker = std::make_unique<Worker>(loop_, program_,
        std::vector<std::string>{"--base=" + runtimeDirectory_}, std::vector<int>{}, std::move(handlers));
    maker_ = worker->pid();
    return worker;
}

void WorkerStarter::ready(pid_t worker) {
    if (worker != maker_)
        return;
    auto base = openMountNamespace(std::to_string(worker));
    if (identifyNamespace(base.get()).sameAs(identifyNamespace(openMountNamespace("self").get())))
        throw Error(Errc::KernelError, "the first nsd-worker did not leave the daemon's mount namespace");
    base_ = std::move(base);
    maker_ = 0;
    loop_.post(changed_);
}

void WorkerStarter::gone(pid_t worker) {
    if (worker != maker_)
        return;
    maker_ = 0;
    loop_.post(changed_);
}

} // namespace nsd
