// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who answers with the state: one answer each, whatever is sent, whoever does not read; and asleep
 * while nobody asks.
 *
 * It knows one place, /run/wgfence, so this runs only where that is not the machine's
 * (tests/lib/enclose).
 */
#include "hubs.h"
#include "state.h"
#include "state_serve.h"

static struct state_server *server;
static struct state state_got;
static const char name[] = "no-such-fence";

static int serve(void **state)
{
	set_up_loop(state);
	rmdir(dir);
	if (state_serve(name, "/x", event, &server, &err))
		fail_msg("%s", err.text);
	return 0;
}

static int unserve(void **state)
{
	(void)state;
	state_unserve(server);
	server = NULL;
	event = sd_event_unref(event);
	assert_int_equal(access(RUN_DIR "/no-such-fence", F_OK), -1);
	assert_int_equal(descriptors(), descriptors_before);
	return 0;
}

static int connected_to_state(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;

	assert_int_equal(hub_address(RUN_DIR, name, STATE_SOCKET, &address, &err), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* To its end. */
static void assert_answered(int fd)
{
	static char text[STATE_MAX_TEXT];
	size_t have = 0;
	ssize_t n;

	while ((n = recv(fd, text + have, sizeof(text) - have, MSG_DONTWAIT)) > 0)
		have += (size_t)n;
	assert_int_equal(n, 0);
	assert_true(state_parse(text, have, &state_got));
	assert_string_equal(state_got.fence, name);
	assert_string_equal(state_got.cgroup, "/x");
	assert_false(state_got.exists);
	close(fd);
}

static void test_answer(void **state)
{
	int fd;

	(void)state;
	assert_idle();
	for (int i = 0; i < 3; i++) {
		fd = connected_to_state();
		assert_int_equal(settle(), 1);
		assert_answered(fd);
		assert_idle();
	}
}

/* The socket is as that of events: for root, and for the group where there is one. */
static void test_mode(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(RUN_DIR "/no-such-fence/state", &st), 0);
	assert_int_equal(st.st_mode & 07777U & ~0060U, 0600);
}

/* Nothing that is sent is read, and nobody is waited for. */
static void test_rubbish(void **state)
{
	static char rubbish[65536];
	int rude = connected_to_state(), idle = connected_to_state(), fd;

	(void)state;
	assert_true(send(rude, rubbish, sizeof(rubbish), MSG_DONTWAIT) > 0);
	assert_int_equal(settle(), 2);
	assert_idle();
	fd = connected_to_state();
	settle();
	assert_answered(fd);
	close(rude);
	assert_answered(idle);
	assert_idle();
}

/*
 * Asking without end costs the daemon no reading without end: within a moment, the same answer. All
 * of these wait before the first is answered, so a slow machine answers them as close together.
 */
static void test_fresh(void **state)
{
	int fds[10];
	u64 last = 0;
	unsigned same = 0;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		fds[i] = connected_to_state();
	assert_int_equal(settle(), 10);
	for (unsigned i = 0; i < 10; i++) {
		assert_answered(fds[i]);
		assert_true(state_got.now >= last);
		same += state_got.now == last;
		last = state_got.now;
	}
	assert_true(same > 0);
	usleep(150 * 1000);
	fds[0] = connected_to_state();
	settle();
	assert_answered(fds[0]);
	assert_true(state_got.now > last);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer, serve, unserve),
		cmocka_unit_test_setup_teardown(test_mode, serve, unserve),
		cmocka_unit_test_setup_teardown(test_rubbish, serve, unserve),
		cmocka_unit_test_setup_teardown(test_fresh, serve, unserve),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (!getenv("WGF_ENCLOSED") || geteuid() != 0) {
		printf("1..1\nok 1 - state # SKIP needs a /run/wgfence of its own\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
