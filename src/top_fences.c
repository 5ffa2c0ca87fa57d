// SPDX-License-Identifier: GPL-2.0-only
#include "top_fences.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "state_serve.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int top_fences(const char *dir, struct list *ret, struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	struct stat st;
	int failed = 0;

	if (!d)
		return errno == ENOENT ? 0 : err_errno(e, "%s", dir);
	while (!failed && (entry = readdir(d))) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/" STATE_SOCKET, entry->d_name);
		if (fence_name_valid(entry->d_name) && fstatat(dirfd(d), path, &st, 0) == 0 &&
		    S_ISSOCK(st.st_mode))
			failed = list_add(ret, e, "%s", entry->d_name);
	}
	closedir(d);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_name);
	return failed;
}

const char *top_fence_beside(const struct list *fences, const char *name, int step)
{
	unsigned i = 0;

	if (!fences->n)
		return name;
	while (i < fences->n && strcmp(fences->v[i], name) < 0)
		i++;
	if (i == fences->n || strcmp(fences->v[i], name) != 0) /* it is gone */
		return fences->v[step > 0 ? i % fences->n : (i + fences->n - 1) % fences->n];
	return fences->v[(i + (unsigned)((int)fences->n + step)) % fences->n];
}
