// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/daemon.hpp"

#include "config/settings_reader.hpp"
#include "daemon/audit_trail.hpp"
#include "daemon/bus/bus_service.hpp"
#include "daemon/bus/client_tracker.hpp"
#include "daemon/bus/deny_authority.hpp"
#include "daemon/bus/log_control_object.hpp"
#include "daemon/bus/polkit_authority.hpp"
#include "daemon/bus/transient_units.hpp"
#include "daemon/core/etc_custody.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/core/views.hpp"
#include "daemon/directories.hpp"
#include "daemon/event_journal.hpp"
#include "daemon/forwarding.hpp"
#include "daemon/helper_programs.hpp"
#include "daemon/kernel/etc_watch.hpp"
#include "daemon/kernel/host_check.hpp"
#include "daemon/kernel/host_net_register.hpp"
#include "daemon/kernel/keep_subtree.hpp"
#include "daemon/kernel/linux_etc.hpp"
#include "daemon/kernel/linux_kernel.hpp"
#include "daemon/kernel/linux_views.hpp"
#include "daemon/kernel/plugin_runner.hpp"
#include "daemon/kernel/runtime_directory.hpp"
#include "daemon/kernel/supervisor_launcher.hpp"
#include "daemon/kernel/supervisor_spawner.hpp"
#include "daemon/private_bus.hpp"
#include "daemon/read_definitions.hpp"
#include "daemon/supervision.hpp"
#include "dbus/compat.hpp"
#include "dbus/loop_attachment.hpp"
#include "systemd/event_loop.hpp"
#include "systemd/logging.hpp"
#include "systemd/notify.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace nsd {
namespace {

// nsd.json is wrong: the problems are logged already.
struct WrongSettings {};

std::string settingsFile(const Directories& directories) {
    return directories.configuration + "/nsd.json";
}

void logProblems(const SettingsReading& reading, const std::string& file, Log& log) {
    for (const auto& problem : reading.problems)
        log.write(problem.severity == Problem::Severity::Error ? Log::Level::Error : Log::Level::Warning,
            describe(file, problem));
}

// A program that works outside of the daemon: as a unit of systemd, else as a process of ours.
struct HelperPrograms {
    HelperPrograms(Loop& loop, sdbus::IConnection& connection, const HelperCommand& command)
        : spawner(loop, command), units(connection, spawner, command) {}

    SupervisorSpawner spawner;
    bus::TransientUnits units;
};

// Builds nsd from the ground up, each step on what the ones before it made, and takes it down in
// the opposite order. The pins are left as they are: namespaces outlive their daemon.
class Daemon {
  public:
    Daemon(Logging& log, BusKind bus) : log_(log), bus_(bus) {}
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    // Throws Error or WrongSettings; what was built by then is taken down like the whole.
    void start() {
        checkHost(host_, log_);
        readSettings();
        becomeKeeper();
        takeRuntimeDirectory();
        connectToKernel();
        findNamespacesAgain();
        watchEtc();
        connectToBus();
        findProcessesAgain();
        runPlugins();
        serve();
        forward(std::move(ports_));
        supervision_.emplace(Supervision::Parts{
            loop_, log_, *namespaces_, *processes_, *kernel_, runtimeDirectory_->namespaces().get()});
        namespaces_->carryOutDeclarations(); // nobody waits for them but who wants one of them
        log_.info("Ready. " + supervision_->status() + " in " + directories_.runtime + "/ns");
    }

    ~Daemon() {
        notify::stopping();
        forwarding_.reset();
        supervision_.reset();
        service_.reset();
        logControl_.reset();
        eventJournal_.reset();
        authority_.reset();
        processes_.reset();
        launcher_.reset();
        pluginPrograms_.reset();
        supervisors_.reset();
        loop_.discardPosted(); // calls among it have namespaces that are the kernel's to drop
        etcWatch_.reset();
        views_.reset();
        namespaces_.reset();
        viewMaker_.reset();
        etcMaker_.reset();
        plugins_.reset();
        kernel_.reset();
        clients_.reset();
        loop_.discardPosted(); // and answers need the connection, as did what went before this
        attachment_.reset();
        connection_.reset(); // after everybody who may hold an answer under way
        privateBus_.reset();
        runtimeDirectory_.reset();
    }

    [[nodiscard]] int run() { return loop_.run(); }

  private:
    void readSettings() {
        const auto file = settingsFile(directories_);
        auto reading = readSettingsFile(file);
        logProblems(reading, file, log_);
        if (reading.hasErrors())
            throw WrongSettings{};
        settings_ = reading.settings;
        log_.setLevel(settings_.logLevel);
    }

    void becomeKeeper() {
        ::umask(022);
        // Workers' children that lose their parent come to us, who reap, and not to a process 1 that
        // perhaps does not.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max; // a shell's 1024 is for programs that use select(2)
        ::setrlimit(RLIMIT_NOFILE, &files);
        loop_.onHangUp([this] { reloadAtHangUp(); });
    }

    void takeRuntimeDirectory() { runtimeDirectory_.emplace(directories_.runtime); }

    void connectToKernel() {
        const auto processors = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
        kernel_.emplace(loop_, log_,
            KernelOptions{directories_.runtime, findHelperDirectory(),
                settings_.workers == 0 ? static_cast<std::size_t>(processors) : settings_.workers,
                settings_.workerDeadline,
                host_.startedBySystemd ? keepUnitGroup(host_.ownControlGroups) : std::string()});
    }

    void findNamespacesAgain() {
        namespaces_.emplace(
            loop_, *kernel_, kernel_->links(), log_, runtimeDirectory_->namespaces().duplicate());
        etcMaker_.emplace(kernel_->pool(), directories_.runtime, settings_.workerDeadline);
        namespaces_->etc().use(*etcMaker_);
        namespaces_->etc().setDefaults(settings_.etc);
        viewMaker_.emplace(kernel_->pool(), directories_.runtime, settings_.workerDeadline);
        views_.emplace(loop_, *viewMaker_, *kernel_, *namespaces_);
        namespaces_->quotas().configure(settings_.quotas);
        namespaces_->useNetRegister(netRegister_);
        plugins_.emplace(loop_, directories_.runtime + "/ns", settings_.plugins);
        namespaces_->useNetworkPlugins(*plugins_);
        for (const auto& leftover : namespaces_->recover())
            log_.record(recordOf(leftover));
        namespaces_->useStateDirectory(directories_.state);
        namespaces_->detachForgotten();
        ports_ = readDeclarations();
    }

    Forwarding::PortsByName readDeclarations() {
        auto definitions = readDefinitions(directories_, log_);
        auto ports = Forwarding::portsIn(definitions);
        namespaces_->declare(std::move(definitions));
        return ports;
    }

    // On a bus that has us on it by now. Ours alone is not found without its address.
    void forward(Forwarding::PortsByName ports) {
        const auto bus = privateBus_ ? privateBus_->address() : std::string();
        forwarding_.emplace(Forwarding::Parts{loop_, log_, *namespaces_, findNsctl(), bus});
        forwarding_->declare(std::move(ports));
    }

    // Without, a running command may see a file of the host that has been replaced, until another one is
    // started.
    void watchEtc() {
        try {
            etcWatch_.emplace(loop_, "/etc", [this] { namespaces_->etc().refreshAll(); });
        } catch (const Error& error) {
            log_.warning(error.text());
        }
    }

    void connectToBus() {
        if (bus_ == BusKind::Private) {
            privateBus_.emplace(loop_, log_, directories_.runtime + "/bus");
            connection_ = dbus::openBusAt(privateBus_->address());
        } else {
            connection_ = dbus::openSystemBus();
        }
        attachment_.emplace(*connection_, loop_.handle(), log_);
        clients_.emplace(*connection_, loop_);
        // On a bus of our own, polkit would be whoever took its name.
        if (bus_ == BusKind::Private)
            authority_ = std::make_unique<bus::DenyAuthority>(loop_);
        else
            authority_ = std::make_unique<bus::PolkitAuthority>(
                *connection_, loop_, *clients_, bus::PolkitAuthority::Limits{});
    }

    // Behind the bus, since systemd is asked over it to start what is to outlive us.
    void findProcessesAgain() {
        const HelperCommand supervisor{
            findHelperDirectory() + "/nsd-worker", {"--supervise"}, "nsd-exec", false};
        supervisors_.emplace(loop_, *connection_, supervisor);
        launcher_.emplace(loop_, supervisors_->units,
            SupervisorLauncher::Options{directories_.runtime, settings_.workerDeadline});
        processes_.emplace(loop_, log_, *launcher_, *namespaces_, runtimeDirectory_->processes().duplicate());
        processes_->recover();
        eventJournal_.emplace(log_, *namespaces_, *processes_);
    }

    void runPlugins() {
        const HelperCommand program{findHelperDirectory() + "/nsd-cni", {}, "nsd-cni", true};
        pluginPrograms_.emplace(loop_, *connection_, program);
        plugins_->startWith(pluginPrograms_->units);
    }

    void serve() {
        service_.emplace(bus::BusService::Parts{*connection_, loop_, log_, *namespaces_, *kernel_,
                             *authority_, audit_, *processes_, *clients_, *views_, *etcMaker_},
            bus::BusService::Settings{NSD_VERSION, directories_.runtime + "/ns",
                directories_.configuration + "/namespaces.d", [this] { reload(); }});
        logControl_.emplace(*connection_, log_, audit_);
        service_->start();
    }

    // Throws Error with what is wrong in nsd.json; then all stays as it was. What is wrong with a definition
    // concerns that one alone.
    void reload() {
        notify::reloading();
        const auto file = settingsFile(directories_);
        const auto reading = readSettingsFile(file);
        logProblems(reading, file, log_);
        if (!reading.hasErrors()) {
            // What LogControl1 was told holds until the file says something else.
            if (reading.settings.logLevel != settings_.logLevel)
                log_.setLevel(reading.settings.logLevel);
            settings_ = reading.settings;
            namespaces_->quotas().configure(settings_.quotas);
            namespaces_->etc().setDefaults(settings_.etc);
            plugins_->configure(settings_.plugins);
            forwarding_->declare(readDeclarations());
            namespaces_->carryOutDeclarations();
        }
        notify::ready(supervision_->status());
        for (const auto& problem : reading.problems)
            if (problem.severity == Problem::Severity::Error)
                throw Error{Errc::InvalidArgument, describe(file, problem)};
    }

    void reloadAtHangUp() {
        try {
            reload();
        } catch (const Error&) {
            log_.error("The settings stay as they were"); // what is wrong was logged above
        }
    }

    Logging& log_;
    BusKind bus_;
    Directories directories_ = directoriesFrom(::getenv);
    HostFacts host_ = readHostFacts();
    Settings settings_;
    EventLoop loop_{log_};
    AuditTrail audit_{log_};
    HostNetRegister netRegister_{"/run/netns"}; // iproute2's

    std::optional<RuntimeDirectory> runtimeDirectory_;
    std::optional<LinuxKernel> kernel_;
    std::optional<LinuxEtc> etcMaker_;
    std::optional<LinuxViews> viewMaker_;
    std::optional<PluginRunner> plugins_;
    std::optional<Namespaces> namespaces_;
    std::optional<Views> views_;
    std::optional<EtcWatch> etcWatch_;
    std::optional<PrivateBus> privateBus_;
    std::unique_ptr<sdbus::IConnection> connection_;
    std::optional<dbus::LoopAttachment> attachment_;
    std::optional<bus::ClientTracker> clients_;
    std::unique_ptr<Authority> authority_;
    std::optional<HelperPrograms> supervisors_;
    std::optional<HelperPrograms> pluginPrograms_;
    std::optional<SupervisorLauncher> launcher_;
    std::optional<Processes> processes_;
    std::optional<EventJournal> eventJournal_;
    std::optional<bus::LogControlObject> logControl_;
    std::optional<bus::BusService> service_;
    std::optional<Supervision> supervision_;
    Forwarding::PortsByName ports_; // declared; from when they are read to when nsd can be asked
    std::optional<Forwarding> forwarding_;
};

} // namespace

int runDaemon(BusKind bus) {
    Logging log;
    try {
        Daemon daemon(log, bus);
        daemon.start();
        return daemon.run();
    } catch (const WrongSettings&) {
        return exitConfig;
    } catch (const std::exception& error) {
        log.error(error.what());
        return EXIT_FAILURE;
    }
}

int checkConfig() {
    try {
        const auto directories = directoriesFrom(::getenv);
        std::vector<std::string> complaints;
        const auto complain = [&](const std::string& file, const std::vector<Problem>& problems) {
            for (const auto& problem : problems)
                complaints.push_back(describe(file, problem));
        };
        complain(settingsFile(directories), readSettingsFile(settingsFile(directories)).problems);
        for (const auto& file : checkedDefinitionFiles(directories).files)
            complain(file.path, file.problems);
        for (const auto& complaint : complaints)
            std::fprintf(stderr, "nsd: %s\n", complaint.c_str());
        return complaints.empty() ? EXIT_SUCCESS : exitConfig;
    } catch (const Error& error) {
        std::fprintf(stderr, "nsd: %s\n", error.what());
        return EXIT_FAILURE;
    }
}

const char* versionLine() {
    return "nsd " NSD_VERSION;
}

} // namespace nsd
