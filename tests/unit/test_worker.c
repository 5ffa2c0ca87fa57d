// SPDX-License-Identifier: GPL-2.0-only
/*
 * What works in a thread: the loop is told of its end, and the daemon's end waits for it, but not
 * for one that never ends.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <semaphore.h>

#include "worker.h"

static struct {
	sem_t may_end;
	unsigned worked, done;
} w;
static sd_event *event;
static struct worker *worker;

static void work(void *context)
{
	(void)context;
	sem_wait(&w.may_end);
	w.worked++;
}

static void done(void *context)
{
	(void)context;
	w.done++;
}

static int set_up(void **state)
{
	struct err e;

	(void)state;
	w.worked = w.done = 0;
	return sem_init(&w.may_end, 0, 0) || sd_event_new(&event) < 0 ||
	       worker_open(event, work, done, NULL, &worker, &e);
}

static int tear_down(void **state)
{
	(void)state;
	worker_close(worker);
	sd_event_unref(event);
	return sem_destroy(&w.may_end);
}

static void test_told(void **state)
{
	(void)state;
	assert_true(worker_start(worker));
	assert_true(worker_works(worker));
	assert_false(worker_start(worker));
	sem_post(&w.may_end);
	while (!w.done)
		assert_true(sd_event_run(event, UINT64_MAX) >= 0);
	assert_false(worker_works(worker));
	assert_int_equal(w.worked, 1);
}

static void test_wait(void **state)
{
	(void)state;
	assert_true(worker_wait(worker, 0));
	assert_int_equal(w.done, 0);
	assert_true(worker_start(worker));
	sem_post(&w.may_end);
	assert_true(worker_wait(worker, 60 * 1000));
	assert_int_equal(w.worked, 1);
	assert_int_equal(w.done, 1);
	/* The loop has not to be told once more. */
	assert_int_equal(sd_event_run(event, 0), 0);
	assert_int_equal(w.done, 1);
}

/* It works until it may end, so coming back at all is what is tested. */
static void test_endless(void **state)
{
	(void)state;
	assert_true(worker_start(worker));
	assert_false(worker_wait(worker, 50));
	assert_true(worker_works(worker));
	assert_int_equal(w.done, 0);
	sem_post(&w.may_end);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_endless, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
