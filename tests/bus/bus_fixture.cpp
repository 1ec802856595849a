// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_fixture.hpp"

#include <fcntl.h>

namespace nsd::test {

void BusTest::SetUp() {
    BusConnectionTest::SetUp();
    if (HasFatalFailure() || IsSkipped())
        return;
    clients_ = std::make_unique<bus::ClientTracker>(*connection_, *loop_);
    kernel_ = std::make_unique<FakeKernel>(*loop_);
    netRegister_ = std::make_unique<FakeNetRegister>(*kernel_);
    links_ = std::make_unique<FakeLinks>(*loop_, *kernel_);
    etcMaker_ = std::make_unique<FakeEtc>(*loop_);
    viewMaker_ = std::make_unique<FakeViews>(*loop_, *kernel_);
    plugins_ = std::make_unique<FakePlugins>(*loop_);
    authority_ = std::make_unique<RecordingAuthority>(*loop_);
    launcher_ = std::make_unique<FakeLauncher>(*loop_);
    startService();
    root_ = client();
}

void BusTest::startService() {
    UniqueFd directory(::open(pins_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    namespaces_ = std::make_unique<Namespaces>(*loop_, *kernel_, *links_, log_, std::move(directory));
    namespaces_->quotas().configure(quotas_);
    namespaces_->useNetRegister(*netRegister_);
    namespaces_->etc().use(*etcMaker_);
    namespaces_->useNetworkPlugins(*plugins_);
    EXPECT_TRUE(namespaces_->recover().empty());
    views_ = std::make_unique<Views>(*loop_, *viewMaker_, *kernel_, *namespaces_);
    UniqueFd files(::open(processFiles_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    processes_ = std::make_unique<Processes>(*loop_, log_, *launcher_, *namespaces_, std::move(files));
    processes_->recover();
    const bus::BusService::Parts parts{*connection_, *loop_, log_, *namespaces_, *kernel_, authority(),
        audit_, *processes_, *clients_, *views_, *etcMaker_};
    service_ = std::make_unique<bus::BusService>(parts,
        bus::BusService::Settings{"1.2.3", "/run/nsd/ns", "/etc/nsd/namespaces.d", [this] { reload_(); }});
    service_->start();
}

void BusTest::restart() {
    settle();
    service_.reset();
    settle(); // the objects go in a turn of their own
    processes_.reset();
    views_.reset();
    namespaces_.reset();
    connection_->releaseName(dbus::ServiceArg("org.nsd1"));
    startService();
}

void BusTest::TearDown() {
    root_.reset();
    service_.reset();
    endAuthority();
    processes_.reset();
    launcher_.reset();
    if (loop_)
        loop_->discardPosted(); // namespaces that were brought among them still need the kernel
    views_.reset();
    namespaces_.reset();
    links_.reset();
    netRegister_.reset();
    viewMaker_.reset();
    etcMaker_.reset();
    plugins_.reset();
    kernel_.reset();
    clients_.reset();
    BusConnectionTest::TearDown();
}

std::string BusTest::create(const std::string& name, std::initializer_list<const char*> types) {
    const auto fill = [&](sd_bus_message* message) {
        sd_bus_message_append(message, "s", name.c_str());
        strings({types.begin(), types.end()})(message);
        sd_bus_message_append(message, "a{sv}", 0);
    };
    const auto answer = root_->call("/org/nsd1", "org.nsd1.Manager", "Create", fill);
    EXPECT_EQ(answer->error, "") << answer->text;
    return answer->text.size() < 2 ? "/" : answer->text.substr(1, answer->text.size() - 2);
}

std::string BusTest::nameOf(const std::string& path) {
    return root_->property(path, "org.nsd1.Namespace", "Name");
}

BusClient::Fill strings(const std::vector<std::string>& values) {
    return [values](sd_bus_message* message) {
        sd_bus_message_open_container(message, 'a', "s");
        for (const auto& value : values)
            sd_bus_message_append(message, "s", value.c_str());
        sd_bus_message_close_container(message);
    };
}

} // namespace nsd::test
