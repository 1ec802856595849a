// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"

namespace nsd::v0 {
namespace {

std::chrono::system_clock::time_point timeOf(std::uint64_t microseconds) {
    return std::chrono::system_clock::time_point(
        std::chrono::microseconds(static_cast<std::int64_t>(microseconds)));
}

template <class Value>
Value valueOf(const std::map<std::string, Value>& values, Type type) {
    const auto found = values.find(toWord(type));
    return found != values.end() ? found->second : Value();
}

} // namespace

const std::string& ListedNamespace::name() const noexcept {
    return data_->name;
}
const std::string& ListedNamespace::path() const noexcept {
    return data_->path;
}
const std::string& ListedNamespace::uuid() const noexcept {
    return data_->uuid;
}
Types ListedNamespace::types() const {
    return outside(data_->types);
}
std::uint32_t ListedNamespace::owner() const noexcept {
    return data_->owner;
}
const std::string& ListedNamespace::state() const noexcept {
    return data_->state;
}
const std::string& ListedNamespace::origin() const noexcept {
    return data_->origin;
}
std::chrono::system_clock::time_point ListedNamespace::created() const {
    return timeOf(data_->created);
}
const Labels& ListedNamespace::labels() const noexcept {
    return data_->labels;
}

const std::string& Namespace::name() const noexcept {
    return data_->name;
}
const std::string& Namespace::path() const noexcept {
    return data_->path;
}
const std::string& Namespace::uuid() const noexcept {
    return data_->uuid;
}
Types Namespace::types() const {
    return outside(data_->types);
}
std::string Namespace::pin(Type type) const {
    return valueOf(data_->pins, type);
}
std::uint64_t Namespace::inode(Type type) const {
    return valueOf(data_->inodes, type);
}
std::uint64_t Namespace::id(Type type) const {
    return valueOf(data_->ids, type);
}
std::uint32_t Namespace::owner() const noexcept {
    return data_->owner;
}
const Labels& Namespace::labels() const noexcept {
    return data_->labels;
}
std::chrono::system_clock::time_point Namespace::created() const {
    return timeOf(data_->created);
}
const std::string& Namespace::origin() const noexcept {
    return data_->origin;
}
const std::string& Namespace::lifetime() const noexcept {
    return data_->lifetime;
}
const std::string& Namespace::state() const noexcept {
    return data_->state;
}
std::vector<Grant> Namespace::grants() const {
    std::vector<Grant> grants;
    grants.reserve(data_->grants.size());
    for (const auto& grant : data_->grants)
        grants.push_back({grant.kind, grant.id, grant.rights});
    return grants;
}
const std::string& Namespace::controlGroup() const noexcept {
    return data_->controlGroup;
}
std::int32_t Namespace::nsid() const noexcept {
    return data_->nsid;
}
const std::string& Namespace::publicPath() const noexcept {
    return data_->publicPath;
}
const std::vector<std::string>& Namespace::etcFiles() const noexcept {
    return data_->etcFiles;
}
const std::string& Namespace::cni() const noexcept {
    return data_->cni;
}

const std::string& Status::bus() const noexcept {
    return data_->bus;
}
const std::string& Status::version() const noexcept {
    return data_->version;
}
Types Status::types() const {
    return outside(data_->types);
}
std::uint32_t Status::namespaces() const noexcept {
    return data_->namespaces;
}
std::uint64_t Status::sequence() const noexcept {
    return data_->sequence;
}

} // namespace nsd::v0
