// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/reply.hpp"

#include <exception>
#include <new>
#include <string>

namespace nsd::bus {

Error currentError() noexcept {
    try {
        throw;
    } catch (const Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return {Errc::LimitExceeded, "nsd is out of memory"};
    } catch (const std::exception& error) {
        return {Errc::KernelError, std::string("nsd failed inside: ") + error.what()};
    } catch (...) {
        return {Errc::KernelError, "nsd failed inside, and does not know how"};
    }
}

} // namespace nsd::bus
