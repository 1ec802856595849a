# SPDX-License-Identifier: LGPL-2.1-or-later
# `cpack -G DEB` in a build tree makes nsd-manager_VERSION_ARCH.deb there, and libnsd0 and libnsd-client-dev
# for programs that use the library; nsctl has it inside.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nsd-manager)
set(CPACK_PACKAGE_VENDOR "nsd")
set(CPACK_PACKAGE_CONTACT "The nsd developers <nsd@localhost>")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL manager library development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
# Each package has its own summary, the first line of its description.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_COMPONENT_MANAGER_DESCRIPTION "manager of named Linux namespaces
A daemon that makes namespaces (net, mnt, pid, user, uts, ipc, time, cgroup) and
keeps them under names, offers them over D-Bus and hands their descriptors to
clients; with nsctl for the shell, and units for systemd.")
set(CPACK_DEBIAN_MANAGER_PACKAGE_NAME nsd-manager)
set(CPACK_DEBIAN_MANAGER_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_MANAGER_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_MANAGER_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MANAGER_PACKAGE_DEPENDS "dbus | dbus-broker, init-system-helpers, systemd")
set(CPACK_DEBIAN_MANAGER_PACKAGE_RECOMMENDS "polkitd, iproute2")
set(CPACK_DEBIAN_MANAGER_PACKAGE_SUGGESTS "containernetworking-plugins, openssh-client, uidmap")
# The name server of the same name has the same /run/nsd, /etc/nsd and nsd.service.
set(CPACK_DEBIAN_MANAGER_PACKAGE_CONFLICTS nsd)
set(scripts "${PROJECT_SOURCE_DIR}/packaging")
set(CPACK_DEBIAN_MANAGER_PACKAGE_CONTROL_EXTRA
  "${scripts}/postinst;${scripts}/prerm;${scripts}/postrm;${scripts}/conffiles")
set(CPACK_DEBIAN_MANAGER_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnsd0)
set(CPACK_DEBIAN_LIBRARY_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS nsd-manager)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "client library of nsd, the manager of named Linux namespaces
Makes and lists namespaces, enters them, opens sockets and starts commands inside.")
# What a package that links to it depends on, and the cache of the dynamic linker.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libnsd-client-dev)
set(CPACK_DEBIAN_DEVELOPMENT_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libnsd0 (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "client library of nsd: header, CMake package, pkg-config
With it are examples in C++, Python and shell.")
include(CPack)
