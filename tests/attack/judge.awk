# SPDX-License-Identifier: GPL-2.0-only
#
# Judges what attack.sh has written down: TAP, and this kernel's part of the table.
#   awk -v kernel=RELEASE -v out=FILE -v tests=N -v others=REGEX -f judge.awk LIST RAW
#
# Owns: whose packet it is (by the mark in it, by its port, else the attempt's in whose time it was seen),
# what stopped an attempt, and what counts as a failure:
#   - a packet of a member that is not root by another interface than the tunnel, unless the attempt's
#     row says that the promise excludes it;
#   - an attempt that is seen nowhere outside of the fence either, and does not say why: always, or
#     "without" what some kernels have.

BEGIN {
	FS = "\t"
	split(kernel, v, /[.-]/)
	here = v[1] * 1000 + v[2]
	n_passes = split("open open-root fence dropin root", passes, " ") # in the order of their marks
}

function older(version,	part) {
	split(version, part, ".")
	return here < part[1] * 1000 + part[2]
}

# "why" always; "before 6.7: why" on older kernels alone.
function excused(text) {
	if (text == "-")
		return 0
	if (text !~ /^before /)
		return 1
	split(text, word, /[ :]/)
	return older(word[2])
}

# --- reading -------------------------------------------------------------------------------------

NR == FNR {
	rows = $1
	part[$1] = $2
	name[$1] = $3
	unseen[$1] = $4
	excluded[$1] = $5
	since[$1] = $6
	open[$1] = $7
	next
}

{ FS = " " }

/^@ / {
	split($0, word, " ")
	pass = word[2]
	now = word[3] + 0
	sub(/^@ [^ ]+ [0-9]+ ?/, "")
	if (now)
		answer[pass, now] = $0
	ran[pass] = 1
	next
}

# S LABEL PROTOCOL FROM PORT > TO PORT, ...
/^S / {
	split($0, word, " ")
	label = word[2]
	mark = 0
	if (match($0, /, attempt [0-9]+/))
		mark = substr($0, RSTART + 10, RLENGTH - 10) + 0
	else if (match($0, /> [^ ]+ 2[0-9][0-9][0-9][0-9],/)) {
		split(substr($0, RSTART, RLENGTH), word, /[ ,]/)
		mark = word[3] - 20000
	}
	# The kernel's own word, while the tunnel is away, on what comes for it; and the servers' connections,
	# which only their own part of the table has.
	if (substr($0, 3) ~ others)
		next
	whose = pass SUBSEP (/ 7000, / && part[now] !~ /^(connections|races|remains)/ ? 0 : now)
	if (mark % 1000 && mark % 1000 <= rows && mark < 1000 * n_passes)
		whose = passes[int(mark / 1000) + 1] SUBSEP mark % 1000
	seen[whose SUBSEP label]++
	if (!(whose in line) && label !~ /^tunnel|[.]far$/)
		line[whose] = substr($0, 3)
	next
}

# C {fence="x",direction="egress",family="ipv4",reason="dns"} 3
/^C / {
	split($0, word, "\"")
	n = split($0, number, " ")
	key = word[4] " " word[6] " " word[8]
	if (now && number[n] > before[key] + 0)
		stopped[pass, now] = add(stopped[pass, now], word[4] " " word[8])
	before[key] = number[n]
	next
}

function add(list, item) {
	if (index("," list ",", "," item ","))
		return list
	return list == "" ? item : list "," item
}

# --- judging -------------------------------------------------------------------------------------

# Packets by whatever is not the tunnel.
function past(p, r) {
	return most(p, r, "home") + most(p, r, "lan") + seen[p, r, "lo"]
}

function most(p, r, label) {
	return seen[p, r, label] > seen[p, r, label ".far"] ? seen[p, r, label] + 0 : seen[p, r, label ".far"] + 0
}

function error_of(text) {
	return match(text, /E[A-Z0-9]+$/) ? substr(text, RSTART) : ""
}

function layer(p, r,	error, text) {
	if (past(p, r))
		return "passes"
	text = stopped[p, r]
	if (text != "") {
		gsub(/,/, ", ", text)
		return text
	}
	if (answer[p, r] ~ /^made/)
		return "made, and nothing is sent"
	error = error_of(answer[p, r])
	if (error != "" && p == "dropin" && answer["open", r] != answer[p, r])
		return "sandbox: " error
	if (error != "")
		return "kernel: " error
	if (seen[p, r, "tunnel"])
		return "carried into the tunnel"
	return answer[p, r] ~ /killed|hangs/ ? "sandbox: " answer[p, r] : "nothing to stop"
}

# This kernel, or this machine, has it not: whoever asks.
function lacks(r,	p, text) {
	if (since[r] != "-" && older(since[r]))
		return "before " since[r]
	p = ran["open-root"] ? "open-root" : "open"
	text = answer[p, r]
	if (text ~ /E(AFNOSUPPORT|PROTONOSUPPORT|SOCKTNOSUPPORT|NOPROTOOPT|NOSYS|NOENT|NODEV|NXIO|OPNOTSUPP)$/)
		return error_of(text)
	return ""
}

function outside(r,	a, b) {
	a = past("open", r)
	b = past("open-root", r)
	return a ? "user" : b ? "root" : "-"
}

function control(r,	who) {
	who = outside(r)
	return who == "-" && lacks(r) != "" ? "lacks: " lacks(r) : who
}

function tap(well, text, why) {
	printf "%sok %d - %s\n", well ? "" : "not ", ++tests, text
	if (!well)
		print "# " why
}

function judge_control(r,	who, why) {
	who = outside(r)
	why = lacks(r)
	if (who != "-")
		tap(unseen[r] ~ /^(-$|in the tunnel|without )/, part[r] ": " name[r] ": outside it is seen, of " who,
		    "but its row says: " unseen[r] "; " line["open", r] line["open-root", r])
	else if (unseen[r] ~ /^without / && why == "" && answer["open-root", r] !~ /E(BUSY|INVAL)$/)
		tap(0, part[r] ": " name[r] ": outside it is seen, or the kernel refuses it: " unseen[r],
		    "root: " answer["open-root", r])
	else if (unseen[r] != "-")
		tap(1, part[r] ": " name[r] ": outside nothing is seen: " unseen[r])
	else
		tap(why != "", part[r] ": " name[r] ": outside nothing is seen: not here (" why ")",
		    "user: " answer["open", r] ", root: " answer["open-root", r])
}

function judge(p, r, excuse,	n) {
	n = past(p, r)
	if (n && excused(excuse))
		tap(1, p ": " part[r] ": " name[r] ": passes, as is said: " excuse)
	else
		tap(!n, p ": " part[r] ": " name[r] ": 0 packets past the fence (" layer(p, r) ")",
		    n " packets, " line[p, r] "; the kernel said: " answer[p, r])
}

function cell(p, r) {
	if (!((p, r) in answer))
		return "-"
	return layer(p, r) (past(p, r) ? " (" past(p, r) ")" : "")
}

# An attacker that comes to nothing at all would be stopped by nothing, too.
function judge_pass(p) {
	tap(carried[p] > 0, p ": some attempts are carried into the tunnel (" carried[p] ")", "none is")
	tap(by_hook[p] > 0, p ": some are stopped by a hook of the fence (" by_hook[p] ")", "none is")
	tap(!past(p, 0), p ": nothing is seen before and behind", past(p, 0) " packets: " line[p, 0])
}

END {
	if (ran["fence"])
		held["fence"]
	if (ran["dropin"])
		held["dropin"]
	for (r = 1; r <= rows; r++) {
		if (!(("open", r) in answer))
			continue
		judge_control(r)
		if (ran["fence"])
			judge("fence", r, excluded[r])
		if (ran["dropin"])
			judge("dropin", r, open[r])
		for (i in held) {
			carried[i] += seen[i, r, "tunnel"] > 0
			by_hook[i] += stopped[i, r] != ""
		}
		printf "%s\t%s\t%s\t%s", part[r], name[r], since[r], control(r) > out
		for (i = 3; i <= n_passes; i++)
			printf "\t%s", cell(passes[i], r) > out
		printf "\t%s\t%s\n", answer["dropin", r] "", answer["open", r] > out
	}
	for (i in held)
		judge_pass(i)
}
