#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 74-faults with members carried: what puts rules and routes in place fails, too.
ROUTE=on exec "${0%/*}/74-faults.sh"
