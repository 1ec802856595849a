// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// The kernel's eight kinds of namespaces, in the order of their words (which is the order in which
// every list of types is answered).
enum class NamespaceType : std::uint8_t { Cgroup, Ipc, Mnt, Net, Pid, Time, User, Uts };

constexpr std::array allNamespaceTypes{NamespaceType::Cgroup, NamespaceType::Ipc, NamespaceType::Mnt,
    NamespaceType::Net, NamespaceType::Pid, NamespaceType::Time, NamespaceType::User, NamespaceType::Uts};

// The word of /proc/PID/ns and lsns: "net". A pin is named by it, too.
[[nodiscard]] std::string_view toWord(NamespaceType type) noexcept;
// Throws Error{InvalidArgument} that lists the words where this is none.
[[nodiscard]] NamespaceType namespaceTypeFromWord(std::string_view word);

// CLONE_NEW… of clone(2), unshare(2), setns(2); also what ioctl(NS_GET_NSTYPE) answers.
[[nodiscard]] int cloneFlag(NamespaceType type) noexcept;
// Throws Error{WrongFd} for a flag that is of no type known here.
[[nodiscard]] NamespaceType namespaceTypeFromCloneFlag(int flag);

// The file in /proc/PID/ns that leads to a namespace just made by unshare(2): for pid and time that
// is the namespace of the children ("pid_for_children"), since the caller itself stays outside.
[[nodiscard]] std::string_view procFileAfterUnshare(NamespaceType type) noexcept;

// A set of types; iterates in the order of the words.
class NamespaceTypes {
  public:
    constexpr NamespaceTypes() noexcept = default;
    constexpr NamespaceTypes(std::initializer_list<NamespaceType> types) noexcept {
        for (const auto type : types)
            insert(type);
    }

    [[nodiscard]] static constexpr NamespaceTypes all() noexcept {
        NamespaceTypes types;
        for (const auto type : allNamespaceTypes)
            types.insert(type);
        return types;
    }

    constexpr void insert(NamespaceType type) noexcept { bits_ |= bit(type); }
    constexpr void erase(NamespaceType type) noexcept { bits_ &= static_cast<std::uint8_t>(~bit(type)); }
    [[nodiscard]] constexpr bool contains(NamespaceType type) const noexcept {
        return (bits_ & bit(type)) != 0;
    }
    [[nodiscard]] constexpr bool containsAll(NamespaceTypes other) const noexcept {
        return (bits_ & other.bits_) == other.bits_;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept;
    friend constexpr bool operator==(NamespaceTypes, NamespaceTypes) noexcept = default;

    class Iterator {
      public:
        constexpr Iterator(std::uint8_t bits, std::size_t index) noexcept : bits_(bits), index_(index) {
            skip();
        }
        constexpr NamespaceType operator*() const noexcept { return allNamespaceTypes.at(index_); }
        constexpr Iterator& operator++() noexcept {
            ++index_;
            skip();
            return *this;
        }
        friend constexpr bool operator==(const Iterator& a, const Iterator& b) noexcept {
            return a.index_ == b.index_;
        }

      private:
        constexpr void skip() noexcept {
            while (index_ < allNamespaceTypes.size() && ((bits_ >> index_) & 1U) == 0)
                ++index_;
        }
        std::uint8_t bits_;
        std::size_t index_;
    };
    [[nodiscard]] constexpr Iterator begin() const noexcept { return {bits_, 0}; }
    [[nodiscard]] constexpr Iterator end() const noexcept { return {bits_, allNamespaceTypes.size()}; }

  private:
    static constexpr std::uint8_t bit(NamespaceType type) noexcept {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(type));
    }
    std::uint8_t bits_ = 0;
};

// {"net", "uts"}; in the order of the words.
[[nodiscard]] std::vector<std::string> toWords(NamespaceTypes types);
// "net, uts"
[[nodiscard]] std::string describe(NamespaceTypes types);
// Throws Error{InvalidArgument} for an unknown word, for a doubled one, and for an empty list.
[[nodiscard]] NamespaceTypes namespaceTypesFromWords(const std::vector<std::string>& words);

} // namespace nsd
