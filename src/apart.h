/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cgroup apart: made for one question that the caller's own cannot answer.
 *
 * Owns: where it is made, what is made in it, and that it goes again.
 */
#ifndef WGF_APART_H
#define WGF_APART_H

#include <limits.h>

#include "err.h"

struct apart {
	int fd; /* its directory */
	char dir[2 * PATH_MAX + 32];
};

int apart_open(struct apart *ret, struct err *e);
void apart_close(struct apart *a);

/* A socket that is made there, and so belongs there whoever uses it. */
int apart_socket(const struct apart *a, int family, int type, struct err *e);

#endif
