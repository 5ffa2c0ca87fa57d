// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hub and its readers: no reader costs another a line, the fence a wait, or the processor a
 * wake-up without a cause.
 */
#include <sys/resource.h>

#include "clock.h"
#include "hub_accept.h"
#include "hubs.h"

#define QUEUE 17 /* of a backlog of 16: the kernel takes one more */

static void test_several_readers(void **state)
{
	struct client a = greeted(), b = greeted();

	(void)state;
	assert_int_equal(hub_readers(hub), 2);
	for (u64 i = 0; i < 100; i++)
		publish(i);
	client_take(&a);
	client_take(&b);
	assert_int_equal(a.next, 100);
	assert_int_equal(b.next, 100);
	assert_int_equal(a.lost + b.lost, 0);
	close(a.fd);
	close(b.fd);
	settle();
	assert_int_equal(hub_readers(hub), 0);
	assert_idle();
}

/* Whoever comes later sees what comes later. */
static void test_nobody(void **state)
{
	struct client c;

	(void)state;
	publish(0);
	assert_idle();
	c = greeted();
	c.next = 1;
	publish(1);
	client_take(&c);
	assert_int_equal(c.next, 2);
	close(c.fd);
}

static void test_slow_reader(void **state)
{
	struct client fast = greeted(), slow = greeted();
	const u64 n = 20000;

	(void)state;
	for (u64 i = 0; i < n; i++) {
		publish(i);
		client_take(&fast);
	}
	assert_int_equal(fast.next, n);
	assert_int_equal(fast.lost, 0);
	client_take(&slow);
	assert_int_equal(slow.next, n);
	assert_true(slow.lost > 0);
	assert_true(slow.notes >= 1 && slow.notes <= 2);
	publish(n);
	client_take(&slow);
	assert_int_equal(slow.next, n + 1);
	printf("# %llu of %llu lost, told %llu times\n", slow.lost, n, slow.notes);
	close(fast.fd);
	close(slow.fd);
}

/* Reads a little now and then: several gaps, each told in its place. */
static void test_reader_that_falls_behind(void **state)
{
	struct client c = greeted();
	const u64 n = 30000;

	(void)state;
	for (u64 i = 0; i < n; i++) {
		publish(i);
		if (i % 9000 == 0)
			client_take(&c);
		settle();
	}
	client_take(&c);
	assert_int_equal(c.next, n);
	assert_true(c.notes > 1);
	close(c.fd);
}

/* No busy loop while a reader does not read, however much is pending for it. */
static void test_idle(void **state)
{
	struct client c = greeted();

	(void)state;
	assert_idle();
	for (u64 i = 0; i < 20000; i++)
		publish(i);
	settle();
	assert_idle();
	client_take(&c);
	assert_idle();
	close(c.fd);
	assert_int_equal(settle(), 1);
	assert_idle();
}

/* What a reader sends is refused by the kernel; what it sent before it was admitted, never read. */
static void test_rubbish(void **state)
{
	static char rubbish[65536];
	struct client c = connected();

	(void)state;
	assert_true(send(c.fd, rubbish, sizeof(rubbish), MSG_DONTWAIT) > 0);
	assert_int_equal(settle(), 1);
	assert_idle();
	assert_string_equal(client_line(&c), HELLO);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(send(c.fd, rubbish, sizeof(rubbish), MSG_DONTWAIT | MSG_NOSIGNAL),
				 -1);
		assert_int_equal(errno, EPIPE);
	}
	assert_idle();
	publish(0);
	client_take(&c);
	assert_int_equal(c.next, 1);
	close(c.fd);
}

/* Will send no more, which it may not anyway; still reads. */
static void test_half_closed(void **state)
{
	struct client c = greeted(), gone = greeted();

	(void)state;
	shutdown(c.fd, SHUT_WR);
	assert_idle();
	publish(0);
	client_take(&c);
	assert_int_equal(c.next, 1);
	client_take(&gone);
	shutdown(gone.fd, SHUT_RD);
	settle();
	assert_int_equal(hub_readers(hub), 1);
	assert_idle();
	close(c.fd);
	close(gone.fd);
}

static void test_hang_up_in_a_line(void **state)
{
	struct client leaver = greeted(), stayer = greeted();
	char begin[300];

	(void)state;
	for (u64 i = 0; i < 20000; i++) {
		publish(i);
		client_take(&stayer);
	}
	assert_int_equal(recv(leaver.fd, begin, sizeof(begin), 0), sizeof(begin));
	close(leaver.fd);
	publish(20000);
	client_take(&stayer);
	assert_int_equal(stayer.next, 20001);
	assert_int_equal(hub_readers(hub), 1);
	assert_idle();
	close(stayer.fd);
	publish(20001);
	assert_int_equal(hub_readers(hub), 0);
}

static void test_too_many(void **state)
{
	struct client c[HUB_MAX_READERS], further;

	(void)state;
	for (unsigned i = 0; i < HUB_MAX_READERS; i++)
		c[i] = greeted();
	further = connected();
	settle();
	assert_string_equal(client_line(&further),
			    "{\"schema\":1,\"type\":\"refused\",\"fence\":\"q\",\"message\":\"16 "
			    "readers are there already\"}");
	assert_null(client_line(&further));
	close(further.fd);
	/* One that leaves makes room at once, also for who came at the same instant. */
	close(c[3].fd);
	c[3] = greeted();
	assert_int_equal(hub_readers(hub), HUB_MAX_READERS);
	publish(0);
	for (unsigned i = 0; i < HUB_MAX_READERS; i++) {
		client_take(&c[i]);
		assert_int_equal(c[i].next, 1);
		close(c[i].fd);
	}
}

/* Nobody can be admitted without a descriptor; who waits is, once there are some. */
static void test_no_descriptors(void **state)
{
	struct client c = connected();
	int free_one = dup(c.fd);
	struct rlimit whole, none;

	(void)state;
	close(free_one);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &whole), 0);
	none = (struct rlimit){(rlim_t)free_one, whole.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(settle(), 1);
	assert_idle();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &whole), 0);
	while (hub_readers(hub) == 0)
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
	assert_string_equal(client_line(&c), HELLO);
	close(c.fd);
}

/* False where the queue of those who wait is full. */
static bool came_and_went(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;
	bool came;

	assert_int_equal(hub_address(dir, "q", HUB_SOCKET, &address, &err), 0);
	came = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	assert_true(came || errno == EAGAIN);
	close(fd);
	return came;
}

/* Who connects without end is taken at a pace, and so is who comes then. */
static void test_flood(void **state)
{
	const u64 burst_msec = HUB_INTERVAL_USEC / 1000, begin = now_msec();
	struct client c = greeted();
	u64 now = begin;
	unsigned came = 0;

	(void)state;
	for (; now - begin < 3 * burst_msec || came <= HUB_BURST; now = now_msec()) {
		came += came_and_went();
		assert_true(sd_event_run(event, 0) >= 0);
	}
	printf("# %u came in %llu ms\n", came, now - begin);
	/* Of two intervals that are begun, and those who wait. */
	assert_true(came <= HUB_BURST * ((now - begin) / burst_msec + 2) + QUEUE);
	publish(0);
	client_take(&c);
	assert_int_equal(c.next, 1);
	close(c.fd);
	while (hub_readers(hub) > 0)
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
}

static void test_close(void **state)
{
	struct client c = greeted();
	char path[128];

	(void)state;
	publish(0);
	hub_close(hub);
	hub = NULL;
	assert_string_equal(client_line(&c), "0 ");
	assert_null(client_line(&c));
	close(c.fd);
	snprintf(path, sizeof(path), "%s/q", dir);
	assert_int_equal(access(path, F_OK), -1);
	hub_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_several_readers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_slow_reader, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reader_that_falls_behind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_idle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rubbish, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_half_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hang_up_in_a_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_too_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_descriptors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_flood, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_close, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
