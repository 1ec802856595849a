#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network namespace from Python: make, list, go inside, destroy. Run by root; needs python3-dbus."""
import ctypes
import os
import socket

import dbus

CLONE_NEWNET = 0x40000000

address = os.environ.get("NSD_BUS_ADDRESS")
bus = dbus.bus.BusConnection(address) if address else dbus.SystemBus()
nsd = dbus.Interface(bus.get_object("org.nsd1", "/org/nsd1", introspect=False), "org.nsd1.Manager")


def options(**values):
    return dbus.Dictionary(values, signature="sv")


def interfaces_inside(namespace):
    """What a child sees that joins it: this process stays where it is."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        if ctypes.CDLL(None, use_errno=True).setns(namespace, CLONE_NEWNET) == 0:
            os.write(write, " ".join(name for _, name in socket.if_nameindex()).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as words:
        return words.read()


labels = dbus.Dictionary({"purpose": "example"}, signature="ss")
nsd.Create("python", ["net"], options(labels=labels))
try:
    for name, path, uuid, types, owner, state, origin, created, more in nsd.List(options(label=labels)):
        print(name, ",".join(types), state)
    descriptors = nsd.Enter("python", ["net"], options())
    namespace = descriptors["net"].take()
    print("inside:", interfaces_inside(namespace))
    print("is:", *nsd.Identify(dbus.types.UnixFd(namespace)))
    os.close(namespace)
    try:
        nsd.Create("python", ["net"], options())
    except dbus.DBusException as error:
        print(error.get_dbus_name())
finally:
    print("released:", nsd.Destroy("python", options())["released"])
