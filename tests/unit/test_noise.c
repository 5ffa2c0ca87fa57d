// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expected noise is one list: what `top` sets apart is what no alert rings for, and what the
 * dashboard shows apart. Read from the files that are shipped.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "file.h"
#include "noise.h"
#include "words.h"

#define RULES	  "packaging/prometheus/wgfence.rules.yml"
#define DASHBOARD "packaging/grafana/wgfence.json"
#define MANUAL	  "man/wgfence.8"

#define PACKETS (1u << WGF_EGRESS | 1u << WGF_GUARD) /* of the service, or in the tunnel's name */

/* The labels of the noise that is dropped at these hooks, as a regular expression of Prometheus. */
static const char *noise_at(unsigned hooks)
{
	static char text[512];
	char *at = text;

	*text = '\0';
	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		if (reason_is_noise(r) && reasons[r].where & hooks)
			at += sprintf(at, "%s%s", at == text ? "" : "|", reasons[r].label);
	return text;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same words, in whatever order. */
static void assert_same(const char *got, size_t len, const char *wanted)
{
	char *words[2][WGF_N_REASONS], *copies[2] = {strndup(got, len), strdup(wanted)}, *rest;
	unsigned n[2] = {0};

	for (unsigned i = 0; i < 2; i++) {
		rest = copies[i];
		while (n[i] < WGF_N_REASONS && (words[i][n[i]] = strsep(&rest, "|")))
			n[i]++;
		qsort(words[i], n[i], sizeof(char *), by_text);
	}
	assert_int_equal(n[0], n[1]);
	for (unsigned i = 0; i < n[0]; i++)
		assert_string_equal(words[0][i], words[1][i]);
	free(copies[0]);
	free(copies[1]);
}

/* Each list behind `before`, up to the quote; how many there are. */
static unsigned each_list(const char *file, const char *before, const char *wanted)
{
	struct err e;
	char *text = file_text(file, &e);
	const char *at = text;
	unsigned n = 0;

	if (!text)
		fail_msg("%s", e.text);
	while ((at = strstr(at, before))) {
		at += strlen(before);
		assert_same(at, strcspn(at, "\\\""), wanted);
		n++;
	}
	free(text);
	return n;
}

/* Packets alone: a refused call has sent nothing. */
static void test_alerts(void **state)
{
	(void)state;
	assert_int_equal(
		each_list(RULES, "direction=~\"egress|guard\",reason!~\"", noise_at(PACKETS)), 2);
	assert_int_equal(each_list(RULES, "reason!~\"", noise_at(PACKETS)), 2);
}

static void test_dashboard(void **state)
{
	(void)state;
	assert_true(each_list(DASHBOARD, "reason!~\\\"", noise_at(PACKETS)) > 0);
	assert_true(each_list(DASHBOARD, "reason=~\\\"", noise_at(PACKETS)) > 0);
}

/* The paragraph that lists them: words of letters and underscores. */
static void test_manual(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	struct err e;
	char *text = file_text(MANUAL, &e), *at, *end;
	bool named[WGF_N_REASONS] = {false};

	(void)state;
	assert_non_null(text);
	at = strstr(text, "These reasons are noise");
	assert_non_null(at);
	end = strstr(at, "\n.Pp");
	assert_non_null(end);
	*end = '\0';
	for (at += strcspn(at, "\n"); *at; at += strspn(at, letters)) {
		char word[64];

		at += strcspn(at, letters);
		snprintf(word, sizeof(word), "%.*s", (int)strspn(at, letters), at);
		if (reason_by_label(word) >= 0)
			named[reason_by_label(word)] = true;
	}
	for (unsigned r = 0; r < WGF_N_REASONS; r++)
		assert_int_equal(named[r], reason_is_noise(r));
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_dashboard),
		cmocka_unit_test(test_manual),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
