/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings for the tests of `init`.
 *
 * Owns: a qBittorrent of a user, found with all that it writes; and looking for lines.
 */
#ifndef WGF_TEST_INIT_FOUND_H
#define WGF_TEST_INIT_FOUND_H

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

#include "init_findings.h"

static struct err e;

static inline struct findings found(const char *unit_text)
{
	struct findings f = {.unit = "q@u.service",
			     .name = "q-x",
			     .binary = "/usr/bin/wgfence",
			     .user = "u",
			     .tunnel = "wg0",
			     .qbittorrent = true,
			     .webui = true,
			     .webui_port = 8080,
			     .paths_known = true};

	assert_int_equal(list_add(&f.networks, &e, "localhost"), 0);
	assert_int_equal(list_add(&f.networks, &e, "lan"), 0);
	assert_int_equal(list_add(&f.servers, &e, "10.2.0.1"), 0);
	assert_int_equal(list_add(&f.paths, &e, "/srv/dl"), 0);
	assert_int_equal(list_add(&f.texts, &e, "%s", unit_text), 0);
	return f;
}

/* How many of the lines are KEY=..., and how many are exactly `line`. */
static inline unsigned count_key(const struct list *lines, const char *key)
{
	unsigned n = 0;

	for (unsigned i = 0; i < lines->n; i++)
		n += strncmp(lines->v[i], key, strlen(key)) == 0 && lines->v[i][strlen(key)] == '=';
	return n;
}

static inline void assert_line(const struct list *lines, const char *line)
{
	if (!list_has(lines, line))
		fail_msg("there is no %s", line);
}

#endif
