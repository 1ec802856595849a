// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/boot/booted_system.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace nsd::test {
namespace {

constexpr auto bootTime = std::chrono::seconds(120);

// In a mount namespace of its own, so that all mounts go with the container; what is written stays in
// memory, since an overlay cannot write to another one, which a machine's root may be. The container has
// a cgroup2 tree and every capability, as a machine has, but that to load modules, since there are none. With
// 133 systemd-nspawn asks to be started anew for a reboot (--keep-unit).
constexpr auto start = R"sh(
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
root=$2/root
shift 2
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
group=$(findmnt --noheadings --types cgroup2 --output TARGET | head -n 1)/boot-test-$$
mkdir "$group"
echo $$ >"$group/cgroup.procs"
status=133
while [ "$status" = 133 ]; do
  status=0
  systemd-nspawn --quiet --boot --directory="$root" --machine="nsd-boot-$$" --register=no --keep-unit \
    --capability=all --drop-capability=CAP_SYS_MODULE --private-network --console=pipe --link-journal=no "$@" || status=$?
done
exit "$status"
)sh";

// 0: there is none (now).
pid_t childOf(pid_t parent) {
    const auto pid = std::to_string(parent);
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    pid_t child = 0;
    return children >> child ? child : 0;
}

} // namespace

BootedSystem::BootedSystem(std::filesystem::path root, const std::vector<std::string>& shown)
    : root_(std::move(root)) {
    CommandOptions options;
    options.environment = {{"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", "1"}};
    Arguments argv{"unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", start, "boot", root_,
        directory_.path()};
    for (const auto& path : shown)
        argv.push_back("--bind-ro=" + path);
    container_ = std::make_unique<BackgroundProcess>(argv, options, console_ / "console");
    waitUntilUp(0);
}

BootedSystem::~BootedSystem() {
    // The end of PID 1 is the end of all that is inside.
    if (const auto inside = leader(); inside > 0)
        ::kill(inside, SIGKILL);
    (void)container_->wait(bootTime);
    (void)test::run({"sh", "-c",
        R"(find "$(findmnt --noheadings --types cgroup2 --output TARGET | head -n 1)/$0" )"
        "-depth -type d -exec rmdir {} +",
        "boot-test-" + std::to_string(container_->pid())});
}

pid_t BootedSystem::leader() const {
    const auto nspawn = childOf(container_->pid());
    return nspawn == 0 ? 0 : childOf(nspawn);
}

std::string BootedSystem::console() const {
    return readFile(console_ / "console");
}

Arguments BootedSystem::inside(const Arguments& argv) const {
    Arguments all{"nsenter", "--target", std::to_string(leader()), "--mount", "--uts", "--ipc", "--net",
        "--pid", "--cgroup", "--", "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        "LC_ALL=C.UTF-8", "HOME=/root"};
    all.insert(all.end(), argv.begin(), argv.end());
    return all;
}

CommandResult BootedSystem::run(const Arguments& argv, const CommandOptions& options) const {
    return test::run(inside(argv), options);
}

CommandResult BootedSystem::runAs(const std::string& user, const Arguments& argv) const {
    Arguments all{"setpriv", "--reuid", user, "--regid", user, "--init-groups", "--"};
    all.insert(all.end(), argv.begin(), argv.end());
    return run(all);
}

std::string BootedSystem::mustRun(const Arguments& argv) const {
    CommandOptions options;
    options.timeout = bootTime;
    return test::mustRun(inside(argv), options);
}

std::string BootedSystem::shell(const std::string& script) const {
    return mustRun({"/bin/sh", "-euc", script});
}

void BootedSystem::writeFile(const std::string& path, std::string_view text) const {
    CommandOptions options;
    options.input = text;
    test::mustRun(inside({"/bin/sh", "-euc", "mkdir -p \"${1%/*}\"; cat > \"$1\"", "write", path}), options);
}

void BootedSystem::copyIn(const std::filesystem::path& from, const std::string& to) const {
    writeFile(to, readFile(from));
}

void BootedSystem::waitUntilUp(pid_t notThisLeader) {
    const auto isUp = [&] {
        const auto now = leader();
        if (now == 0 || now == notThisLeader)
            return false;
        const auto state = run({"systemctl", "is-system-running"}).out;
        return state == "running\n" || state == "degraded\n";
    };
    if (!eventually(isUp, bootTime))
        throw std::runtime_error(root_.string() + " does not boot:\n" + console());
    // systemd-nspawn lets nobody write to /proc/sys; on a machine root may.
    mustRun({"mount", "-o", "remount,bind,rw", "/proc/sys"});
}

void BootedSystem::reboot() {
    const auto before = leader();
    mustRun({"systemctl", "reboot"});
    waitUntilUp(before);
}

std::chrono::milliseconds BootedSystem::powerOff() {
    const auto begin = std::chrono::steady_clock::now();
    // The call may be cut off by what it asks for.
    (void)run({"systemctl", "poweroff"});
    if (!container_->wait(bootTime))
        throw std::runtime_error(root_.string() + " does not power off:\n" + console());
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

std::string BootedSystem::failedUnits() const {
    return mustRun({"systemctl", "--failed", "--no-legend", "--plain"});
}

} // namespace nsd::test
