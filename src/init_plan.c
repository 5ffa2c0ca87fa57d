// SPDX-License-Identifier: GPL-2.0-only
#include "init_plan.h"

#include <stdlib.h>
#include <string.h>

#include "init_diff.h"
#include "init_file.h"
#include "init_render.h"
#include "init_stamp.h"

static int compare(const char *root, struct plan_file *file, struct err *e)
{
	static const enum plan_state states[] = {[STAMP_OURS] = PLAN_OLD,
						 [STAMP_EDITED] = PLAN_EDITED,
						 [STAMP_FOREIGN] = PLAN_FOREIGN};
	size_t len;
	int r = init_file_read(root, file->path, &file->have, &len, e);

	if (r < 0)
		return -1;
	if (r == 0)
		file->state = PLAN_ABSENT;
	else if (file->wanted && strcmp(file->have, file->wanted) == 0)
		file->state = PLAN_SAME;
	else
		file->state = states[stamp_check(file->have)];
	return 0;
}

static int compare_all(const struct ask *ask, const char *name, const char *unit, struct plan *p,
		       struct err *e)
{
	p->root = ask->root;
	p->read_only = init_dir_read_only(ask->root, "/etc/systemd/system");
	for (unsigned i = 0; i < N_PATHS; i++) {
		find_path(i, name, unit, p->files[i].path);
		if (compare(ask->root, &p->files[i], e))
			return -1;
	}
	return 0;
}

static int stamp(char *body, char **ret, struct err *e)
{
	if (!body)
		return -1;
	*ret = stamp_put(body);
	free(body);
	return *ret ? 0 : err_errno(e, "memory");
}

/*
 * Rules, networks and the mode are the user's to write, so a configuration that was edited and is
 * right stays. The name may also be taken by a fence of another unit.
 */
static int check_owner(const struct ask *ask, const struct findings *f, struct plan_file *conf,
		       struct err *e)
{
	bool edited = conf->state >= PLAN_EDITED;
	static struct config c; /* too large for comfort on the stack */
	struct err why;

	if (!conf->have)
		return 0;
	if (config_parse(conf->have, strlen(conf->have), conf->path, f->name, &c, &why))
		return ask->replace || !edited
			       ? 0
			       : err_set(e, why.code, "%s; mend it, or --force replaces the file",
					 why.text);
	if (strcmp(c.unit, f->unit) == 0) {
		if (edited && !ask->replace)
			conf->state = PLAN_KEPT;
		return 0;
	}
	return err_set(e, EXIT_MISUSE,
		       "%s is the fence of %s: choose another name with --name NAME", conf->path,
		       *c.unit ? c.unit : c.cgroup);
}

int plan_write(const struct ask *ask, const struct findings *f, const struct dropin *d,
	       struct plan *ret, struct err *e)
{
	struct plan p = {0};

	if (stamp(render_config(f, e), &p.files[PATH_CONF].wanted, e) ||
	    stamp(render_slice(f, e), &p.files[PATH_SLICE].wanted, e) ||
	    stamp(render_dropin(d, e), &p.files[PATH_DROPIN].wanted, e) ||
	    compare_all(ask, f->name, f->unit, &p, e) ||
	    check_owner(ask, f, &p.files[PATH_CONF], e)) {
		plan_free(&p);
		return -1;
	}
	*ret = p;
	return 0;
}

int plan_remove(const struct ask *ask, const char *name, const char *unit, struct plan *ret,
		struct err *e)
{
	struct plan p = {0};

	if (compare_all(ask, name, unit, &p, e)) {
		plan_free(&p);
		return -1;
	}
	*ret = p;
	return 0;
}

void plan_free(struct plan *p)
{
	for (unsigned i = 0; i < N_PATHS; i++) {
		free(p->files[i].wanted);
		free(p->files[i].have);
	}
	*p = (struct plan){0};
}

static bool changes(const struct plan_file *file)
{
	return file->wanted ? file->state != PLAN_SAME && file->state != PLAN_KEPT
			    : file->state != PLAN_ABSENT;
}

unsigned plan_changes(const struct plan *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < N_PATHS; i++)
		n += changes(&p->files[i]);
	return n;
}

const struct plan_file *plan_obstacle(const struct plan *p)
{
	for (unsigned i = 0; i < N_PATHS; i++)
		if (changes(&p->files[i]) && p->files[i].state >= PLAN_EDITED)
			return &p->files[i];
	return NULL;
}

void plan_print(FILE *out, const struct plan *p)
{
	static const char *const words[] = {[PLAN_ABSENT] = "new",
					    [PLAN_SAME] = "as it should be",
					    [PLAN_KEPT] = "edited, and kept; init would write",
					    [PLAN_OLD] = "to be replaced",
					    [PLAN_EDITED] = "edited since init wrote it",
					    [PLAN_FOREIGN] = "there, and not written by init"};

	for (unsigned i = 0; i < N_PATHS; i++) {
		const struct plan_file *file = &p->files[i];

		if (!file->wanted && file->state <= PLAN_OLD) {
			fprintf(out, "\n%s: %s\n", file->path,
				file->have ? "to be removed" : "not there");
			continue;
		}
		fprintf(out, "\n%s: %s\n", file->path, words[file->state]);
		if (file->wanted && file->state != PLAN_SAME)
			diff_print(out, file->have ? file->have : "", file->wanted);
	}
}

/*
 * The order, and what each of its moments leaves, should the next step fail or never come:
 *
 *   writing   configuration    inert: nothing refers to it but a daemon that somebody starts
 *             slice's drop-in  inert: nothing is in that slice
 *             unit's drop-in   from the next daemon-reload on, the whole of it
 *
 * The other way round a unit could meet the gate without a configuration, and not start: closed,
 * but without need. No order has the unit started half-fenced: slice and gate stand in one file,
 * which is there whole or not at all, and the gate asks the kernel, not these files.
 *
 *   removing  configuration    the unit is in its slice, the gate refuses new starts: closed
 *             slice's drop-in  the same
 *             unit's drop-in   open, as was asked for
 *
 * So in both the unit's drop-in is last: what it refers to is complete before it is there, and what
 * fails in the middle of a removal opens nothing.
 */
int plan_apply(const struct plan *p, struct err *e)
{
	for (unsigned i = 0; i < N_PATHS; i++) {
		const struct plan_file *file = &p->files[i];

		if (!changes(file))
			continue;
		if (file->wanted ? init_file_write(p->root, file->path, file->wanted, e)
				 : init_file_remove(p->root, file->path, e))
			return -1;
	}
	return 0;
}
