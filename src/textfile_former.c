// SPDX-License-Identifier: GPL-2.0-only
#include "textfile_former.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "rundir.h"

#define LINK  "metrics"
#define FRESH ".metrics.new"

/* Only root can have put it there: run_dir_open() sees to that when it is made. */
void textfile_former(const char *run, const char *fence, char ret[PATH_MAX])
{
	char path[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%s/" LINK, run, fence);
	n = readlink(path, ret, PATH_MAX - 1);
	ret[n > 0 ? n : 0] = '\0';
}

static int forget(const char *run, const char *fence, struct err *e)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/" LINK, run, fence);
	return unlink(path) && errno != ENOENT && errno != ENOTDIR
		       ? err_errno(e, "cannot remove %s", path)
		       : 0;
}

/* In one step: whoever is killed in between leaves the one or the other. */
int textfile_moved(const char *run, const char *fence, const char *directory, struct err *e)
{
	int dir, r;

	if (!*directory)
		return forget(run, fence, e);
	dir = run_dir_open(run, fence, e);
	if (dir < 0)
		return -1;
	unlinkat(dir, FRESH, 0);
	r = symlinkat(directory, dir, FRESH) || renameat(dir, FRESH, dir, LINK)
		    ? err_errno(e, "cannot note where the metrics are, %s/%s/" LINK, run, fence)
		    : 0;
	close(dir);
	return r;
}
