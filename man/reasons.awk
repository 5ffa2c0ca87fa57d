# SPDX-License-Identifier: GPL-2.0-only
#
# Makes wgfence-reasons(7):
#   awk -f man/reasons.awk include/reasons.h man/wgfence-reasons.7.in
#
# Owns: the way from the one list of reasons to the manual's. Fails where it does not understand
# the whole list, so that no reason is left out in silence.

FNR == NR && /^#define WGF_REASONS\(X\)/ { in_list = 1; next }

FNR == NR {
	if (!in_list)
		next
	in_list = /\\$/
	sub(/[ \t]*\\?$/, "")
	list = list " " $0
	next
}

/^\.\\" @REASONS@/ { print_list(); next }

{ print }

END { exit failed }

function fail(what) {
	print "reasons.awk: " what > "/dev/stderr"
	failed = 1
	exit
}

# "E | I" becomes "egress, ingress".
function hooks(where,	letters, n, i, out) {
	n = split(where, letters, / *\| */)
	for (i = 1; i <= n; i++) {
		if (!(letters[i] in hook))
			fail("unknown hook " letters[i])
		out = out (i > 1 ? ", " : "") hook[letters[i]]
	}
	return out
}

# Lines of at most 78 bytes; none may begin with what mdoc takes for a macro.
function wrap(text,	words, n, i, line) {
	n = split(text, words, / +/)
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line) + 1 + length(words[i]) > 78 && words[i] !~ /^[.']/) {
			print line
			line = words[i]
		} else {
			line = line (line == "" ? "" : " ") words[i]
		}
	}
	print line
}

function print_reason(entry,	part) {
	# NAME, "label", KIND, WHERE, "text", "sentence"
	split(entry, part, /"/)
	split(part[3], word, /, */)
	print ".It Cm " part[2]
	wrap(part[4] " (" hooks(word[3]) ")" (word[2] == "ALLOW" ? "; passes." : "."))
	print ".br"
	wrap(part[6])
}

function print_list(	entry) {
	hook["E"] = "egress"
	hook["I"] = "ingress"
	hook["C"] = "connect"
	hook["B"] = "bind"
	hook["S"] = "socket"
	hook["O"] = "setsockopt"
	hook["U"] = "unix"
	hook["G"] = "guard"
	gsub(/"[ \t]+"/, "", list) # a literal goes on in the next
	gsub(/[ \t]+/, " ", list)
	entry = "X\\([A-Z0-9_]+, \"[a-z0-9_]+\", (ALLOW|DROP), [EICBSOUG |]+, \"[^\"]+\", \"[^\"]+\"\\)"
	while (match(list, entry)) {
		if (substr(list, 1, RSTART - 1) !~ /^ *$/)
			fail("cannot read: " substr(list, 1, RSTART - 1))
		print_reason(substr(list, RSTART, RLENGTH))
		list = substr(list, RSTART + RLENGTH)
		n++
	}
	if (!n || list !~ /^ *$/)
		fail("cannot read: " list)
}
