# SPDX-License-Identifier: LGPL-2.1-or-later
# `cpack -G DEB` in a build tree makes nsd-manager_VERSION_ARCH.deb there.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nsd-manager)
set(CPACK_PACKAGE_VENDOR "nsd")
set(CPACK_PACKAGE_CONTACT "The nsd developers <nsd@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "manager of named Linux namespaces")
set(CPACK_PACKAGE_DESCRIPTION
"A daemon that makes namespaces (net, mnt, pid, user, uts, ipc, time, cgroup) and
keeps them under names, offers them over D-Bus and hands their descriptors to
clients; with nsctl for the shell, and units for systemd.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL manager)
set(CPACK_COMPONENTS_GROUPING IGNORE)
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
include(CPack)
