// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/plugin_runner.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/word_list.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/plugin_messages.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

// For nsd-cni to be started, to wait for one of a predecessor, and to answer.
constexpr std::chrono::milliseconds patience{10'000};

} // namespace

// One run, from the start of nsd-cni to its answer.
class PluginRunner::Running final : public Operation {
  public:
    Running(PluginRunner& runner, Waiting what)
        : runner_(runner), run_(std::move(what.run)), done_(std::move(what.done)) {}

    void begin() {
        try {
            auto [ours, theirs] = protocol::socketPair();
            socket_ = std::move(ours);
            if (::fcntl(socket_.get(), F_SETFL, O_NONBLOCK) != 0)
                throw kernelError("fcntl", "of an nsd-cni's socket", errno);
            const auto timeout = runner_.settings_.timeout;
            deadline_ = runner_.loop_.after(
                patience + timeout * (static_cast<int>(run_.plugins) + 1), [this] { onDeadline(); });
            heard_ = runner_.loop_.watch(socket_.get(), EPOLLIN, [this](std::uint32_t) { onSocket(); });
            protocol::sendPacket(socket_.get(),
                protocol::encode(protocol::PluginRequest{run_.command == PluginRun::Command::Add,
                    run_.netns.empty() ? "" : runner_.directory_ + '/' + run_.netns, runner_.settings_.path,
                    timeout}),
                {run_.record.get()});
            runner_.starter_->start({std::move(theirs), ++runner_.number_, 0, "network " + run_.what},
                then(*this, &Running::onAskedFor));
        } catch (const Error& error) {
            finish(error);
        }
    }

  private:
    // Only a failure is news.
    void onAskedFor(Outcome<Done> outcome) {
        if (!outcome.ok())
            finish(outcome.error());
    }

    void onDeadline() { finish(Error(Errc::TimedOut, "cni: nsd-cni did not answer in time")); }

    void onSocket() {
        try {
            const auto packet = protocol::receivePacket(socket_.get());
            if (!packet)
                throw Error(Errc::KernelError, "cni: nsd-cni ended before it answered");
            finish(protocol::decodePluginReply(packet->text));
        } catch (const Error& error) {
            if (error.errnoValue() != EAGAIN)
                finish(error);
        }
    }

    // The sources go in a turn of their own, since this may be the handler of either, and the socket behind
    // them: its number would be that of the next run's before it is no longer watched for this one.
    void finish(Outcome<Done> outcome) {
        if (!done_)
            return;
        const auto done = std::exchange(done_, nullptr);
        runner_.loop_.post(
            [self = shared_from_this(), done, outcome = std::move(outcome)] { done(outcome); });
        auto& runner = runner_;
        const auto network = run_.network;
        runner.running_.finish(*this);
        runner.ended(network);
    }

    PluginRunner& runner_;
    PluginRun run_;
    Completion<Done> done_;
    UniqueFd socket_;
    Loop::SourcePtr heard_;
    Loop::SourcePtr deadline_;
};

PluginRunner::PluginRunner(Loop& loop, std::string directory, PluginSettings settings)
    : loop_(loop),
      directory_(std::move(directory)),
      settings_(std::move(settings)),
      // Numbers go on from where a predecessor left them.
      number_(static_cast<std::uint64_t>(loop.now().count()) / 1000) {}

PluginRunner::~PluginRunner() = default;

void PluginRunner::startWith(SupervisorStarter& starter) {
    starter_ = &starter;
    std::vector<std::string> waiting;
    for (const auto& [network, runs] : networks_)
        waiting.push_back(network);
    for (const auto& network : waiting)
        startNext(network);
}

void PluginRunner::checkInstalled(const std::vector<std::string>& programs) const {
    for (const auto& program : programs)
        if (std::none_of(settings_.path.begin(), settings_.path.end(), [&](const std::string& directory) {
                return ::access((directory + '/' + program).c_str(), X_OK) == 0;
            }))
            throw Error(Errc::InvalidArgument, "cni: there is no plugin " + quoted(program) + " in " +
                                                   joined(settings_.path, ", ") +
                                                   "; package containernetworking-plugins has those of the "
                                                   "distribution");
}

void PluginRunner::run(PluginRun run, Completion<Done> done) {
    const auto network = run.network;
    auto& runs = networks_[network];
    runs.push_back({std::move(run), std::move(done)});
    if (runs.size() == 1 && starter_ != nullptr)
        startNext(network);
}

void PluginRunner::startNext(const std::string& network) {
    auto& first = networks_.at(network).front();
    running_.start<Running>(*this, std::move(first)).begin();
}

void PluginRunner::ended(const std::string& network) {
    auto& runs = networks_.at(network);
    runs.pop_front();
    if (runs.empty())
        networks_.erase(network);
    else
        startNext(network);
}

} // namespace nsd
