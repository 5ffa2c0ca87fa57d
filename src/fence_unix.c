// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fence's hold on unix sockets.
 *
 * Owns: whether its programs are there, and keeping them and the names in step with the
 * configuration. A kernel without the hooks is no error: the fence holds what it can, and says so.
 * Any other failure is one, before anything has changed: what the user was promised is not left out
 * in silence, and `unix = off` is the way to do without.
 */
#include <unistd.h>

#include "fence.h"
#include "load_unix.h"
#include "names.h"
#include "notes.h"

void fence_note_unix(const struct config *c, struct notes *notes)
{
	struct err ignored; /* who cannot even ask fails at loading, and says so */
	char text[160];

	if (c->unix_off || unix_hooks(&ignored) != 0)
		return;
	unix_hooks_missing(text, sizeof(text));
	note_add(notes, NOTE_WARNING, 0, "%s", text);
}

static void drop_programs(struct fence *f)
{
	for (int i = 0; i < N_UNIX; i++) {
		if (f->programs[i] >= 0)
			close(f->programs[i]);
		f->programs[i] = -1;
	}
}

int fence_load_unix(struct fence *f, const struct config *c, struct err *e)
{
	struct unix_bpf *skel;
	int hooks, failed;

	if (c->unix_off || f->programs[0] >= 0)
		return 0;
	hooks = unix_hooks(e);
	if (hooks <= 0)
		return hooks;
	skel = load_unix(c->name, e);
	if (!skel)
		return -1;
	failed = links_unix_programs(skel->obj, f->programs, e);
	unix_bpf__destroy(skel);
	if (failed)
		drop_programs(f);
	return failed;
}

int fence_put_names(struct fence *f, const struct config *c, struct err *e)
{
	struct names names;

	names_of_config(c, &names);
	f->names_stale = names_put(f->names, &names, e) != 0;
	return f->names_stale ? -1 : 0;
}

int fence_drop_unix(struct fence *f, const struct config *c, struct err *e)
{
	if (!c->unix_off)
		return 0;
	drop_programs(f);
	return links_drop_unix(c->name, e);
}

/* The others are where they are. */
static int place_unix(struct fence *f, struct err *e)
{
	int programs[N_LINKS];

	for (int i = 0; i < N_LINKS; i++)
		programs[i] = i < N_UNIX ? f->programs[i] : -1;
	return links_place(f->config.name, programs, &f->cgroup, e);
}

/* Without a cgroup there is nothing to put them on: who finds it again does. */
int fence_keep_unix(struct fence *f, struct err *e)
{
	if (f->names_stale && fence_put_names(f, &f->config, e))
		return -1;
	if (!f->unix_switched)
		return 0;
	if (fence_drop_unix(f, &f->config, e) ||
	    (f->placed && (place_unix(f, e) || fence_verify(f, e))))
		return -1;
	f->unix_switched = false;
	return 0;
}
