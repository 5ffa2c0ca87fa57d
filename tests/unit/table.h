/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of cases: each row is a test of its own in the TAP output.
 *
 * Owns: making cmocka's tests of rows. The first member of a row is its name.
 */
#ifndef WGF_TEST_TABLE_H
#define WGF_TEST_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Writes a test for each of n rows, returns the place behind the last. The row is *state. */
static inline struct CMUnitTest *table_add(struct CMUnitTest *tests, const void *rows, size_t n,
					   size_t size, CMUnitTestFunction function,
					   CMFixtureFunction teardown)
{
	for (size_t i = 0; i < n; i++) {
		const void *row = (const char *)rows + i * size;

		*tests++ = (struct CMUnitTest){*(const char *const *)row, function, NULL, teardown,
					       (void *)(uintptr_t)row};
	}
	return tests;
}

#define TABLE_ADD(tests, rows, function, teardown) \
	table_add(tests, rows, N(rows), sizeof((rows)[0]), function, teardown)

#endif
