// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/forward/event_queue.hpp"
#include "client/forward/inside_sockets.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <systemd/sd-bus.h>
#include <vector>

namespace nsd::client {

// The line to nsd about one namespace, for a program that goes on for as long as that is there: says when it
// is gone, and gives sockets inside, some of them before they are asked for. nsd may go away and come back
// meanwhile, and its bus with it.
class NamespaceLine final : public InsideSockets, private EventQueue::Handler {
  public:
    // `bus`: the address; `path`: of the namespace's object. `gone` is called once, from ready() or
    // keepUp(). Throws Error where nsd is not there now.
    NamespaceLine(EventQueue& queue, std::string bus, std::string path, std::function<void()> gone);
    ~NamespaceLine() override;
    NamespaceLine(const NamespaceLine&) = delete;
    NamespaceLine& operator=(const NamespaceLine&) = delete;

    void ask(int family, Completion<UniqueFd> done) override;
    // One that was got already.
    void add(int family, UniqueFd socket);

    // Behind each turn of the queue, which takes at most patience() milliseconds.
    void keepUp();
    [[nodiscard]] int patience() const;

  private:
    struct Close {
        void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
    };
    struct Unref {
        void operator()(sd_bus_slot* slot) const noexcept { sd_bus_slot_unref(slot); }
    };
    // Of one family: sockets that wait for somebody, and who waits for one.
    struct Stock {
        std::vector<UniqueFd> spare;
        std::list<Completion<UniqueFd>> waiting;
        std::size_t asked = 0; // calls under way
    };
    struct Call {
        NamespaceLine* line;
        int family; // of a socket; 0: the question whether the namespace is there
        std::unique_ptr<sd_bus_slot, Unref> slot;
    };

    void ready(std::uint32_t events) override;
    void connect();
    void disconnect();
    void process();
    void updateEvents();
    void subscribe(const std::string& rule, sd_bus_message_handler_t handler);
    void call(int family, const char* interface, const char* member);
    void restock(int family);
    void checkIfThere();
    void onAnswer(Call& call, sd_bus_message* answer);
    void onSocket(int family, Outcome<UniqueFd> socket);
    void end();

    static int answered(sd_bus_message* message, void* call, sd_bus_error* error);
    static int removed(sd_bus_message* message, void* line, sd_bus_error* error);
    static int ownerChanged(sd_bus_message* message, void* line, sd_bus_error* error);

    EventQueue& queue_;
    std::string address_;
    std::string path_;
    std::function<void()> gone_;
    bool ended_ = false;
    std::unique_ptr<sd_bus, Close> bus_;
    int fd_ = -1; // of the bus, as it is registered
    std::vector<std::unique_ptr<sd_bus_slot, Unref>> matches_;
    std::list<Call> calls_;
    std::map<int, Stock> stocks_;
};

} // namespace nsd::client
