# SPDX-License-Identifier: GPL-2.0-only
#
# Makes one TAP stream of what the virtual machines say, with a table at its end; on standard error how far
# they are. The exit status tells whether all passed.
#
# Owns: what counts as a failure: a test that says so, a suite that ends otherwise than by its plan,
# a machine that does not reach its end (hung, or died). `run` writes "# machine KERNEL KIND" in front of
# each machine's lines and "# over SECONDS" behind them; the rest is from the machine.

function progress(text) {
	print text > "/dev/stderr"
	fflush("/dev/stderr")
}

function result(word, text) {
	printf "%s %d - %s: %s\n", word, ++n, machine, text
	fflush()
	if (word != "ok") {
		failed++
		progress("        FAILED: " text)
	} else if (text ~ /# SKIP/)
		skipped++
	else
		passed++
}

function end_suite(status, uptime) {
	if (bail)
		result("not ok", suite ": " bail)
	else if (!plan || ran != plan)
		result("not ok", suite ": ran " ran " of " plan " tests, exit status " status)
	else if (status != 0 && !bad)
		result("not ok", suite ": exit status " status)
	printf "# %s took %d seconds\n", suite, uptime - began
	progress(sprintf("    %-24s %4d tests %5d s", suite, ran, uptime - began))
	suite = ""
}

function end_machine(seconds) {
	table[++machines] = sprintf("%-32s %-12s %-12s %6d %6d %7d %7d", machine, systemd ? systemd : "-",
				    client ? client : "-", passed, failed, skipped, seconds)
	all_failed += failed
}

{ sub(/\r$/, "") }

/^# machine / {
	machine = $3 "/" $4
	done = passed = failed = skipped = 0
	systemd = client = ""
	progress(machine)
	next
}

# What tests/systemd/61-attack found on this kernel, for the table of all.
/^# attacked\t/ {
	file = machine
	sub(/[-\/].*/, "", file)
	sub(/^# attacked\t/, "")
	print > ("build/attack/" file ".tsv")
	next
}

/^# versions / {
	systemd = $4
	client = $6
	sub(/,$/, "", systemd)
	next
}

/^# begin / {
	suite = $3
	began = last = $4
	ran = plan = bad = 0
	bail = ""
	next
}

/^# end / {
	end_suite($4, $5)
	next
}

/^# done/ {
	done = 1
	next
}

/^# over/ {
	if (suite)
		end_suite("none", began)
	result(done ? "ok" : "not ok", "ran to its end")
	end_machine($3)
	next
}

/^1\.\.[0-9]+/ {
	plan += substr($1, 4)
	next
}

/^(not )?ok / {
	ran++
	word = /^not/ ? "not ok" : "ok"
	bad += /^not/
	sub(/^(not )?ok [0-9]+ (- )?/, "")
	result(word, suite ": " $0)
	next
}

/^Bail out!/ {
	bail = $0
	next
}

{ print /^#/ ? $0 : "# " $0 }

END {
	printf "# %-32s %-12s %-12s %6s %6s %7s %7s\n", "machine", "systemd", "qbittorrent", "passed", "failed",
	       "skipped", "seconds"
	for (i = 1; i <= machines; i++)
		print "# " table[i]
	print "1.." n + 0
	exit all_failed || !n
}
