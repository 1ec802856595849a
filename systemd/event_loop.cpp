// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/event_loop.hpp"

#include "common/error.hpp"
#include "systemd/child_reaper.hpp"
#include "systemd/watched_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <string>
#include <utility>

namespace nsd {
namespace {

void check(int result, const char* step) {
    if (result < 0)
        throw kernelError(step, "the event loop", -result);
}

struct EventUnref {
    void operator()(sd_event* event) const noexcept { sd_event_unref(event); }
};
struct SourceUnref {
    void operator()(sd_event_source* source) const noexcept { sd_event_source_disable_unref(source); }
};
using SdEvent = std::unique_ptr<sd_event, EventUnref>;
using SdSource = std::unique_ptr<sd_event_source, SourceUnref>;

// Blocks the signals that the loop handles, for as long as it lives.
class SignalMask {
  public:
    SignalMask() {
        sigset_t mask;
        ::sigemptyset(&mask);
        for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGPIPE})
            ::sigaddset(&mask, signal);
        ::pthread_sigmask(SIG_BLOCK, &mask, &before_);
    }
    SignalMask(const SignalMask&) = delete;
    SignalMask& operator=(const SignalMask&) = delete;
    ~SignalMask() {
        sigset_t pipe;
        ::sigemptyset(&pipe);
        ::sigaddset(&pipe, SIGPIPE);
        const timespec now{};
        while (::sigtimedwait(&pipe, nullptr, &now) > 0) {
        }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t before_{};
};

} // namespace

class EventLoop::Impl {
  public:
    explicit Impl(Log& log);

    // Runs a handler; its exception ends the loop.
    template <class Handler>
    void guarded(Handler handler) noexcept;
    void requestExit(int status) const noexcept;
    // Not an error where the loop has ended (-ESTALE): what is taken down then may still post, and
    // discardPosted() is for that.
    void startPosted() const {
        const int result = sd_event_source_set_enabled(postSource.get(), SD_EVENT_ONESHOT);
        if (result != -ESTALE)
            check(result, "wake");
    }
    void runBatch(std::deque<std::function<void()>> batch) noexcept;
    void reap() noexcept;
    void addSignal(int signal, sd_event_signal_handler_t handler);

    Log& log;
    SignalMask signalMask; // before the signal sources, which want it blocked
    SdEvent event;
    ChildReaper children;
    std::deque<std::function<void()>> posted;
    std::function<void()> hangUp;
    std::vector<SdSource> signalSources;
    SdSource postSource;
};

namespace {

// A handler that is called by sd-event. The dispatch holds a share of it, so that a handler may
// destroy its own registration.
template <class Loop, class... Args>
struct Callback : std::enable_shared_from_this<Callback<Loop, Args...>> {
    Callback(Loop& l, std::function<void(Args...)> h) : loop(l), handler(std::move(h)) {}
    void call(Args... args) noexcept {
        const auto self = this->shared_from_this();
        loop.guarded([&] { self->handler(args...); });
    }
    Loop& loop;
    std::function<void(Args...)> handler;
};

template <class Callback>
class EventSource final : public Loop::Source {
  public:
    explicit EventSource(std::shared_ptr<Callback> callback) : callback_(std::move(callback)) {}
    [[nodiscard]] Callback* callback() const noexcept { return callback_.get(); }
    void own(sd_event_source* source) noexcept { source_.reset(source); }

  private:
    std::shared_ptr<Callback> callback_;
    SdSource source_; // goes first
};

class DescriptorSource final : public Loop::Source {
  public:
    DescriptorSource(int fd, Loop::SourcePtr source) : source_(std::move(source)), watched_(fd) {}

  private:
    Loop::SourcePtr source_;
    WatchedDescriptor watched_; // looked at before the source goes
};

class ChildSource final : public Loop::Source {
  public:
    explicit ChildSource(ChildReaper::WatchPtr watch) : watch_(std::move(watch)) {}
    ChildSource(const ChildSource&) = delete;
    ChildSource& operator=(const ChildSource&) = delete;
    ~ChildSource() override { watch_->active = false; }

  private:
    ChildReaper::WatchPtr watch_;
};

} // namespace

EventLoop::Impl::Impl(Log& l) : log(l) {
    sd_event* made = nullptr;
    check(sd_event_new(&made), "make");
    event.reset(made);

    sd_event_source* source = nullptr;
    const auto runPosted = [](sd_event_source*, void* self) noexcept {
        auto& impl = *static_cast<Impl*>(self);
        impl.runBatch(std::exchange(impl.posted, {}));
        return 0;
    };
    check(sd_event_add_defer(event.get(), &source, runPosted, this), "add a source to");
    postSource.reset(source);
    check(sd_event_source_set_enabled(source, SD_EVENT_OFF), "add a source to");

    const auto onChild = [](sd_event_source*, const signalfd_siginfo*, void* self) noexcept {
        static_cast<Impl*>(self)->reap();
        return 0;
    };
    const auto onStop = [](sd_event_source*, const signalfd_siginfo* info, void* self) noexcept {
        auto& impl = *static_cast<Impl*>(self);
        impl.log.info(info->ssi_signo == SIGTERM ? "Ending at SIGTERM" : "Ending at SIGINT");
        impl.requestExit(EXIT_SUCCESS);
        return 0;
    };
    const auto onHangUp = [](sd_event_source*, const signalfd_siginfo*, void* self) noexcept {
        auto& impl = *static_cast<Impl*>(self);
        if (impl.hangUp)
            impl.guarded(impl.hangUp);
        return 0;
    };
    addSignal(SIGCHLD, onChild);
    addSignal(SIGTERM, onStop);
    addSignal(SIGINT, onStop);
    addSignal(SIGHUP, onHangUp);
}

template <class Handler>
void EventLoop::Impl::guarded(Handler handler) noexcept {
    try {
        handler();
        return;
    } catch (const std::exception& error) {
        log.error(std::string("A handler failed: ") + error.what());
    } catch (...) {
        log.error("A handler failed");
    }
    requestExit(EXIT_FAILURE);
}

void EventLoop::Impl::requestExit(int status) const noexcept {
    int already = 0;
    if (sd_event_get_exit_code(event.get(), &already) >= 0 && already != EXIT_SUCCESS)
        return; // the first failure is the one to tell
    sd_event_exit(event.get(), status);
}

void EventLoop::Impl::runBatch(std::deque<std::function<void()>> batch) noexcept {
    for (auto& work : batch)
        guarded(std::exchange(work, nullptr)); // destroyed here, before the next one runs
}

void EventLoop::Impl::reap() noexcept {
    guarded([&] {
        children.reapAll(
            [&](const ChildReaper::WatchPtr& watch, int status) { guarded([&] { watch->exited(status); }); });
    });
}

void EventLoop::Impl::addSignal(int signal, sd_event_signal_handler_t handler) {
    sd_event_source* source = nullptr;
    check(sd_event_add_signal(event.get(), &source, signal, handler, this), "add a signal to");
    signalSources.emplace_back(source);
}

EventLoop::EventLoop(Log& log) : impl_(std::make_unique<Impl>(log)) {
    // Children that ended before the signal was blocked have sent it to nobody.
    post([this] { impl_->reap(); });
}

EventLoop::~EventLoop() = default;

int EventLoop::run() {
    const int status = sd_event_loop(impl_->event.get());
    check(status, "run");
    return status;
}

void EventLoop::onHangUp(std::function<void()> handler) {
    impl_->hangUp = std::move(handler);
}

void EventLoop::discardPosted() noexcept {
    while (!impl_->posted.empty()) // a destructor may post
        std::exchange(impl_->posted, {}).clear();
}

sd_event* EventLoop::handle() const noexcept {
    return impl_->event.get();
}

Loop::SourcePtr EventLoop::watch(int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) {
    using Ready = Callback<Impl, std::uint32_t>;
    auto source = std::make_unique<EventSource<Ready>>(std::make_shared<Ready>(*impl_, std::move(ready)));
    const auto dispatch = [](sd_event_source*, int, std::uint32_t seen, void* callback) noexcept {
        static_cast<Ready*>(callback)->call(seen);
        return 0;
    };
    sd_event_source* made = nullptr;
    check(
        sd_event_add_io(handle(), &made, fd, events, dispatch, source->callback()), "watch a descriptor in");
    source->own(made);
    return std::make_unique<DescriptorSource>(fd, std::move(source));
}

Loop::SourcePtr EventLoop::after(std::chrono::microseconds delay, std::function<void()> due) {
    using Due = Callback<Impl>;
    auto source = std::make_unique<EventSource<Due>>(std::make_shared<Due>(*impl_, std::move(due)));
    const auto dispatch = [](sd_event_source*, std::uint64_t, void* callback) noexcept {
        static_cast<Due*>(callback)->call();
        return 0;
    };
    const auto start = static_cast<std::uint64_t>(now().count());
    const auto wait = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0));
    constexpr std::uint64_t accuracy = 1000; // µs; 0 would mean sd-event's 250 ms
    sd_event_source* made = nullptr;
    check(sd_event_add_time(
              handle(), &made, CLOCK_BOOTTIME, start + wait, accuracy, dispatch, source->callback()),
        "add a timer to");
    source->own(made);
    return source;
}

Loop::SourcePtr EventLoop::onExit(pid_t child, std::function<void(int)> exited) {
    auto watch = std::make_shared<ChildReaper::Watch>(ChildReaper::Watch{child, std::move(exited)});
    int status = 0;
    if (!impl_->children.add(watch, status))
        post([watch, status] {
            if (watch->active)
                watch->exited(status);
        });
    return std::make_unique<ChildSource>(std::move(watch));
}

void EventLoop::post(std::function<void()> work) {
    impl_->posted.push_back(std::move(work));
    impl_->startPosted();
}

std::chrono::microseconds EventLoop::now() const {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

void EventLoop::exit(int status) {
    impl_->requestExit(status);
}

} // namespace nsd
