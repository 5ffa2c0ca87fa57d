# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The life of a fence, as its commands and the kernel tell it.
#
# Owns: comparing exit codes and messages, what a re-attach must not change, several fences in one
# lab, and telling what leaves past the tunnel whoever sends it.

# says NAME CODE PATTERN COMMAND...: it ends with that code and, among what it says, that.
says() {
	local name=$1 code=$2 pattern=$3 out got

	shift 3
	out=$("$@" 2>&1)
	got=$?
	like "$name" "exit $got: $out" "^exit $code: .*($pattern)"
}

# The programs of the links but the unix ones, by their ids.
programs() {
	local pin

	for pin in setsockopt bind4 bind6 connect4 connect6 sendmsg4 sock_create ingress egress; do
		bpftool -j link show pinned "$PINS/$pin" | sed 's/.*"prog_id":\([0-9]*\).*/\1/'
	done 2>>"$LOG" | paste -s -d ' '
}

# The policy image, byte for byte.
image() {
	bpftool map lookup pinned "$PINS"/image-* key 0 0 0 0 2>>"$LOG" | cksum
}

generation() {
	fence status --json 2>>"$LOG" | sed -n 's/.*"policy_generation": \([0-9]*\).*/\1/p'
}

# json KEY: the value of the only such key, "tunnel.up" for one in an object on one line.
json() {
	local key=${1##*.} line=${1%.*}

	fence status --json 2>>"$LOG" | sed -n "/^ *\"$line\"/s/.*\"$key\": \([^,}]*\).*/\1/p"
}

# follow [NAME]: wgfence run in the background, as an actor without pipes: ACTOR_PID[NAME] is its
# process, $TMP/NAME.out what it says.
follow() {
	local name=${1:-run}

	run_in_background "$name"
	until_true grep -q "^fence .* stands" "$TMP/$name.out" ||
		bail "run does not say that it stands"
}

run_in_background() {
	: >"$TMP/$1.out"
	alone exec_run >>"$TMP/$1.out" 2>>"$LOG" &
	ACTOR_PID[$1]=$!
}

exec_run() {
	exec nsenter --net="/run/netns/$HOST" "$WGFENCE" run --config "$CONF"
}

# try_to_run: where it is refused; else it would stay.
try_to_run() {
	in_host timeout "$DEADLINE" "$WGFENCE" run --config "$CONF"
}

# ended NAME SIGNAL: sends it, waits; the exit code is that of the process.
ended() {
	local pid=${ACTOR_PID[$1]}

	unset "ACTOR_PID[$1]"
	kill "-$2" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

# opened: waits until no program is left on the cgroup. The kernel detaches a link some time after
# its last pin is gone.
opened() {
	until_true no_program_left || bail "programs are left on $CGROUP_DIR"
}

no_program_left() {
	[[ -z $(bpftool cgroup show "$CGROUP_DIR" 2>>"$LOG") ]]
}

# Three packets each, by the actor m: past the tunnel, and by it. Where members are carried, the mark leads
# into the tunnel whatever the host's routes say; who may set one can take it off.
UNMARKED=
[[ $ROUTE == off ]] || UNMARKED="set mark 0; "
PAST="use 0; socket 4 dgram; ${UNMARKED}sendto $PAST_VOID4 6000 3 32"
BY_TUNNEL="use 0; socket 4 dgram; sendto $WORLD_VOID4 6000 3 32"
SENT="sendto ok=3" REFUSED="sendto ok=0 EPERM=3"

# stands NAME: what goes past the tunnel is dropped, what goes by it is not.
stands() {
	tell m "$PAST"
	want "$1: it drops" "$REFUSED" "" "dropped egress ipv4 past_tunnel_ipv4 3"
	tell m "$BY_TUNNEL"
	want "$1: it lets pass" "$SENT" "tunnel=3" "allowed egress ipv4 tunnel 3"
}

# --- several fences ----------------------------------------------------------------------------

PARTS=${PARTS:-}
WHOLE=("$NAME" "$CONF" "$PINS" "$CGROUP" "$CGROUP_DIR")

# of PART COMMAND...: with the fence, the cgroup and the members of that part.
of() {
	local part=$1 NAME=$NAME-$1 CONF=${CONF%.conf}-$1.conf PINS=$PINS-$1
	local CGROUP=$CGROUP/$1 CGROUP_DIR=$CGROUP_DIR/$1

	shift
	"$@"
}

each() {
	local part

	for part in $PARTS; do
		of "$part" "$@" || return
	done
}

parts_make() {
	each eval 'mkdir "$CGROUP_DIR"'
}

# However the test ends, and in whatever part, the lab goes as a whole; it knows of one fence.
parts_down() {
	NAME=${WHOLE[0]} CONF=${WHOLE[1]} PINS=${WHOLE[2]} CGROUP=${WHOLE[3]} CGROUP_DIR=${WHOLE[4]}
	clean_up
	each eval 'rm -rf "$PINS"'
	rmdir "${PINS%/*}"
}
trap parts_down EXIT

# --- what leaves past the tunnel ---------------------------------------------------------------

SNIFFERS=()

# sniff_others [TAP...]: every interface but the tunnel, and these.
sniff_others() {
	sniff_too sniff "lo=$HOST:lo:out" "home=$HOST:home0:out" "lan=$HOST:lan0:out" "ours=$OURS" "$@"
}

# sniff_too NAME TAP...: another one, for an interface that was not there.
sniff_too() {
	actor "$1" "$TOOLS/sniff" "$TMP/$1.log" "${@:2}"
	ready "$1" || bail "the sniffer does not start"
	[[ " ${SNIFFERS[*]} " == *" $1 "* ]] || SNIFFERS+=("$1")
}

# What left past the tunnel so far, a line each. The kernel of the host itself answers the other end of
# the tunnel while nobody listens to it (port unreachable): no member does.
left() {
	local name

	for name in "${SNIFFERS[@]}"; do
		[[ -n ${ACTOR_PID[$name]:-} ]] || continue
		ask "$name" peek # so that all of it is in the log
		cat "$TMP/$name.log"
	done | grep -v -e "^home protocol 1 type 3 $HOME4 > $ROUTER4," -e '^--'
}

# leaked: REPLY is how much that was, as "home=3 other=1"; empty: not one packet.
leaked() {
	REPLY=$(left | awk '{ seen[$1]++ } END { for (label in seen) print label "=" seen[label] }' |
		sort | paste -s -d ' ')
}
