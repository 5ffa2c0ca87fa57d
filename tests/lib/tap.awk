# SPDX-License-Identifier: GPL-2.0-only
#
# Reads what a suite said; prints how many tests passed, failed and were skipped.
#   awk -v status=EXIT -v limit=SECONDS -v left=YES -v report=FILE -f tap.awk LOG
#
# Owns: what counts as a failure: a test that says so, and a suite that ends otherwise than by its
# plan. The report has each failure with the lines around it that are not TAP. Several plans in
# one log (a cmocka program with several groups) add up.

function fail(what) {
	failed++
	print "  FAILED: " what > report
}

function quote(i) {
	print "    | " line[i] > report
}

# A test's context: what was printed before it (comments there belong to the test before), and
# behind it.
function fail_test(at,	i) {
	fail(line[at])
	for (i = at; i > 1 && at - i < 15 && line[i - 1] !~ /^#/ && !tap[i - 1]; i--)
		;
	for (; i <= NR && i - at < 40 && (i <= at || !tap[i]); i++)
		if (i != at)
			quote(i)
}

function fail_suite(what,	i) {
	fail(what)
	for (i = NR > 25 ? NR - 24 : 1; i <= NR; i++)
		quote(i)
}

BEGIN { printf "" > report }

{ line[NR] = $0 }

/^1\.\.[0-9]+/ {
	tap[NR] = 1
	split($0, words, /[. ]+/)
	plan += words[2]
	plans++
	if (words[2] == 0)
		skip[++skipped] = $0
}

/^(not )?ok( |$)/ {
	tap[NR] = 1
	ran++
	if (/^ok.*# *[Ss][Kk][Ii][Pp]/ || /^not ok [0-9]+ # SKIP/) # so says cmocka 1.1.5
		skip[++skipped] = $0
	else if (/^not/)
		bad[++n_bad] = NR
	else
		passed++
}

/^Bail out!/ { bail = $0 }

END {
	for (i = 1; i <= n_bad; i++)
		fail_test(bad[i])
	if (status == "interrupted")
		fail("interrupted")
	else if (status == 124 || status == 137)
		fail_suite("not done within " limit " seconds")
	else if (bail)
		fail_suite(bail)
	else if (!plans)
		fail_suite("no plan (exit status " status ")")
	else if (ran != plan)
		fail_suite(ran + 0 " tests of " plan " (exit status " status ")")
	else if (status != 0 && !n_bad)
		fail_suite("exit status " status)
	if (left && status != "interrupted")
		fail("it leaves processes behind: " left)
	for (i = 1; i <= skipped; i++) {
		sub(/^((not )?ok [0-9]* *-? *|1\.\.0 *#? *)/, "", skip[i])
		print "  skipped: " skip[i] > report
	}
	printf "%d %d %d\n", passed, failed, skipped
}
