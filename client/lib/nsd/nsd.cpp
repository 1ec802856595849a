// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"

#include "client/bus/bus_address.hpp"

#include <functional>
#include <iterator>

namespace nsd::v0 {
namespace {

std::vector<Holder> holdersOf(const std::vector<nsd::Holder>& known) {
    std::vector<Holder> holders;
    holders.reserve(known.size());
    for (const auto& holder : known)
        holders.push_back({holder.kind, holder.pid, holder.comm, holder.type, holder.detail});
    return holders;
}

Destroyed::Released releasedOf(const std::string& word) {
    using Released = Destroyed::Released;
    return word == "yes" ? Released::Yes : word == "no" ? Released::No : Released::Unknown;
}

client::Grant insideOf(const Grant& grant) {
    return {grant.kind, grant.id, grant.rights};
}

// A public answer around what was read.
template <class Answer, class Read>
Answer answer(Read read) {
    return Answer(std::make_shared<const typename Answer::Data>(typename Answer::Data{std::move(read)}));
}

} // namespace

Client::Client(const ConnectOptions& options) {
    const auto given = contents(options.data_);
    data_ = std::make_shared<Data>(
        client::selectBuses(client::busSelectionFromEnvironment(given.address)), given.manners);
}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

std::string Client::create(const std::string& name, const Types& types, const CreateOptions& options) {
    return translated([&] { return data_->create(name, inside(types), contents(options.data_)); });
}

std::string Client::adopt(
    const std::string& name, const std::map<Type, int>& fds, const CreateOptions& options) {
    return translated([&] {
        client::NamespaceFds copies;
        for (const auto& [type, fd] : fds)
            copies.emplace(inside(type), duplicateFd(fd));
        return data_->adopt(name, copies, contents(options.data_));
    });
}

Destroyed Client::destroy(const std::string& name, const DestroyOptions& options) {
    return translated([&] {
        auto result = data_->destroy(name, contents(options.data_));
        return Destroyed{releasedOf(result.released), holdersOf(result.holders), std::move(result.warnings)};
    });
}

void Client::rename(const std::string& from, const std::string& to) {
    translated([&] { data_->rename(from, to); });
}

std::vector<ListedNamespace> Client::list(const Labels& filter) {
    return translated([&] {
        std::vector<ListedNamespace> rows;
        for (auto& row : data_->list(filter))
            rows.push_back(answer<ListedNamespace>(std::move(row)));
        return rows;
    });
}

Namespace Client::get(const std::string& name) {
    return translated([&] { return answer<Namespace>(data_->show(name)); });
}

std::vector<Holder> Client::holders(const std::string& name) {
    return translated([&] { return holdersOf(data_->holders(name)); });
}

std::pair<std::string, Type> Client::identify(int fd) {
    return translated([&] {
        auto [name, word] = data_->identify(fd);
        return std::pair(std::move(name), outside(namespaceTypeFromWord(word)));
    });
}

std::map<Type, std::string> Client::identifyProcess(int pidfd) {
    return translated([&] {
        std::map<Type, std::string> names;
        for (auto& [word, name] : data_->identifyProcess(pidfd))
            names.emplace(outside(namespaceTypeFromWord(word)), name);
        return names;
    });
}

Status Client::status() {
    return translated([&] { return answer<Status>(data_->status()); });
}

Entrance Client::enter(const std::string& name, const Types& types) {
    return translated([&] {
        return Entrance(std::make_unique<Entrance::Data>(Entrance::Data{data_->enter(name, inside(types))}));
    });
}

Command Client::exec(
    const std::string& name, const std::vector<std::string>& argv, const ExecOptions& options) {
    return translated([&] {
        auto started = data_->exec(name, argv, contents(options.data_));
        return Command(std::make_shared<Command::Data>(Command::Data{data_, std::move(started)}));
    });
}

Lease Client::hold(const std::string& name) {
    return translated([&] { return Lease(outside(data_->hold(name))); });
}

Fd Client::openSocket(const std::string& name, int family, int type) {
    return translated([&] { return outside(data_->openSocket(name, family, type)); });
}

void Client::setLabels(const std::string& path, const Labels& labels) {
    translated([&] { data_->setLabels(path, labels); });
}

void Client::grant(const std::string& name, const Grant& grant) {
    translated([&] { data_->grant(name, insideOf(grant)); });
}

void Client::revoke(const std::string& name, const Grant& grant) {
    translated([&] { data_->revoke(name, insideOf(grant)); });
}

void Client::moveLink(const std::string& name, const std::string& link, const std::string& newName) {
    translated([&] { data_->moveLink(name, link, newName); });
}

void Client::returnLink(const std::string& name, const std::string& link, const std::string& newName) {
    translated([&] { data_->returnLink(name, link, newName); });
}

void Client::addLink(const std::string& name, const Veth& link) {
    translated([&] { data_->addLink(name, contents(link.data_)); });
}

void Client::subscribe() {
    translated([&] { data_->subscribe(); });
}

std::optional<Event> Client::nextEvent(std::chrono::microseconds limit) {
    return translated([&]() -> std::optional<Event> {
        auto event = data_->nextEvent(limit);
        if (!event)
            return std::nullopt;
        return Event{event->sequence, std::move(event->what), std::move(event->name), std::move(event->path)};
    });
}

} // namespace nsd::v0
