// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/making.hpp"

#include "common/error.hpp"
#include "daemon/kernel/worker_answer.hpp"

#include <memory>
#include <utility>

namespace nsd {
namespace {

MadeNamespaces madeOf(WorkerAnswer answer, NamespaceTypes wanted, std::string controlGroup) {
    const auto& reply = replyOf<protocol::MakeReply>(answer);
    const bool hasInit = wanted.contains(NamespaceType::Pid);
    const auto expected = wanted.size() + (hasInit ? 2 : 0);
    if (reply.types != wanted || answer.fds.size() != expected || hasInit != (reply.initPid > 0))
        throw Error(Errc::KernelError, "a worker answered with " + std::to_string(answer.fds.size()) +
                                           " descriptors for " + describe(wanted));
    MadeNamespaces made;
    auto next = answer.fds.begin();
    for (const auto type : wanted) {
        if (identifyNamespace(next->get()).type != type)
            throw Error(Errc::KernelError,
                "a worker made another namespace than the " + std::string(toWord(type)) + " asked for");
        made.fds.emplace(type, std::move(*next++));
    }
    if (hasInit) {
        made.init = InitProcess{reply.initPid, std::move(*next++)};
        made.initLeash = std::move(*next);
    }
    made.controlGroup = std::move(controlGroup);
    return made;
}

} // namespace

void Making::make(
    const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done) {
    try {
        ask(uuid, spec, attempt, done);
    } catch (const Error& error) {
        loop_.post([done = std::move(done), error] { done(error); });
    }
}

void Making::ask(
    const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done) {
    const bool needsGroup = spec.types.contains(NamespaceType::Cgroup);
    const bool wantsGroup = needsGroup || spec.types.contains(NamespaceType::Pid);
    if (needsGroup && !keep_.usable())
        throw Error(Errc::TypeNotSupported,
            "a namespace of type cgroup needs a cgroup2 file system that is mounted and can be written to");
    const auto group = std::make_shared<KeepSubtree::Group>();
    if (wantsGroup && keep_.usable())
        *group = keep_.create(uuid);
    const bool hasGroup = group->directory.valid();
    std::vector<int> fds;
    if (hasGroup)
        fds.push_back(group->directory.get());
    pool_.submit(WorkKind::Make,
        {"make namespaces", protocol::MakeRequest{spec, attempt, hasGroup}, std::move(fds), deadline_,
            [group] { group->directory.reset(); },
            [this, group, wanted = spec.types, done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                auto made = translate<MadeNamespaces>(std::move(outcome),
                    [&](WorkerAnswer answer) { return madeOf(std::move(answer), wanted, group->path); });
                if (!made.ok() && !group->path.empty())
                    keep_.remove(group->path);
                done(std::move(made));
            }});
}

} // namespace nsd
