// SPDX-License-Identifier: GPL-2.0-only
/*
 * The outbox: whole lines in order, and the exact count of those that are not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "outbox.h"
#include "random.h"

static struct outbox box;

static int clear(void **state)
{
	(void)state;
	memset(&box, 0, sizeof(box));
	return 0;
}

static void assert_pending(const char *expected)
{
	size_t len;
	const char *data = outbox_pending(&box, &len);

	assert_int_equal(len, strlen(expected));
	assert_memory_equal(data, expected, len);
}

static void fill(size_t leave)
{
	static char line[OUTBOX_SIZE];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - leave - 1] = '\n';
	outbox_put(&box, line, sizeof(line) - leave);
}

static void drain(void)
{
	size_t len;

	outbox_pending(&box, &len);
	outbox_sent(&box, len);
}

static void test_line_that_could_not_be_made(void **state)
{
	(void)state;
	outbox_put(&box, "", 0);
	outbox_put(&box, "one\n", 4);
	assert_pending("{\"schema\":1,\"type\":\"lost\",\"count\":1}\none\n");
}

static void test_lines(void **state)
{
	(void)state;
	assert_pending("");
	outbox_put(&box, "one\n", 4);
	outbox_put(&box, "two\n", 4);
	assert_pending("one\ntwo\n");
	outbox_sent(&box, 5);
	assert_pending("wo\n");
	outbox_put(&box, "3\n", 2);
	assert_pending("wo\n3\n");
	outbox_sent(&box, 5);
	assert_pending("");
}

static void test_exact_fit(void **state)
{
	size_t len;

	(void)state;
	fill(4);
	outbox_put(&box, "one\n", 4);
	outbox_pending(&box, &len);
	assert_int_equal(len, OUTBOX_SIZE);
	outbox_put(&box, "\n", 1);
	assert_int_equal(box.lost, 1);
}

/* The count comes as soon as there is room, without waiting for another line. */
static void test_count_comes_by_itself(void **state)
{
	(void)state;
	fill(0);
	outbox_put(&box, "a\n", 2);
	outbox_put(&box, "b\n", 2);
	outbox_sent(&box, 10);
	assert_int_equal(box.lost, 2);
	outbox_sent(&box, OUTBOX_SIZE - 12);
	assert_pending("x\n{\"schema\":1,\"type\":\"lost\",\"count\":2}\n");
	outbox_put(&box, "c\n", 2);
	assert_pending("x\n{\"schema\":1,\"type\":\"lost\",\"count\":2}\nc\n");
}

/* A short line must not slip past the count of those before it. */
static void test_nothing_overtakes_the_count(void **state)
{
	(void)state;
	fill(8);
	outbox_put(&box, "too long\n", 9);
	outbox_put(&box, "short\n", 6);
	drain();
	assert_pending("{\"schema\":1,\"type\":\"lost\",\"count\":2}\n");
}

/* With room for the count, but not for the line behind it, there is one count and not two. */
static void test_one_count(void **state)
{
	static char line[2000];

	(void)state;
	fill(100);
	outbox_put(&box, line, sizeof(line));
	outbox_put(&box, line, 90);
	drain();
	assert_pending("{\"schema\":1,\"type\":\"lost\",\"count\":2}\n");
}

static void test_longer_than_all(void **state)
{
	static char line[OUTBOX_SIZE + 1];

	(void)state;
	outbox_put(&box, line, sizeof(line));
	assert_pending("");
	outbox_put(&box, "a\n", 2);
	assert_pending("{\"schema\":1,\"type\":\"lost\",\"count\":1}\na\n");
}

/* A reader at the other end: it knows which line must come next, and how many it was told of. */
struct taker {
	char line[2048];
	size_t have;
	u64 next, lost;
};

static void take_line(struct taker *t)
{
	unsigned long long number;
	unsigned padding;

	t->line[t->have] = '\0';
	t->have = 0;
	if (sscanf(t->line, "{\"schema\":1,\"type\":\"lost\",\"count\":%llu}", &number) == 1) {
		assert_true(number > 0);
		t->lost += number;
		t->next += number;
		return;
	}
	assert_int_equal(sscanf(t->line, "%llu %u", &number, &padding), 2);
	assert_int_equal(number, t->next);
	assert_int_equal(strlen(t->line), padding);
	t->next++;
}

static void take(struct taker *t, size_t most)
{
	size_t len;
	const char *data = outbox_pending(&box, &len);

	len = len < most ? len : most;
	for (size_t i = 0; i < len; i++) {
		assert_true(t->have < sizeof(t->line) - 1);
		if (data[i] == '\n')
			take_line(t);
		else
			t->line[t->have++] = data[i];
	}
	outbox_sent(&box, len);
}

/* "NUMBER LENGTH ....": as long as it says. */
static void put_numbered(u64 number)
{
	char line[2048];
	unsigned len = 30 + random_below(one_in(50) ? 1900 : 500);
	int n = snprintf(line, sizeof(line), "%llu %u ", number, len);

	memset(line + n, '.', len - (unsigned)n);
	line[len] = '\n';
	outbox_put(&box, line, len + 1);
}

static void test_random_readers(void **state)
{
	u64 lost = 0, published = 0;

	(void)state;
	for (unsigned i = rounds(300); i; i--) {
		struct taker t = {.have = 0};
		/* From readers that keep up to some that hardly ever read. */
		u32 seldom = 1 + random_below(200), most = 1 + random_below(100000);
		u64 n = random_below(3000);

		memset(&box, 0, sizeof(box));
		for (u64 k = 0; k < n; k++) {
			put_numbered(k);
			if (one_in(seldom))
				take(&t, random_below(most));
		}
		for (int k = 0; k < 3; k++)
			take(&t, SIZE_MAX);
		assert_int_equal(t.next, n);
		assert_int_equal(t.have, 0);
		assert_int_equal(box.lost, 0);
		lost += t.lost;
		published += n;
	}
	printf("# %llu lines, %llu of them lost\n", published, lost);
	assert_true(lost > 0 && lost < published);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_line_that_could_not_be_made, clear),
		cmocka_unit_test_setup(test_lines, clear),
		cmocka_unit_test_setup(test_exact_fit, clear),
		cmocka_unit_test_setup(test_count_comes_by_itself, clear),
		cmocka_unit_test_setup(test_nothing_overtakes_the_count, clear),
		cmocka_unit_test_setup(test_one_count, clear),
		cmocka_unit_test_setup(test_longer_than_all, clear),
		cmocka_unit_test_setup(test_random_readers, clear),
	};

	random_seed();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
