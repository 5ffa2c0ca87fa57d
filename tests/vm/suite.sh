# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# How a suite's TAP is framed on the serial line, for merge.awk.

# chosen NAME: by what the kernel was started with: "wgf.only=PART,PART", or nothing.
chosen() {
	local only part

	only=$(sed -n 's/.*wgf[.]only=\([^ ]*\).*/\1/p' /proc/cmdline)
	for part in $(echo "${only:-$1}" | tr ',' ' '); do
		case $1 in
		*"$part"*) return 0 ;;
		esac
	done
	return 1
}

# suite NAME COMMAND...
suite() {
	local name=$1

	chosen "$name" || return 0
	shift
	echo "# begin $name $(cut -d . -f 1 /proc/uptime)"
	"$@"
	echo "# end $name $? $(cut -d . -f 1 /proc/uptime)"
}
