#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A network namespace from a shell that has busctl alone: make, list, ask, destroy.
set -eu

nsd() {
  member=$1
  shift
  busctl ${NSD_BUS_ADDRESS:+--address="$NSD_BUS_ADDRESS"} call org.nsd1 /org/nsd1 org.nsd1.Manager "$member" "$@"
}

nsd Create 'sasa{sv}' shell 1 net 1 labels 'a{ss}' 1 purpose example >/dev/null
trap 'nsd Destroy "sa{sv}" shell 0' EXIT
nsd List 'a{sv}' 1 label 'a{ss}' 1 purpose example | cut -d' ' -f3
nsd Holders s shell | grep -o '"pin"'
