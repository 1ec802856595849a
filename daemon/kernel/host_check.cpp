// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/host_check.hpp"

#include "common/error.hpp"
#include "daemon/kernel/process_facts.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

// What container managers leave to be seen; see systemd's CONTAINER_INTERFACE.
constexpr std::array containerMarks{
    "/run/systemd/container", "/run/host/container-manager", "/run/.containerenv", "/.dockerenv"};

bool isInContainer() {
    for (const auto* mark : containerMarks)
        if (::access(mark, F_OK) == 0)
            return true;
    return ::getenv("container") != nullptr;
}

bool wasStartedBySystemd() {
    const char* pid = ::getenv("SYSTEMD_EXEC_PID");
    return pid != nullptr && std::to_string(::getpid()) == pid;
}

} // namespace

HostFacts readHostFacts() {
    HostFacts facts;
    facts.euid = ::geteuid();
    facts.startedBySystemd = wasStartedBySystemd();
    facts.inContainer = isInContainer();
    struct stat status {};
    if (::stat("/proc/self/ns/mnt", &status) != 0)
        throw kernelError("stat", "/proc/self/ns/mnt (is /proc mounted?)", errno);
    facts.ownMountNamespace = status.st_ino;
    if (::stat("/proc/1/ns/mnt", &status) == 0)
        facts.mountNamespaceOfProcess1 = status.st_ino;
    else
        facts.whyUnreadable = errnoText(errno);
    facts.ownControlGroups = readProcFile("/proc/self/cgroup");
    return facts;
}

void checkHost(const HostFacts& facts, Log& log) {
    if (facts.euid != 0)
        throw Error(Errc::AccessDenied, "nsd must run as root: start it as a system service, or with sudo");
    if (!facts.mountNamespaceOfProcess1) {
        log.debug(
            "cannot tell whether this is the host's mount namespace: /proc/1/ns/mnt: " + facts.whyUnreadable);
        return;
    }
    if (!facts.startedBySystemd || *facts.mountNamespaceOfProcess1 == facts.ownMountNamespace)
        return;
    const std::string found = "systemd started nsd in a mount namespace of its own, where nobody else would "
                              "see the namespaces that it pins";
    if (facts.inContainer) {
        log.warning(found);
        return;
    }
    throw Error(Errc::KernelError,
        found + ": remove what does that from nsd.service and its drop-ins: PrivateTmp=, PrivateDevices=, "
                "PrivateMounts=, ProtectSystem=, ProtectHome=, ProtectKernelTunables=, "
                "ProtectKernelModules=, ProtectKernelLogs=, ProtectControlGroups=, ProtectProc=, "
                "ReadOnlyPaths=, ReadWritePaths=, InaccessiblePaths=, BindPaths=, TemporaryFileSystem=, "
                "RootDirectory= or LogNamespace=");
}

} // namespace nsd
