# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion for bash: verbs, options and their words come from `wgfence --help`, which the program
# makes of its own tables; nothing is written here twice.

_wgfence_names() {
	local f

	for f in /etc/wgfence/*.conf; do
		[[ -e $f ]] && basename "$f" .conf
	done
}

# A line "  --reason REASON,...  what it is for": the option, and its argument where it has one.
_wgfence_options() {
	wgfence "$1" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
}

# Behind an option: what its argument may be.
_wgfence_values() {
	local argument

	argument=$(wgfence "$1" --help 2>/dev/null |
		sed -n "s/^  $2 \([^ ]*\)  .*/\1/p;s/^  $2 \([^ ]*\)$/\1/p")
	case $argument in
	'') return 1 ;;
	FILE) compgen -f -- "$cur" ;;
	INTERFACE) command ls /sys/class/net 2>/dev/null ;;
	REASON,*) wgfence "$1" x "$2" help 2>/dev/null | sed 's/ .*//' ;;
	*\|*) tr '|' '\n' <<<"$argument" | grep -v '[A-Z]' ;;
	esac
	return 0
}

_wgfence() {
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]} words

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		words="$(wgfence --help 2>/dev/null | sed -n 's/^  \([a-z]*\)  .*/\1/p') --help --version"
	elif [[ $cur == -* ]]; then
		words="$(_wgfence_options "$verb") --help"
	elif ! { [[ $before == --* ]] && words=$(_wgfence_values "$verb" "$before"); }; then
		case $verb in
		init) words=$(systemctl list-unit-files --type=service --no-legend 2>/dev/null | cut -d ' ' -f 1) ;;
		explain) words="$(_wgfence_names) egress ingress connect bind socket setsockopt" ;;
		*) words=$(_wgfence_names) ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _wgfence wgfence
