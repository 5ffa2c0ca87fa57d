# SPDX-License-Identifier: GPL-2.0-only
#
# Dependencies run one way:
#   awk -f layers.awk layers.txt src/*.[ch] bpf/*.[ch] include/*.h
#
# Owns: what an include may reach. Prints each one that points upwards, and each file of src/ that
# no layer names.

function stem_of(file) {
	sub(/.*\//, "", file)
	sub(/\..*/, "", file)
	return file
}

# 1 is the top; 0 is not of src/.
function layer_of(file,	i) {
	for (i = 1; i <= n; i++)
		if (stem_of(file) ~ pattern[i])
			return layer[i]
	return 0
}

function wrong(message) {
	print FILENAME ":" FNR ": " message
	bad = 1
}

FILENAME ~ /layers\.txt$/ {
	if (/^(#|$)/)
		next
	layers++
	for (i = 2; i <= NF; i++) {
		gsub(/\*/, ".*", $i)
		pattern[++n] = "^" $i "$"
		layer[n] = layers
		name[layers] = $1
	}
	next
}

FNR == 1 {
	in_src = FILENAME ~ /^src\//
	mine = in_src ? layer_of(FILENAME) : 0
	if (in_src && !mine)
		wrong("is of no layer in layers.txt")
}

/^#include "/ {
	split($0, quoted, "\"")
	file = quoted[2]
	from_src = file !~ /\// && (getline line < ("src/" file)) > 0
	close("src/" file)
	if (!from_src)
		next
	if (!in_src)
		wrong("includes " file " of src/")
	else if (mine && layer_of(file) && layer_of(file) < mine)
		wrong(name[mine] " includes " file " of " name[layer_of(file)])
}

END { exit bad }
