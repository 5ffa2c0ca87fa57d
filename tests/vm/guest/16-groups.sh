#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is sent to groups and to everybody, on this kernel: tests/net/63-groups.
exec "${0%/*}/../../net/63-groups.sh"
