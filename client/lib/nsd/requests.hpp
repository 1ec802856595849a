// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// A part of <nsd/nsd.hpp>: what nsd can be told. What is not set here is nsd's choice.

#include <nsd/basics.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nsd::v0 {

// Where nsd is looked for, and what a call may bring about. Without an address: NSD_BUS_ADDRESS; else the
// system bus, and then nsd's own, unix:path=/run/nsd/bus.
class NSD_API ConnectOptions {
  public:
    ConnectOptions& address(const std::string& address); // of a D-Bus, and of no other
    ConnectOptions& interactive(bool allowed); // polkit may ask the user for a password; default: no
    ConnectOptions& startDaemon(bool allowed); // the bus may start an nsd that is not there; default: yes

    struct Data;

  private:
    friend class Client;
    std::shared_ptr<Data> data_;
};

// A veth pair, one end in a namespace. Addresses are ADDRESS/PREFIX.
class NSD_API Veth {
  public:
    explicit Veth(const std::string& name);       // inside
    Veth& peer(const std::string& name);          // the other end; else one of nsd's choice
    Veth& peerNamespace(const std::string& name); // else it is on the host
    Veth& address(const std::string& address);
    Veth& peerAddress(const std::string& address);
    Veth& route(const std::string& route); // "default via 10.0.0.1", "10.1.0.0/16"
    Veth& mtu(std::uint32_t mtu);

    struct Data;

  private:
    friend class Client;
    friend class CreateOptions;
    std::shared_ptr<Data> data_;
};

// How a namespace is made; each of these is an option of nsctl(1), create.
class NSD_API CreateOptions {
  public:
    CreateOptions& owner(std::uint32_t uid);
    CreateOptions& label(const std::string& key, const std::string& value);
    CreateOptions& hostname(const std::string& name);                        // type uts
    CreateOptions& domainname(const std::string& name);                      // type uts
    CreateOptions& sysctl(const std::string& key, const std::string& value); // net, ipc
    CreateOptions& uidMap(const std::vector<IdRange>& map);                  // type user
    CreateOptions& gidMap(const std::vector<IdRange>& map);                  // type user
    CreateOptions& mapRoot();                                                // type user
    CreateOptions& rootless();                                               // needs type user
    CreateOptions& monotonicOffset(std::chrono::nanoseconds offset);         // type time
    CreateOptions& boottimeOffset(std::chrono::nanoseconds offset);          // type time
    CreateOptions& ttl(std::chrono::microseconds span);                      // destroyed after it
    CreateOptions& lease();                                                  // destroyed after its last lease
    CreateOptions& persistent();                                             // made again after a reboot
    CreateOptions& publish();                                                // type net; shown to ip netns
    CreateOptions& cni(const std::string& conflist);                         // type net; the JSON text of one
    CreateOptions& veth(const Veth& link);                                   // type net
    CreateOptions& etc(Fd directory); // type net: its files are those of /etc for commands inside

    struct Data;

  private:
    friend class Client;
    std::shared_ptr<Data> data_;
};

class NSD_API DestroyOptions {
  public:
    DestroyOptions& force();                                 // members are killed first
    DestroyOptions& timeout(std::chrono::microseconds span); // how long the kernel is waited for

    struct Data;

  private:
    friend class Client;
    std::shared_ptr<Data> data_;
};

class NSD_API ExecOptions {
  public:
    ExecOptions& environment(const std::vector<std::string>& nameValues); // NAME=VALUE, and no others
    ExecOptions& directory(const std::string& path);                      // inside
    ExecOptions& standard(int in, int out, int err);                      // not taken over; -1: /dev/null
    ExecOptions& terminal(); // stdin, a terminal of its own, becomes the controlling one
    ExecOptions& types(const Types& types);
    ExecOptions& tied(); // killed when this Client goes

    struct Data;

  private:
    friend class Client;
    std::shared_ptr<Data> data_;
};

} // namespace nsd::v0
