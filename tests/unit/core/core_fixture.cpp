// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <fcntl.h>

namespace nsd::test {
namespace {

UniqueFd openDirectory(const std::filesystem::path& path) {
    std::filesystem::create_directories(path);
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(fd) << path;
    return fd;
}

} // namespace

CoreTest::CoreTest()
    : fdsBefore_(countOpenFds()),
      namespaces_(std::make_unique<Namespaces>(loop_, kernel_, links_, log_, openDirectory(pins()))) {
    namespaces_->etc().use(etc_);
    namespaces_->attach(&events_);
    namespaces_->useNetRegister(netRegister_);
}

CoreTest::~CoreTest() {
    loop_.settle();
    namespaces_.reset();
    loop_.settle();
    EXPECT_TRUE(kernel_.leaked().empty()) << kernel_.leaked().front();
    // Each init that lives keeps two ends in the fake kernel: those are not the core's.
    EXPECT_EQ(countOpenFds(), fdsBefore_ + kernel_.openFds());
}

std::vector<Quarantined> CoreTest::restart() {
    namespaces_.reset();
    events_.seen.clear();
    namespaces_ = std::make_unique<Namespaces>(loop_, kernel_, links_, log_, openDirectory(pins()));
    namespaces_->etc().use(etc_);
    namespaces_->attach(&events_);
    namespaces_->useNetRegister(netRegister_);
    auto bad = namespaces_->recover();
    loop_.settle();
    return bad;
}

CreateRequest CoreTest::request(const std::string& name, NamespaceTypes types) {
    CreateRequest request{.name = Name(name)};
    request.spec.types = types;
    return request;
}

Uuid CoreTest::create(CreateRequest request) {
    std::vector<Outcome<Uuid>> answers;
    namespaces_->create(std::move(request), [&](Outcome<Uuid> outcome) { answers.push_back(outcome); });
    EXPECT_TRUE(answers.empty()) << "answered from inside the call";
    loop_.settle();
    EXPECT_EQ(answers.size(), 1U);
    return answers.at(0).value();
}

Uuid CoreTest::create(const std::string& name, NamespaceTypes types) {
    return create(request(name, types));
}

DestroyResult CoreTest::destroy(const Uuid& uuid, DestroyOptions options) {
    std::vector<Outcome<DestroyResult>> answers;
    namespaces_->destroy(
        uuid, options, [&](Outcome<DestroyResult> outcome) { answers.push_back(std::move(outcome)); });
    EXPECT_TRUE(answers.empty()) << "answered from inside the call";
    loop_.settle();
    EXPECT_EQ(answers.size(), 1U);
    return answers.at(0).value();
}

std::vector<std::string> CoreTest::entries(const std::string& below) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(pins() / below))
        if (const auto name = entry.path().filename().string(); !below.empty() || !name.starts_with('.'))
            names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

void CoreTest::expectNoLeftovers() const {
    EXPECT_TRUE(entries(".stage").empty());
    EXPECT_TRUE(entries(".trash").empty());
    EXPECT_TRUE(entries(".quarantine").empty());
}

const NamespaceRecord& CoreTest::record(const Uuid& uuid) const {
    const auto* record = namespaces_->findByUuid(uuid);
    if (record == nullptr)
        throw Error(Errc::NoSuchNamespace, "no record of " + uuid.str());
    return *record;
}

std::uint64_t CoreTest::inode(const Uuid& uuid, NamespaceType type) const {
    return record(uuid).identities.at(type).inode;
}

} // namespace nsd::test
