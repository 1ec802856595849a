// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/etc_custody.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/etc_rules.hpp"
#include "daemon/core/namespaces.hpp"

#include <utility>

namespace nsd {

bool EtcCustody::isWanted(const CreateRequest& request) const {
    return maker_ != nullptr && mayHaveEtc(request.spec.types) &&
           (!request.spec.etc.empty() || !defaults_.empty() || maker_->isNetnsKnown(request.name));
}

void EtcCustody::make(const CreateRequest& request, Completion<MadeEtc> done) {
    maker_->make(request.name, defaults_, request.spec.etc, std::move(done));
}

void EtcCustody::place(const MadeEtc& etc, int directory, NamespaceRecord& record) {
    for (const auto& remark : etc.remarks)
        log_.warning(quoted(record.name.str()) + ": " + remark);
    if (!etc.mount)
        return;
    maker_->mount(etc, directory);
    record.etcFiles = etc.files;
}

void EtcCustody::remove(int directory) {
    if (maker_ != nullptr)
        maker_->remove(directory);
}

UniqueFd EtcCustody::copy(const NamespaceRecord& record) const {
    if (!has(record))
        return UniqueFd();
    refresh(record);
    auto etc = maker_->copy(store_.openDirectory(record.name.str()).get());
    if (!etc)
        log_.warning(quoted(record.name.str()) + " has lost its files in /etc: somebody has unmounted them");
    return etc;
}

void EtcCustody::refresh(const NamespaceRecord& record) const noexcept {
    if (!has(record))
        return;
    try {
        maker_->refresh(store_.openDirectory(record.name.str()).get());
    } catch (const Error& error) {
        log_.warning(quoted(record.name.str()) + ": " + error.text());
    }
}

void EtcCustody::refreshAll() const {
    ListOptions page;
    for (;;) {
        const auto records = registry_.list(page);
        for (const auto* const record : records)
            refresh(*record);
        if (records.size() < page.limit)
            return;
        page.after = records.back()->name.str();
    }
}

} // namespace nsd
