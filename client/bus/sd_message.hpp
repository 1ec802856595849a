// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <systemd/sd-bus.h>
#include <vector>

namespace nsd::client {

// One message of sd-bus, and the only place where its types are written or read: each function is
// one D-Bus type, and throws Error where the message cannot take it or has something else there.
class SdMessage {
  public:
    // Takes over the caller's reference.
    explicit SdMessage(sd_bus_message* message) noexcept : message_(message) {}

    [[nodiscard]] bool isSignal(const char* interface, const char* member) const noexcept;

    // Not const: who has it can write to it.
    [[nodiscard]] sd_bus_message* get() noexcept { return message_.get(); }

    void addString(const std::string& value);
    void addBool(bool value);
    void addUint32(std::uint32_t value);
    void addUint64(std::uint64_t value);
    void addInt64(std::int64_t value);
    void addInt32(std::int32_t value);
    void addFd(int fd);                                                  // sd-bus duplicates it
    void addStrings(const std::vector<std::string>& values);             // as
    void addStringMap(const std::map<std::string, std::string>& values); // a{ss}
    // A container: type 'a', 'r', 'v', 'e' as in sd_bus_message_open_container(3).
    void add(char type, const char* contents, const std::function<void()>& body);
    // An a{sv}; `body` calls addOption for each.
    void addOptions(const std::function<void()>& body);
    void addOption(const char* key, const char* type, const std::function<void()>& value);
    // A text; none where it is empty.
    void addOption(const char* key, const std::string& text);

    [[nodiscard]] std::string readString();                           // s
    [[nodiscard]] std::string readPath();                             // o
    [[nodiscard]] bool readBool();                                    // b
    [[nodiscard]] std::uint32_t readUint32();                         // u
    [[nodiscard]] std::uint64_t readUint64();                         // t
    [[nodiscard]] std::int32_t readInt32();                           // i
    [[nodiscard]] UniqueFd readFd();                                  // h; a copy that is ours and O_CLOEXEC
    [[nodiscard]] std::vector<std::string> readStrings();             // as
    [[nodiscard]] std::map<std::string, std::string> readStringMap(); // a{ss}
    [[nodiscard]] std::map<std::string, std::uint64_t> readNumberMap(); // a{st}
    // Calls `element` for each element of an array of `contents`.
    void readArray(const char* contents, const std::function<void()>& element);
    void readContainer(char type, const char* contents, const std::function<void()>& body);
    // Over values of these types, which are of no interest.
    void skip(const char* types);
    // An a{sv}: `value` is called inside the variant of each key and reads it, or answers false,
    // and it is skipped: a newer daemon may say more.
    void readOptions(const std::function<bool(const std::string& key)>& value);
    // The same, with a function for each key.
    using Readers = std::map<std::string, std::function<void()>>;
    void readOptions(const Readers& readers);

  private:
    struct Unref {
        void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
    };
    void append(char type, const void* value);
    void read(char type, void* value);

    std::unique_ptr<sd_bus_message, Unref> message_;
};

} // namespace nsd::client
