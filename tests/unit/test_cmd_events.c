// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wgfence events` at the end of a hub's socket: what it shows, and how it ends.
 *
 * The verb knows one place, /run/wgfence, so this runs only where that is not the machine's
 * (tests/lib/enclose). It runs in a process of its own, that of the test being the daemon.
 */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>

#include "events.h"
#include "hubs.h"

#include "../../src/cmd_events.c" /* NOLINT(bugprone-suspicious-include): verbs are in no library */

struct verb_run {
	pid_t pid;
	int out, err; /* what it prints */
};

static int place(void **state)
{
	set_up_loop(state);
	rmdir(dir);
	strcpy(dir, RUN_DIR);
	return 0;
}

/* The directory is a mount: it stays. */
static int leave(void **state)
{
	(void)state;
	hub_close(hub);
	hub = NULL;
	event = sd_event_unref(event);
	assert_int_equal(descriptors(), descriptors_before);
	return 0;
}

/* As main() does it. */
static _Noreturn void be_verb(bool json)
{
	const struct options o = {.name = "q", .given = json ? OPT(OPT_JSON) : 0};
	struct err e = {.text = ""};
	int code = cmd_events(&o, &e);

	if (e.text[0])
		fprintf(stderr, "wgfence: %s\n", e.text);
	if (fflush(stdout) && code == EXIT_FINE)
		code = EXIT_FAILED;
	_exit(code);
}

/* `out` is the verb's standard output, and closed here. */
static struct verb_run start_at(int out, int out_here, bool json, uid_t uid)
{
	struct verb_run v = {.out = out_here};
	int err_pipe[2];

	fflush(stdout);
	assert_int_equal(pipe2(err_pipe, O_CLOEXEC), 0);
	v.err = err_pipe[0];
	v.pid = fork();
	assert_true(v.pid >= 0);
	if (v.pid == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(err_pipe[1], STDERR_FILENO);
		close_range(STDERR_FILENO + 1, ~0U, 0);
		if (uid && setuid(uid))
			_exit(99);
		be_verb(json);
	}
	close(out);
	close(err_pipe[1]);
	return v;
}

static struct verb_run start(bool json)
{
	int out[2];

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	return start_at(out[1], out[0], json, 0);
}

/* Until the verb is a reader, and was greeted. */
static void admit_it(void)
{
	unsigned before = hub_readers(hub);

	while (hub_readers(hub) == before)
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
}

/* Everything until its end. */
static const char *rest(int fd, char text[4096])
{
	size_t have = 0;
	ssize_t n;

	while ((n = read(fd, text + have, 4095 - have)) > 0)
		have += (size_t)n;
	text[have] = '\0';
	return text;
}

static void assert_end(struct verb_run *v, int code, const char *out, const char *message)
{
	char text[4096];
	int status;

	if (v->out >= 0) {
		assert_string_equal(rest(v->out, text), out);
		close(v->out);
	}
	assert_string_equal(rest(v->err, text), message);
	close(v->err);
	assert_int_equal(waitpid(v->pid, &status, 0), v->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

static void publish_event(const struct wgf_event *e)
{
	struct told t = tell(e, "eth0");
	char line[EVENT_LINE];

	hub_publish(hub, line, event_json_line(&t, line));
}

static void publish_text(const char *line)
{
	hub_publish(hub, line, strlen(line));
}

static void end_daemon(void)
{
	hub_close(hub);
	hub = NULL;
}

#define NOT_RUNNING \
	"wgfence: events come from `wgfence run`, which is not running for the fence q\n"
#define GREETING "-- fence q, wgfence " WGF_VERSION "\n"

static void test_no_daemon(void **state)
{
	struct verb_run v = start(false);

	(void)state;
	assert_end(&v, EXIT_NOT_ENFORCED, "", NOT_RUNNING);
}

/* What it left when it was killed. */
static void test_dead_daemon(void **state)
{
	int fd = hub_listen(RUN_DIR, "q", HUB_SOCKET, NO_GROUP, &err);
	struct verb_run v;

	(void)state;
	close(fd);
	v = start(false);
	assert_end(&v, EXIT_NOT_ENFORCED, "", NOT_RUNNING);
	hub_unlisten(RUN_DIR, "q", HUB_SOCKET);
}

static void test_text(void **state)
{
	struct wgf_event e = a_packet();
	struct verb_run v;

	(void)state;
	open_hub();
	v = start(false);
	admit_it();
	publish_event(&e);
	publish_text("{\"schema\":1,\"type\":\"lost\",\"count\":17}\n");
	publish_text("{\"schema\":2,\"evil\":\"\033[2J\"}\n");
	e = a_call(WGF_CONNECT, WGF_LOOPBACK);
	publish_event(&e);
	end_daemon();
	assert_end(&v, EXIT_NOT_ENFORCED,
		   GREETING "01:02:03 qbittorrent-nox[123] egress ipv4 udp 192.168.1.5:6881 > "
			    "203.0.113.7:6881 by eth0: past the tunnel (IPv4)\n"
			    "-- 17 lost here: this reader was too slow\n"
			    "-- a line that this wgfence does not understand\n"
			    "01:02:03 curl[7] connect ipv4 tcp 127.0.0.1:80: loopback\n",
		   NOT_RUNNING);
}

static void test_json(void **state)
{
	struct verb_run v;

	(void)state;
	open_hub();
	v = start(true);
	admit_it();
	publish_text("{\"schema\":1,\"type\":\"lost\",\"count\":17}\n");
	end_daemon();
	assert_end(&v, EXIT_NOT_ENFORCED, HELLO "\n{\"schema\":1,\"type\":\"lost\",\"count\":17}\n",
		   NOT_RUNNING);
}

/* The first line is there when it came, not when a buffer is full. */
static void assert_hello(const struct verb_run *v)
{
	char text[sizeof(HELLO "\n")];

	for (size_t have = 0; have < sizeof(text) - 1;) {
		ssize_t n = read(v->out, text + have, sizeof(text) - 1 - have);

		assert_true(n > 0);
		have += (size_t)n;
	}
	assert_memory_equal(text, HELLO "\n", sizeof(text) - 1);
}

/* `wgfence events q | head -1`: also where nothing more happens that would have to be written. */
static void test_closed_output(void **state)
{
	struct verb_run v;

	(void)state;
	open_hub();
	v = start(true);
	admit_it();
	assert_hello(&v);
	close(v.out);
	v.out = -1;
	assert_end(&v, EXIT_FINE, "", "");
}

/* Nothing told it before its write that its output is gone: our end stays open. */
static void test_broken_pipe(void **state)
{
	int out[2];
	struct verb_run v;

	(void)state;
	open_hub();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out), 0);
	shutdown(out[1], SHUT_WR);
	v = start_at(out[1], -1, true, 0);
	admit_it();
	assert_end(&v, EXIT_FINE, "", "");
	close(out[0]);
}

static void test_full_disk(void **state)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct verb_run v;

	(void)state;
	open_hub();
	v = start_at(full, -1, true, 0);
	admit_it();
	assert_end(&v, EXIT_FAILED, "",
		   "wgfence: cannot write the events: No space left on device\n");
}

static void test_may_not(void **state)
{
	int out[2];
	struct verb_run v;

	(void)state;
	open_hub();
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	v = start_at(out[1], out[0], true, 65534);
	assert_end(&v, EXIT_FAILED, "",
		   "wgfence: " RUN_DIR "/q/events: only root and the group wgfence may read "
		   "events\n");
}

static void test_turned_away(void **state)
{
	struct client c[HUB_MAX_READERS];
	struct verb_run v;

	(void)state;
	open_hub();
	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		c[i] = greeted();
	v = start(true);
	assert_true(sd_event_run(event, UINT64_MAX) > 0);
	assert_end(&v, EXIT_FAILED, "",
		   "wgfence: the fence q lets nobody else read: 16 readers are there already\n");
	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		close(c[i].fd);
}

/* A daemon that was killed in the middle of a line, or that is none. */
static void assert_daemon_says(const char *text, size_t len, int code, const char *message)
{
	int listener = hub_listen(RUN_DIR, "q", HUB_SOCKET, NO_GROUP, &err), fd;
	struct verb_run v = start(true);

	fcntl(listener, F_SETFL, 0);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
	close(fd);
	assert_end(&v, code, "", message);
	close(listener);
	hub_unlisten(RUN_DIR, "q", HUB_SOCKET);
}

static void test_unfinished_line(void **state)
{
	(void)state;
	assert_daemon_says("{\"schema\":1,", 12, EXIT_NOT_ENFORCED, NOT_RUNNING);
}

static void test_endless_line(void **state)
{
	static const char zeroes[20000];

	(void)state;
	assert_daemon_says(zeroes, sizeof(zeroes), EXIT_FAILED,
			   "wgfence: found a line without end in the events of q\n");
}

static void test_terminal(void **state)
{
	struct wgf_event e = a_call(WGF_SETSOCKOPT, WGF_MULTICAST_JOIN);
	int master, slave;
	struct verb_run v;
	char text[4096];

	(void)state;
	open_hub();
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	v = start_at(slave, -1, false, 0);
	admit_it();
	publish_event(&e);
	end_daemon();
	assert_end(&v, EXIT_NOT_ENFORCED, "", NOT_RUNNING);
	assert_non_null(strstr(rest(master, text), ": \033[31mmulticast join\033[0m\r\n"));
	close(master);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place, leave)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_no_daemon),	  TEST(test_dead_daemon),
		TEST(test_text),	  TEST(test_json),
		TEST(test_closed_output), TEST(test_broken_pipe),
		TEST(test_full_disk),	  TEST(test_may_not),
		TEST(test_turned_away),	  TEST(test_unfinished_line),
		TEST(test_endless_line),  TEST(test_terminal),
	};

	if (!getenv("WGF_ENCLOSED") || geteuid() != 0) {
		printf("1..1\nok 1 - events # SKIP needs a /run/wgfence of its own\n");
		return 0;
	}
	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
