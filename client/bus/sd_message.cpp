// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/sd_message.hpp"

#include "common/error.hpp"

namespace nsd::client {
namespace {

// The call cannot be written: too long a string, too many descriptors, no memory.
void checkWritten(int result) {
    if (result == -EINVAL)
        throw Error(Errc::InvalidArgument, "D-Bus cannot carry a value (is it UTF-8?)", EINVAL);
    if (result < 0)
        throw kernelError("write", "a D-Bus message", -result);
}

// The answer is not what the interface says; -ENXIO: it is too short.
void checkRead(int result) {
    if (result <= 0)
        throw Error(Errc::KernelError,
            "nsd's answer has an unexpected form: is it another version than nsctl?",
            result < 0 ? -result : 0);
}

} // namespace

void SdMessage::append(char type, const void* value) {
    checkWritten(sd_bus_message_append_basic(get(), type, value));
}

void SdMessage::read(char type, void* value) {
    checkRead(sd_bus_message_read_basic(get(), type, value));
}

void SdMessage::addString(const std::string& value) {
    append('s', value.c_str());
}
void SdMessage::addUint32(std::uint32_t value) {
    append('u', &value);
}
void SdMessage::addUint64(std::uint64_t value) {
    append('t', &value);
}
void SdMessage::addInt64(std::int64_t value) {
    append('x', &value);
}
void SdMessage::addInt32(std::int32_t value) {
    append('i', &value);
}
void SdMessage::addFd(int fd) {
    append('h', &fd);
}

void SdMessage::addBool(bool value) {
    const int wide = value ? 1 : 0; // sd-bus reads an int
    append('b', &wide);
}

void SdMessage::add(char type, const char* contents, const std::function<void()>& body) {
    checkWritten(sd_bus_message_open_container(get(), type, contents));
    body();
    checkWritten(sd_bus_message_close_container(get()));
}

void SdMessage::addStrings(const std::vector<std::string>& values) {
    add('a', "s", [&] {
        for (const auto& value : values)
            addString(value);
    });
}

void SdMessage::addStringMap(const std::map<std::string, std::string>& values) {
    add('a', "{ss}", [&] {
        for (const auto& [key, value] : values)
            add('e', "ss", [&, &k = key, &v = value] {
                addString(k);
                addString(v);
            });
    });
}

void SdMessage::addOptions(const std::function<void()>& body) {
    add('a', "{sv}", body);
}

void SdMessage::addOption(const char* key, const char* type, const std::function<void()>& value) {
    add('e', "sv", [&] {
        addString(key);
        add('v', type, value);
    });
}

void SdMessage::addOption(const char* key, const std::string& text) {
    if (!text.empty())
        addOption(key, "s", [&] { addString(text); });
}

std::string SdMessage::readString() {
    const char* value = nullptr;
    read('s', static_cast<void*>(&value));
    return value;
}

bool SdMessage::isSignal(const char* interface, const char* member) const noexcept {
    return sd_bus_message_is_signal(message_.get(), interface, member) > 0;
}

std::string SdMessage::readPath() {
    const char* value = nullptr;
    read('o', static_cast<void*>(&value));
    return value;
}

bool SdMessage::readBool() {
    int value = 0; // sd-bus's form of it
    read('b', &value);
    return value != 0;
}

std::uint32_t SdMessage::readUint32() {
    std::uint32_t value = 0;
    read('u', &value);
    return value;
}

std::uint64_t SdMessage::readUint64() {
    std::uint64_t value = 0;
    read('t', &value);
    return value;
}

std::int32_t SdMessage::readInt32() {
    std::int32_t value = 0;
    read('i', &value);
    return value;
}

UniqueFd SdMessage::readFd() {
    int fd = -1; // belongs to the message
    read('h', &fd);
    return duplicateFd(fd);
}

void SdMessage::readArray(const char* contents, const std::function<void()>& element) {
    checkRead(sd_bus_message_enter_container(get(), 'a', contents));
    while (sd_bus_message_at_end(get(), 0) == 0)
        element();
    checkRead(sd_bus_message_exit_container(get()));
}

void SdMessage::readContainer(char type, const char* contents, const std::function<void()>& body) {
    checkRead(sd_bus_message_enter_container(get(), type, contents));
    body();
    checkRead(sd_bus_message_exit_container(get()));
}

void SdMessage::skip(const char* types) {
    checkRead(sd_bus_message_skip(get(), types));
}

std::vector<std::string> SdMessage::readStrings() {
    std::vector<std::string> values;
    readArray("s", [&] { values.push_back(readString()); });
    return values;
}

std::map<std::string, std::string> SdMessage::readStringMap() {
    std::map<std::string, std::string> values;
    readArray("{ss}", [&] {
        readContainer('e', "ss", [&] {
            auto key = readString();
            values[std::move(key)] = readString();
        });
    });
    return values;
}

std::map<std::string, std::uint64_t> SdMessage::readNumberMap() {
    std::map<std::string, std::uint64_t> values;
    readArray("{st}", [&] {
        readContainer('e', "st", [&] {
            auto key = readString();
            values[std::move(key)] = readUint64();
        });
    });
    return values;
}

void SdMessage::readOptions(const std::function<bool(const std::string& key)>& value) {
    readArray("{sv}", [&] {
        readContainer('e', "sv", [&] {
            const auto key = readString();
            const char* contents = nullptr;
            checkRead(sd_bus_message_peek_type(get(), nullptr, &contents));
            readContainer('v', contents, [&] {
                if (!value(key))
                    skip(contents);
            });
        });
    });
}

void SdMessage::readOptions(const Readers& readers) {
    readOptions([&](const std::string& key) {
        const auto reader = readers.find(key);
        if (reader == readers.end())
            return false;
        reader->second();
        return true;
    });
}

} // namespace nsd::client
