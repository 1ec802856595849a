// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/reply.hpp"

#include <exception>
#include <new>
#include <string>

namespace nsd::bus {

namespace {

// What sd-bus says when it cannot duplicate a descriptor for a message.
Error fromSystem(const sdbus::Error& error) {
    const auto& name = error.getName();
    const bool limit = name == "System.Error.EMFILE" || name == "System.Error.ENFILE";
    return {limit ? Errc::LimitExceeded : Errc::KernelError,
        std::string("nsd could not answer: ") + error.what()};
}

} // namespace

Error currentError() noexcept {
    try {
        throw;
    } catch (const Error& error) {
        return error;
    } catch (const sdbus::Error& error) {
        return fromSystem(error);
    } catch (const std::bad_alloc&) {
        return {Errc::LimitExceeded, "nsd is out of memory"};
    } catch (const std::exception& error) {
        return {Errc::KernelError, std::string("nsd failed inside: ") + error.what()};
    } catch (...) {
        return {Errc::KernelError, "nsd failed inside, and does not know how"};
    }
}

} // namespace nsd::bus
