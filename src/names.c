// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fence_maps.h"
#include "unix_text.h"

/* sd_notify(3), the journal, syslog(3): they take messages, and ask nobody anything. */
static const char *const always[] = {
	"/run/systemd/notify",
	"/run/systemd/journal/socket",
	"/run/systemd/journal/stdout",
	"/run/systemd/journal/dev-log",
	"/dev/log",
};

_Static_assert(sizeof(always) / sizeof(always[0]) <= WGF_ALWAYS_NAMES, "the map has room");

bool names_have(const struct names *names, const struct wgf_name *name)
{
	for (unsigned i = 0; i < names->n; i++)
		if (memcmp(&names->name[i].name, name, sizeof(*name)) == 0)
			return true;
	return false;
}

void names_of_config(const struct config *c, struct names *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		(void)name_parse(always[i], &ret->name[ret->n++].name);
	for (unsigned i = 0; i < c->n_names; i++)
		if (!names_have(ret, &c->names[i].name))
			ret->name[ret->n++] = c->names[i];
}

/* The map does not change meanwhile: its one writer is whoever reads here, or is read beside. */
static int read_map(int fd, struct names *ret, struct err *e)
{
	const struct wgf_name *previous = NULL;

	memset(ret, 0, sizeof(*ret));
	for (; ret->n < MAX_NAMES; previous = &ret->name[ret->n++].name) {
		struct config_name *at = &ret->name[ret->n];

		if (bpf_map_get_next_key(fd, previous, &at->name))
			break;
		if (bpf_map_lookup_elem(fd, &at->name, &at->line) && errno != ENOENT)
			return err_errno(e, "cannot read the names of unix sockets");
	}
	return ret->n == MAX_NAMES || errno == ENOENT
		       ? 0
		       : err_errno(e, "cannot read the names of unix sockets");
}

static int by_line(const void *a, const void *b)
{
	const struct config_name *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return memcmp(&x->name, &y->name, sizeof(x->name));
}

int names_read(const char *fence, struct names *ret, struct err *e)
{
	int fd = map_open(fence, MAP_NAMES, e), failed;

	ret->n = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	failed = read_map(fd, ret, e);
	close(fd);
	qsort(ret->name, ret->n, sizeof(ret->name[0]), by_line);
	return failed;
}

int names_put(int fd, const struct names *names, struct err *e)
{
	struct names now;

	if (read_map(fd, &now, e))
		return -1;
	for (unsigned i = 0; i < now.n; i++)
		if (!names_have(names, &now.name[i].name) &&
		    bpf_map_delete_elem(fd, &now.name[i].name))
			return err_errno(e, "cannot withdraw the name of a unix socket");
	for (unsigned i = 0; i < names->n; i++)
		if (bpf_map_update_elem(fd, &names->name[i].name, &names->name[i].line, BPF_ANY))
			return err_errno(e, "cannot add the name of a unix socket");
	return 0;
}
