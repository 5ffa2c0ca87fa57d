// SPDX-License-Identifier: GPL-2.0-only
/*
 * Publication: what a reader sees while a policy is published, and after a publisher was killed.
 *
 * The crash test is exhaustive: a publisher is stopped after every single instruction, and what is
 * in force is looked at as the programs would.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "image.h"

static int fresh_image(void)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(struct wgf_image)), 0);
	return fd;
}

/* A policy that shows in every byte which one it is. */
static struct wgf_policy make_policy(unsigned char fill)
{
	struct wgf_policy p;

	memset(&p, fill, sizeof(p));
	p.layout = WGF_LAYOUT;
	return p;
}

static bool is_policy(const struct wgf_policy *p, unsigned char fill)
{
	struct wgf_policy want = make_policy(fill);

	want.generation = p->generation;
	return memcmp(p, &want, sizeof(want)) == 0;
}

static int waits;

static int count_waits(struct err *e)
{
	(void)e;
	waits++;
	return 0;
}

static int fail_to_wait(struct err *e)
{
	return err_set(e, EXIT_FAILED, "no wait");
}

static void test_fresh_is_closed(void **state)
{
	int fd = fresh_image();
	struct image img;
	struct err e;

	(void)state;
	assert_int_equal(image_open(fd, &img, &e), 0);
	assert_null(image_in_force(img.map));
	assert_int_equal(img.map->magic, WGF_MAGIC);
	assert_int_equal(img.map->layout, WGF_LAYOUT);
	image_close(&img);
	close(fd);
}

static void test_other_images_are_refused(void **state)
{
	int fd = fresh_image();
	struct wgf_image header = {.magic = WGF_MAGIC, .layout = WGF_LAYOUT + 1};
	struct image img;
	struct err e;
	char text[32];

	(void)state;
	assert_int_equal(pwrite(fd, &header, 16, 0), 16);
	assert_int_equal(image_open(fd, &img, &e), -1);
	assert_int_equal(e.code, EXIT_UNSUPPORTED);
	snprintf(text, sizeof(text), "layout %d", WGF_LAYOUT + 1);
	assert_non_null(strstr(e.text, text));
	header.magic = 1;
	assert_int_equal(pwrite(fd, &header, 16, 0), 16);
	assert_int_equal(image_open(fd, &img, &e), -1);
	assert_non_null(strstr(e.text, "not one of wgfence's"));
	close(fd);
}

/* The slot in force is never written, and one that was in force only after a wait for readers. */
static void test_slots_are_reused_after_a_wait(void **state)
{
	int fd = fresh_image();
	unsigned dirty = 0;
	struct image img;
	struct err e;

	(void)state;
	assert_int_equal(image_open(fd, &img, &e), 0);
	img.wait_for_readers = count_waits;
	waits = 0;
	for (int i = 1; i <= 100; i++) {
		struct wgf_policy p = make_policy((unsigned char)i);
		unsigned before = img.map->active;
		int waits_before = waits;

		assert_int_equal(image_publish(&img, &p, &e), 0);
		assert_true(is_policy(image_in_force(img.map), (unsigned char)i));
		assert_int_equal(image_in_force(img.map)->generation, i);
		assert_int_not_equal(img.map->active, before);
		if (waits != waits_before)
			dirty = 1u << before;
		assert_false(dirty & (1u << img.map->active));
		dirty |= 1u << img.map->active;
	}
	assert_in_range(waits, 100 / WGF_SLOTS, 100 / (WGF_SLOTS - 1) + 1);
	image_close(&img);
	close(fd);
}

/* Who adopts an image does not know what the one before wrote last. */
static void test_adopter_waits_first(void **state)
{
	struct wgf_policy a = make_policy(1), b = make_policy(2);
	int fd = fresh_image();
	struct image img;
	struct err e;

	(void)state;
	assert_int_equal(image_open(fd, &img, &e), 0);
	assert_int_equal(image_publish(&img, &a, &e), 0);
	image_close(&img);
	assert_int_equal(image_open(fd, &img, &e), 0);
	img.wait_for_readers = fail_to_wait;
	assert_int_equal(image_publish(&img, &b, &e), -1);
	assert_true(is_policy(image_in_force(img.map), 1));
	img.wait_for_readers = count_waits;
	waits = 0;
	assert_int_equal(image_publish(&img, &b, &e), 0);
	assert_int_equal(waits, 1);
	assert_true(is_policy(image_in_force(img.map), 2));
	image_close(&img);
	close(fd);
}

static _Noreturn void publish_traced(int fd, const struct wgf_policy *p)
{
	struct image img;
	struct err e;

	if (image_open(fd, &img, &e) || ptrace(PTRACE_TRACEME, 0, 0, 0))
		_exit(9);
	img.wait_for_readers = count_waits;
	raise(SIGSTOP);
	_exit(image_publish(&img, p, &e) ? 8 : 0);
}

/* Returns how many instructions it looked behind; *ret_old counts those that still saw the old one.
 */
static unsigned watch_publication(pid_t child, const struct wgf_image *map, unsigned *ret_old)
{
	unsigned steps = 0;
	bool switched = false;
	int status;

	*ret_old = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	for (;;) {
		bool is_new = is_policy(image_in_force(map), 2);

		assert_true(is_new || is_policy(image_in_force(map), 1));
		assert_true(is_new || !switched);
		switched = is_new;
		*ret_old += !is_new;
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, child, 0, 0), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status))
			break;
		steps++;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(switched);
	return steps;
}

static void test_crash_at_every_instruction(void **state)
{
	struct wgf_policy a = make_policy(1), b = make_policy(2);
	int fd = fresh_image();
	const struct wgf_image *map;
	struct image img;
	unsigned steps, old;
	struct err e;
	pid_t child;

	(void)state;
	assert_int_equal(image_open(fd, &img, &e), 0);
	assert_int_equal(image_publish(&img, &a, &e), 0);
	map = image_view(fd, &e);
	assert_non_null(map);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		publish_traced(fd, &b);
	steps = watch_publication(child, map, &old);
	printf("# looked behind %u instructions, %u of them before the switch\n", steps, old);
	/* A publication of that size cannot be shorter; else nothing was watched. */
	assert_true(old > 50 && steps > old);
	image_unview(map);
	image_close(&img);
	close(fd);
}

static void test_copy_is_the_policy_in_force(void **state)
{
	struct wgf_policy a = make_policy(7), copy;
	int fd = fresh_image();
	struct image img;
	struct err e;

	(void)state;
	assert_int_equal(image_open(fd, &img, &e), 0);
	assert_false(image_copy(img.map, &copy));
	assert_int_equal(image_publish(&img, &a, &e), 0);
	assert_true(image_copy(img.map, &copy));
	assert_true(is_policy(&copy, 7));
	image_close(&img);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh_is_closed),
		cmocka_unit_test(test_other_images_are_refused),
		cmocka_unit_test(test_slots_are_reused_after_a_wait),
		cmocka_unit_test(test_adopter_waits_first),
		cmocka_unit_test(test_crash_at_every_instruction),
		cmocka_unit_test(test_copy_is_the_policy_in_force),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
