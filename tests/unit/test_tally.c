// SPDX-License-Identifier: GPL-2.0-only
/*
 * What other layouts counted, read by their legends.
 *
 * Owns: that a count arrives under its own name, whatever number it had, and that a legend that
 * cannot be right is not believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"
#include "words.h"

/* A layout with its hooks and reasons in reverse, one hook and two reasons that are not known. */
#define OLD_HOOKS   (WGF_N_HOOKS + 1)
#define OLD_REASONS (WGF_N_REASONS + 2)
#define OLD_ROWS    4

struct old_counters {
	struct wgf_count of[2][OLD_HOOKS][WGF_N_FAMILIES][OLD_REASONS];
	u64 records[2];
};

struct old_image {
	char header[128];
	struct wgf_row rows[OLD_ROWS];
};

static void old_legend(struct wgf_legend *l)
{
	tally_legend(l);
	l->layout = WGF_LAYOUT - 1;
	l->hooks = OLD_HOOKS;
	l->reasons = OLD_REASONS;
	l->fates = 2;
	l->counters_size = sizeof(struct old_counters);
	l->image_size = sizeof(struct old_image);
	l->rows = OLD_ROWS;
	l->rows_offset = offsetof(struct old_image, rows);
	for (int i = 0; i < WGF_N_HOOKS; i++)
		strcpy(l->hook[i], hook_label(WGF_N_HOOKS - 1 - i));
	strcpy(l->hook[WGF_N_HOOKS], "bygone");
	strcpy(l->reason[0], "bygone");
	for (int i = 0; i < WGF_N_REASONS; i++)
		strcpy(l->reason[1 + i], reasons[WGF_N_REASONS - 1 - i].label);
	strcpy(l->reason[OLD_REASONS - 1], "");
}

/* A number that no other cell has. */
static u64 mark(int mode, int hook, int family, int reason)
{
	return 1 + (u64)reason + 100 * ((u64)family + 10 * ((u64)hook + 10 * (u64)mode));
}

static void test_counts_keep_their_names(void **state)
{
	static struct old_counters old;
	static struct wgf_counters sum;
	struct wgf_legend l;

	(void)state;
	old_legend(&l);
	assert_true(tally_understands(&l));
	memset(&old, 0xff, sizeof(old)); /* what is not known must not be added anywhere */
	for (int m = 0; m < 2; m++)
		for (int h = 0; h < WGF_N_HOOKS; h++)
			for (int f = 0; f < WGF_N_FAMILIES; f++)
				for (int r = 0; r < WGF_N_REASONS; r++)
					old.of[m][WGF_N_HOOKS - 1 - h][f][WGF_N_REASONS - r] =
						(struct wgf_count){mark(m, h, f, r),
								   2 * mark(m, h, f, r)};
	old.records[0] = 7;
	old.records[1] = 8;
	memset(&sum, 0, sizeof(sum));
	sum.of[0][WGF_EGRESS][WGF_IPV4][WGF_TUNNEL].packets = 1000000;
	tally_counters(&l, &old, &sum);
	sum.of[0][WGF_EGRESS][WGF_IPV4][WGF_TUNNEL].packets -= 1000000;
	for (int m = 0; m < 2; m++)
		for (int h = 0; h < WGF_N_HOOKS; h++)
			for (int f = 0; f < WGF_N_FAMILIES; f++)
				for (int r = 0; r < WGF_N_REASONS; r++) {
					assert_int_equal(sum.of[m][h][f][r].packets,
							 mark(m, h, f, r));
					assert_int_equal(sum.of[m][h][f][r].bytes,
							 2 * mark(m, h, f, r));
				}
	for (int r = WGF_N_REASONS; r < WGF_MAX_REASONS; r++)
		assert_int_equal(sum.of[0][0][0][r].packets, 0);
	assert_int_equal(sum.records[WGF_SENT], 7);
	assert_int_equal(sum.records[WGF_FLOW_LIMITED], 8);
	assert_int_equal(sum.records[WGF_RATE_LIMITED], 0);
}

static void test_rows(void **state)
{
	static struct wgf_counters sum;
	struct old_image old = {.header = ""};
	struct wgf_legend l;

	(void)state;
	old_legend(&l);
	for (unsigned i = 0; i < OLD_ROWS; i++)
		for (unsigned k = 0; k < 4; k++)
			old.rows[i].of[k / 2][k % 2] = (struct wgf_count){1 + k, 10 + k};
	tally_rows(&l, &old, &sum);
	for (unsigned k = 0; k < 4; k++) {
		const struct wgf_count *c = &sum.of[WGF_ENFORCE][k / 2 ? WGF_INGRESS : WGF_EGRESS]
						   [k % 2 ? WGF_IPV6 : WGF_IPV4][WGF_TUNNEL];

		assert_int_equal(c->packets, OLD_ROWS * (1 + k));
		assert_int_equal(c->bytes, OLD_ROWS * (10 + k));
	}
}

static void test_own_legend(void **state)
{
	struct wgf_legend l;

	(void)state;
	tally_legend(&l);
	assert_true(tally_understands(&l));
	assert_string_equal(l.reason[WGF_TUNNEL], "tunnel");
	assert_string_equal(l.hook[WGF_EGRESS], "egress");
}

/* Each number, as large as it can be: nothing is read outside. */
static void test_false_legends(void **state)
{
	struct wgf_legend right, wrong;
	u32 *numbers[] = {&wrong.magic, &wrong.hooks, &wrong.families,	 &wrong.reasons,
			  &wrong.fates, &wrong.rows,  &wrong.rows_offset};

	(void)state;
	old_legend(&right);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		wrong = right;
		*numbers[i] = ~0U;
		assert_false(tally_understands(&wrong));
	}
	wrong = right;
	wrong.counters_size -= 8;
	assert_false(tally_understands(&wrong));
	wrong = right;
	wrong.image_size -= 1;
	assert_false(tally_understands(&wrong));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_keep_their_names),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_own_legend),
		cmocka_unit_test(test_false_legends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
