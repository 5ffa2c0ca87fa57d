#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check`: what is the whole machine's, whatever the namespace, so that others who look meanwhile would find it.

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/check-net.sh
. "$HERE/check-net.sh"

check_up
actor foreign "$TOOLS/foreign" sk_msg
ready foreign || bail "no program for maps of sockets"
is "a program for maps of sockets: found" "$(found)" "notice redirect.sockmap"
dismiss foreign
until_true eval '[[ -z $(found) ]]'
is "it is gone" "$(found)" ""
plan
