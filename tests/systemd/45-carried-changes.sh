#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 41-tunnel-changes with a unit that is carried.
ROUTE=on exec "${0%/*}/41-tunnel-changes.sh"
