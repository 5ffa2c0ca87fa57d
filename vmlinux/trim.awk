# SPDX-License-Identifier: GPL-2.0-only
#
# From all types of a kernel, those that are wanted:
#   awk -f trim.awk types.txt ALL.h    (ALL.h: bpftool btf dump file BTF format c)
#
# Owns: the choice. Types come out in the order of ALL.h, in which what a type embeds stands before
# it; a type that is only pointed to stays incomplete. Must never change a declaration.

function die(message) {
	print "trim.awk: " message > "/dev/stderr"
	failed = 1
	exit 1
}

# "struct foo {" -> "struct foo"; "typedef __u8 u8;" -> "typedef u8"; "enum {" waits for its body.
function name_of(line,	words) {
	if (line ~ /^typedef .*;$/) {
		sub(/;$/, "", line)
		return "typedef " last_word(line)
	}
	split(line, words, " ")
	return words[2] == "{" ? "" : words[1] " " words[2]
}

function last_word(line,	words, n) {
	sub(/\[[0-9]+\]$/, "", line)
	n = split(line, words, /[^A-Za-z0-9_]+/)
	return words[n]
}

function finish() {
	n++
	body[n] = text
	at[name] = n
	text = name = ""
}

# Wants everything that this declaration needs whole: members that are not pointers, and typedefs.
function want_embedded(declaration,	lines, words, i, k) {
	k = split(declaration, lines, "\n")
	for (i = 1; i <= k; i++) {
		sub(/^\t*(typedef )?/, "", lines[i])
		split(lines[i], words, /[ ;]/)
		if (words[1] ~ /^(struct|union|enum)$/) {
			if (lines[i] !~ /\*/ && lines[i] !~ /^[a-z]+ [A-Za-z0-9_]+ {$/)
				want(words[1] " " words[2])
		} else if (("typedef " words[1]) in at) {
			want("typedef " words[1])
		}
	}
}

function want(type) {
	if (!(type in at) || wanted[at[type]])
		return
	wanted[at[type]] = 1
	want_embedded(body[at[type]])
}

FNR == NR {
	if ($0 !~ /^(#|$)/)
		list[++listed] = $0
	next
}

/^#/ || /^(struct|union) [A-Za-z0-9_]+;$/ { next }

text == "" && /^(struct|union|enum|typedef) / {
	text = $0
	name = name_of($0)
	if (/;$/)
		finish()
	next
}

text != "" {
	text = text "\n" $0
	if (name == "" && text ~ /^enum {/)
		name = "enum " $1
	if (/^}/) {
		if (text ~ /^typedef /)
			name = "typedef " last_word(substr($0, 1, length($0) - 1))
		finish()
	}
}

END {
	if (failed)
		exit 1
	for (i = 1; i <= listed; i++) {
		if (!(list[i] in at))
			die("there is no " list[i])
		want(list[i])
	}
	for (i = 1; i <= n; i++)
		if (wanted[i])
			print "\n" body[i]
}
