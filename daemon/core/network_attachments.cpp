// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/network_attachments.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "config/conflist.hpp"
#include "config/network_attachment.hpp"
#include "daemon/core/beneath.hpp"
#include "daemon/core/state_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr const char* recordLeaf = "cni";
constexpr const char* linkInside = "eth0";
constexpr const char* notesLeaf = "cni";
constexpr std::string_view noteSuffix = ".json";

UniqueFd openRecord(int directory, const std::string& leaf) {
    return openBeneath(directory, leaf, O_RDWR | O_APPEND);
}

NetworkAttachment readAttachment(int directory, const std::string& leaf) {
    return parseNetworkAttachment(readSmallFile(directory, leaf, maxAttachment));
}

Uuid containerOf(const NetworkAttachment& attachment) {
    if (const auto uuid = Uuid::parse(attachment.container))
        return *uuid;
    throw Error(Errc::InvalidArgument, quoted(attachment.container) + " is not a UUID of 32 hex digits");
}

PluginRun runOf(PluginRun::Command command, const std::string& conflistText) {
    const auto conflist = conflistOf(conflistText);
    return {.command = command, .network = conflist.network, .plugins = conflist.plugins};
}

std::string leafOf(const Uuid& container) {
    return container.str() + std::string(noteSuffix);
}

} // namespace

void NetworkAttachments::check(const std::string& conflist) const {
    if (plugins_ == nullptr)
        throw Error(Errc::InvalidArgument, "cni: there is nobody here who runs plugins");
    plugins_->checkInstalled(conflistOf(conflist).programs);
}

void NetworkAttachments::attach(const Place& place, const Uuid& container, const Name& name,
    const std::string& conflist, Completion<Done> done) {
    const auto text = toLine({.container = container.str(), .interface = linkInside, .conflist = conflist});
    auto run = runOf(PluginRun::Command::Add, conflist);
    run.netns = place.path + "/net";
    run.what = run.network + " of " + name.str();
    writeNewFile(place.directory, recordLeaf, text);
    run.record = openRecord(place.directory, recordLeaf);
    writeNote(container, text);
    plugins_->run(std::move(run), std::move(done));
}

bool NetworkAttachments::isAttached(int directory) {
    struct stat status {};
    return ::fstatat(directory, recordLeaf, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

std::string NetworkAttachments::resultIn(int directory) {
    return isAttached(directory) ? readAttachment(directory, recordLeaf).result : "";
}

void NetworkAttachments::detach(const Place& place, bool pinned, Completion<Done> done) {
    try {
        if (plugins_ == nullptr)
            throw Error(Errc::KernelError, "cni: there is nobody here who runs plugins");
        const auto attachment = readAttachment(place.directory, recordLeaf);
        auto run = runOf(PluginRun::Command::Del, attachment.conflist);
        run.record = openRecord(place.directory, recordLeaf);
        run.netns = pinned ? place.path + "/net" : "";
        run.what = run.network + " of " + attachment.container;
        runDetach(std::move(run), containerOf(attachment), done);
    } catch (const Error& error) {
        loop_.post([done = std::move(done), error] { done(error); });
    }
}

void NetworkAttachments::runDetach(PluginRun run, const Uuid& container, Completion<Done> done) {
    underWay_.insert(container);
    plugins_->run(std::move(run), [weak = std::weak_ptr<NetworkAttachments>(self_), container,
                                      done = std::move(done)](Outcome<Done> outcome) {
        const auto self = weak.lock();
        if (!self)
            return;
        self->underWay_.erase(container);
        if (outcome.ok())
            self->removeNote(container);
        done(std::move(outcome));
    });
}

void NetworkAttachments::detachForgotten(const std::function<bool(const Uuid&)>& isThere) {
    try {
        const auto notes = openNotes(false);
        if (!notes || plugins_ == nullptr)
            return;
        for (const auto& leaf : entriesOf(notes.get())) {
            const std::string_view view = leaf;
            const auto uuid = view.ends_with(noteSuffix)
                                  ? Uuid::parse(view.substr(0, view.size() - noteSuffix.size()))
                                  : std::nullopt;
            if (uuid && !isThere(*uuid) && !underWay_.contains(*uuid))
                detachForgotten(notes.get(), leaf, *uuid);
        }
    } catch (const Error& error) {
        log_.warning("what networks of earlier namespaces have left is not known: " + error.text());
    }
}

void NetworkAttachments::detachForgotten(int notes, const std::string& leaf, const Uuid& container) {
    try {
        const auto attachment = readAttachment(notes, leaf);
        if (containerOf(attachment) != container)
            throw Error(Errc::InvalidArgument, "it is another namespace's");
        auto run = runOf(PluginRun::Command::Del, attachment.conflist);
        run.record = openRecord(notes, leaf);
        run.what = run.network + " of " + attachment.container + ", which is gone";
        log_.info("network " + quoted(run.network) + " has something left of namespace " +
                  attachment.container + ", which is gone: it is taken down");
        runDetach(std::move(run), container, [this, leaf](const Outcome<Done>& outcome) {
            if (!outcome.ok())
                log_.warning(pathOfNote(leaf) + ": what is left of a namespace that is gone is still " +
                             "there, until the next start: " + outcome.error().text());
        });
    } catch (const Error& error) {
        const bool isWrong = error.code() == Errc::InvalidArgument; // else it may be right at the next start
        log_.warning(pathOfNote(leaf) + (isWrong ? ": is removed: " : ": ") + error.text());
        if (isWrong)
            removeNote(container);
    }
}

void NetworkAttachments::writeNote(const Uuid& container, const std::string& text) {
    if (state_.empty())
        return;
    try {
        const auto notes = openNotes(true);
        removeFile(notes.get(), leafOf(container));
        writeNewFile(notes.get(), leafOf(container), text);
    } catch (const Error& error) {
        log_.warning("what plugins keep for namespace " + container.str() +
                     " would not be found after a reboot: " + pathOfNote(leafOf(container)) + ": " +
                     error.text());
    }
}

void NetworkAttachments::removeNote(const Uuid& container) noexcept {
    try {
        if (const auto notes = openNotes(false))
            removeFile(notes.get(), leafOf(container));
    } catch (const Error& error) {
        log_.warning(pathOfNote(leafOf(container)) + ": " + error.text());
    }
}

UniqueFd NetworkAttachments::openNotes(bool make) const {
    return state_.empty() ? UniqueFd() : openInStateDirectory(state_, notesLeaf, make);
}

std::string NetworkAttachments::pathOfNote(const std::string& leaf) const {
    return state_ + '/' + notesLeaf + '/' + leaf;
}

} // namespace nsd
