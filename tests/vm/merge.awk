# SPDX-License-Identifier: GPL-2.0-only
#
# Makes one TAP stream of what the virtual machines say; the exit status tells whether all passed.
#
# Owns: what counts as a failure: a test that says so, a suite that ends otherwise than by its plan,
# a machine that does not reach its end (hung, or died). `run` writes "# machine NAME" in front of
# each machine's lines and "# over" behind them; the rest is from init.

function result(word, text) {
	printf "%s %d - %s: %s\n", word, ++n, machine, text
	if (word != "ok")
		failed = 1
	fflush()
}

function end_suite(status) {
	if (bail)
		result("not ok", suite ": " bail)
	else if (!plan || ran != plan)
		result("not ok", suite ": ran " ran " of " plan " tests, exit status " status)
	else if (status != 0 && !bad)
		result("not ok", suite ": exit status " status)
	suite = ""
}

{ sub(/\r$/, "") }

/^# machine / {
	machine = $3
	done = 0
	next
}

/^# begin / {
	suite = $3
	ran = plan = bad = 0
	bail = ""
	next
}

/^# end / {
	print "# " suite " ended " $5 " seconds after the boot"
	end_suite($4)
	next
}

/^# done/ {
	done = 1
	next
}

/^# over/ {
	if (suite)
		end_suite("none")
	result(done ? "ok" : "not ok", "ran to its end")
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
	print "1.." n + 0
	exit failed || !n
}
