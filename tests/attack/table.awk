# SPDX-License-Identifier: GPL-2.0-only
#
# Makes docs/attacks.md of what systemd/61-attack wrote on each kernel:
#   awk -f tests/attack/table.awk tests/attack/results/*.tsv >docs/attacks.md
#
# Owns: the columns. What stopped an attempt is told of the newest kernel; each has its packets.

BEGIN { FS = "\t" }

FNR == 1 {
	file = FILENAME
	sub(/.*\//, "", file)
	split(file, v, /[.]/)
	kernel = v[1] "." v[2]
	order[kernel] = v[1] * 1000 + v[2]
	full[kernel] = file
	sub(/\.tsv$/, "", full[kernel])
	kernels[++n_kernels] = kernel
	if (order[kernel] > order[newest])
		newest = kernel
}

{
	row = $1 FS $2
	if (!(row in known)) {
		known[row] = 1
		rows[++n_rows] = row
		if (!($1 in has)) {
			has[$1] = 1
			parts[++n_parts] = $1
		}
	}
	since[row] = $3
	outside[kernel, row] = $4
	alone[kernel, row] = $5
	dropin[kernel, row] = $6
	root[kernel, row] = $7
}

function packets(k, row,	text) {
	text = dropin[k, row]
	if (text == "" || outside[k, row] ~ /^lacks: before/)
		return "–"
	if (match(text, /\([0-9]+\)$/))
		return "**" substr(text, RSTART + 1, RLENGTH - 2) "**"
	return "0"
}

# Of the newest that has it.
function of(table, row,	i) {
	for (i = n_kernels; i >= 1; i--)
		if (table[kernels[i], row] !~ /^-?$/ && outside[kernels[i], row] !~ /^lacks/)
			return table[kernels[i], row]
	return table[newest, row]
}

function sort_kernels(	i, j, k) {
	for (i = 2; i <= n_kernels; i++)
		for (j = i; j > 1 && order[kernels[j]] < order[kernels[j - 1]]; j--) {
			k = kernels[j]
			kernels[j] = kernels[j - 1]
			kernels[j - 1] = k
		}
}

function seen_by(row,	text) {
	text = of(outside, row)
	return text ~ /^lacks/ || text == "-" ? "–" : text
}

function since_which(row) {
	return since[row] == "-" ? "" : since[row]
}

function head(	i) {
	printf "| attempt | outside seen of | with the drop-in | in the fence alone | as root in it | since |"
	for (i = 1; i <= n_kernels; i++)
		printf " %s |", kernels[i]
	printf "\n| --- | --- | --- | --- | --- | --- |"
	for (i = 1; i <= n_kernels; i++)
		printf " --- |"
	print ""
}

function body(part,	i, k, word) {
	for (i = 1; i <= n_rows; i++) {
		split(rows[i], word, FS)
		if (word[1] != part)
			continue
		printf "| %s | %s | %s | %s | %s | %s |", word[2], seen_by(rows[i]), of(dropin, rows[i]),
		       of(alone, rows[i]), of(root, rows[i]), since_which(rows[i])
		for (k = 1; k <= n_kernels; k++)
			printf " %s |", packets(kernels[k], rows[i])
		print ""
	}
}

function names(	i, text) {
	for (i = 1; i <= n_kernels; i++)
		text = text (i > 1 ? ", " : "") full[kernels[i]]
	return text
}

END {
	sort_kernels()
	print "# What was tried, and what stopped it\n"
	print "Made by `tests/attack/table.awk` of what `systemd/61-attack` wrote; never by hand. The attacker is"
	print "`tests/attack`: " n_rows " attempts, each made once outside of the fence (as the service's user and as root),"
	print "once in the fence without a drop-in, once with the drop-in that `wgfence init` writes for the client, and"
	print "once as root in the fence, which the promise excludes. `net/86-attack` makes the same attempts without"
	print "systemd. A sniffer is on every interface of the host."
	print ""
	print "- *outside seen of*: the control: whose packet the sniffer saw without the fence. \"–\": nobody's; the"
	print "  attempt's own row in `tests/attack` says why, or the machine lacks what it takes."
	print "- *with the drop-in*, *in the fence alone*, *as root in it*: what stopped it: a hook of the fence and its"
	print "  reasons (wgfence-reasons(7)), the `sandbox` or the `kernel` with their errno, or nothing: it `passes`"
	print "  with that many packets. Told of the newest kernel that has what it takes."
	print "- *since*: the first kernel on which there is such an attempt. Where it is empty, 5.10 has it."
	print "- the kernels: packets past the fence of a member that is not root, with the drop-in. \"–\": not there."
	print ""
	print "Kernels: " names() "."
	for (p = 1; p <= n_parts; p++) {
		print "\n## " toupper(substr(parts[p], 1, 1)) substr(parts[p], 2) "\n"
		head()
		body(parts[p])
	}
}
