# SPDX-License-Identifier: LGPL-2.1-or-later
# Everything comes from the packages of Debian 12 and 13; scripts/setup installs them.
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(SMARTCOLS REQUIRED IMPORTED_TARGET smartcols)
pkg_check_modules(NL_ROUTE REQUIRED IMPORTED_TARGET libnl-route-3.0)
find_package(sdbus-c++ REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)

# The one place that asks which sdbus-c++ this is; dbus/compat.hpp is the one that cares.
string(REGEX MATCH "^[0-9]+" NSD_SDBUS_MAJOR "${sdbus-c++_VERSION}")
find_program(NSD_SDBUS_XML2CPP sdbus-c++-xml2cpp REQUIRED)
