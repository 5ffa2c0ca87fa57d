// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries for the journal: their form, their rate, and that nobody is waited for. The journal is a
 * socket of the test's.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "entry.h"
#include "message_ids.h"

static char path[64];
static int journal;
static char got[4096];

static int set_up(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	snprintf(path, sizeof(path), "/tmp/entry.%d", (int)getpid());
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (journal < 0 || bind(journal, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	entry_open_at(path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(journal);
	return unlink(path);
}

static bool receive(void)
{
	ssize_t n = recv(journal, got, sizeof(got) - 1, 0);

	got[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static void send_one(void)
{
	struct entry e;

	entry_begin(&e, STDERR_FILENO, ID_POLICY, 5, "policy %d", 7);
	entry_send(&e);
}

static void test_form(void **state)
{
	struct entry e;

	(void)state;
	entry_begin(&e, STDERR_FILENO, ID_STANDS, 4, "two\nlines");
	entry_field(&e, "WGFENCE_FENCE", "%s", "a=b\n\x01_PID=1");
	entry_field(&e, "WGFENCE_PID", "%u", 0u);
	entry_send(&e);
	assert_true(receive());
	assert_string_equal(got, "MESSAGE=two lines\nMESSAGE_ID=" ID_STANDS "\nPRIORITY=4\n"
				 "SYSLOG_IDENTIFIER=wgfence\nWGFENCE_FENCE=a=b  _PID=1\n"
				 "WGFENCE_PID=0\n");
	assert_false(receive());
}

/* What does not fit is left out whole, and what comes behind it and fits is there. */
static void test_long(void **state)
{
	char text[3000];
	struct entry e;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	entry_begin(&e, STDERR_FILENO, ID_POLICY, 4, "%s", text);
	entry_field(&e, "LONG", "%s", text);
	entry_field(&e, "SHORT", "%s", "y");
	for (unsigned i = 0; i < 1000; i++)
		entry_field(&e, "MANY", "%u", i);
	entry_send(&e);
	assert_true(receive());
	assert_null(strstr(got, "LONG="));
	assert_non_null(strstr(got, "\nSHORT=y\nMANY=0\n"));
	assert_int_equal(got[strlen(got) - 1], '\n');
	assert_true(strlen(got) <= sizeof(e.fields));
}

/* What the journal does not take goes the way that lines go; nobody is waited for. */
static void test_unread(void **state)
{
	FILE *lines = tmpfile();
	unsigned kept = 0, told = 0;
	int before = dup(STDERR_FILENO);

	(void)state;
	assert_non_null(lines);
	dup2(fileno(lines), STDERR_FILENO);
	for (unsigned i = 0; i < ENTRY_BURST - 10; i++)
		send_one();
	dup2(before, STDERR_FILENO);
	close(before);
	while (receive())
		kept++;
	rewind(lines);
	while (fgets(got, sizeof(got), lines)) {
		assert_string_equal(got, "policy 7\n");
		told++;
	}
	fclose(lines);
	assert_true(kept > 0 && told > 0);
	assert_int_equal(kept + told, ENTRY_BURST - 10);
}

/* As fast as it goes: the burst, and what comes anew in that time. */
static void test_rate(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < 100 * ENTRY_BURST; i++) {
		send_one();
		while (receive())
			n++;
	}
	assert_in_range(n, ENTRY_BURST, ENTRY_BURST + 60 * ENTRY_PER_SECOND);
}

/* Journald was started anew: another socket of that name. */
static void test_restarted(void **state)
{
	(void)state;
	tear_down(state);
	send_one();
	assert_int_equal(set_up(state), 0);
	send_one();
	assert_true(receive());
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unread, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_restarted, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
