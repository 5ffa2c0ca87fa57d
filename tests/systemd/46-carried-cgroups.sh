#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 43-cgroups with a unit that is carried.
ROUTE=on exec "${0%/*}/43-cgroups.sh"
