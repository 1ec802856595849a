// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/programs.hpp"

#include "tests/bench/system_call.hpp"

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace nsd::bench {

namespace {

constexpr auto self = "/proc/self/ns/mnt";
// By its path, since a search in PATH would be part of what is measured.
constexpr auto ip = "/bin/ip";

} // namespace

void runProgram(const std::vector<std::string>& argv) {
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (const auto& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t unseen;
    ::posix_spawn_file_actions_init(&unseen);
    ::posix_spawn_file_actions_addopen(&unseen, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, arguments[0], &unseen, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&unseen);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot run " + argv[0]);
    int status = 0;
    must(::waitpid(pid, &status, 0), "waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(argv[0] + (argv.size() > 1 ? " " + argv[1] : "") + " failed");
}

IpNetns::IpNetns() : home_(must(::open(self, O_RDONLY | O_CLOEXEC), self)) {
    must(::unshare(CLONE_NEWNS), "unshare");
    inside_.reset(must(::open(self, O_RDONLY | O_CLOEXEC), self));
    must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make / private");
    must(::mount("tmpfs", "/run", "tmpfs", 0, nullptr), "mount on /run");
    goHome();
}

void IpNetns::goIn() const {
    must(::setns(inside_.get(), CLONE_NEWNS), "setns");
}

void IpNetns::goHome() const {
    must(::setns(home_.get(), CLONE_NEWNS), "setns");
}

void IpNetns::add(const std::string& name) const {
    runProgram({ip, "netns", "add", name});
}

void IpNetns::remove(const std::string& name) const {
    runProgram({ip, "netns", "del", name});
}

void IpNetns::exec(const std::string& name, const std::string& command) const {
    runProgram({ip, "netns", "exec", name, command});
}

} // namespace nsd::bench
