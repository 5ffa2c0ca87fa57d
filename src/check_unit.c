// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unit: does it start in the fence and only there, and does it run so now? Its sandbox is
 * check_lines.c's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_unit.h"
#include "init_dropin.h"

void mend_by_init(struct unit_check *uc)
{
	char unit[SHELL_WORD], name[FENCE_NAME_MAX + 1], ours[PATH_OF_INIT], file[SHELL_WORD];
	char init[SHELL_WORD + FENCE_NAME_MAX + 64];
	bool named;

	shell_word(uc->unit.id, unit);
	find_default_name(uc->unit.id, name);
	named = strcmp(name, uc->c->name) != 0;
	find_path(PATH_DROPIN, uc->c->name, uc->unit.id, ours);
	shell_word(ours, file);
	snprintf(init, sizeof(init), "wgfence init %s%s%s --yes", unit, named ? " --name " : "",
		 named ? uc->c->name : "");
	if (!uc->edited)
		finding_mend(&uc->c->report, "%s && systemctl restart %s", init, unit);
	else /* without a drop-in the unit would start outside: what init refuses brings it back */
		finding_mend(&uc->c->report,
			     "mv %s %s.edited && { %s || { mv %s.edited %s; false; }; } && "
			     "systemctl restart %s",
			     file, file, init, file, file, unit);
}

void mend_by_restart(struct unit_check *uc)
{
	char unit[SHELL_WORD];

	finding_mend(&uc->c->report, "systemctl restart %s", shell_word(uc->unit.id, unit));
}

static bool is_within(const char *path, const char *cgroup)
{
	size_t len = strlen(cgroup);

	return len && strncmp(path, cgroup, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static void judge_place(struct unit_check *uc, bool in_slice)
{
	struct report *r = &uc->c->report;
	const char *path = uc->unit.control_group;

	if (!*path) {
		finding_add(r, FINDING_FINE, "unit.inside", NULL, "%s does not run", uc->unit.id);
	} else if (is_within(path, uc->c->cgroup.path)) {
		finding_add(r, FINDING_FINE, "unit.inside", NULL, "%s runs inside, in %s",
			    uc->unit.id, path);
	} else {
		finding_add(r, FINDING_BROKEN, "unit.inside",
			    "The fence holds what is inside it: this sends by whatever route there "
			    "is.",
			    "%s runs in %s, outside the fence", uc->unit.id, path);
		if (in_slice)
			mend_by_restart(uc);
		else
			mend_by_init(uc);
	}
}

/* A fence that was put on a unit as it runs is on the unit's own cgroup, and has another gate. */
static void judge_start(struct unit_check *uc, const char *slice, bool in_slice)
{
	struct report *r = &uc->c->report;
	bool live = unit_has_gate(&uc->unit, "--here", uc->c->name);

	if (live) {
		finding_add(r, FINDING_NOTICE, "unit.live",
			    "From the next boot on nothing puts it into a fence.",
			    "%s is fenced live, until the next boot", uc->unit.id);
		mend_by_init(uc);
		return;
	}
	if (!in_slice) {
		finding_add(r, FINDING_WARNING, "unit.slice",
			    "Its next start is outside the fence, which stands on that slice.",
			    "Slice= of %s is %s, not %s", uc->unit.id, uc->unit.slice, slice);
		mend_by_init(uc);
	}
	if (!unit_has_gate(&uc->unit, "ready", uc->c->name)) {
		finding_add(r, FINDING_WARNING, "unit.gate",
			    "It starts also where the fence does not stand.",
			    "%s has no ExecStartPre=+wgfence ready %s", uc->unit.id, uc->c->name);
		mend_by_init(uc);
	} else if (in_slice) {
		finding_add(r, FINDING_FINE, "unit.gate", NULL,
			    "%s starts in %s, and only where the fence holds it", uc->unit.id,
			    slice);
	}
}

static void judge_reload(struct unit_check *uc)
{
	char unit[SHELL_WORD];

	if (!uc->unit.needs_reload)
		return;
	finding_add(&uc->c->report, FINDING_WARNING, "unit.reload",
		    "What is looked at here is what systemd has read; the files say something else "
		    "by now.",
		    "files of %s have changed since systemd read them", uc->unit.id);
	finding_mend(&uc->c->report, "systemctl daemon-reload && systemctl restart %s",
		     shell_word(uc->unit.id, unit));
}

/* It listens, or will after the next boot; what cannot be told counts. */
static bool hands_in(const char *by)
{
	const char *dot = strrchr(by, '.'), *active, *enabled;
	struct list properties = {0};
	struct err ignored;
	bool idle;

	if (!dot || strcmp(dot, ".socket") != 0)
		return false;
	(void)unit_properties(by, PROPERTIES_UNIT, &properties, &ignored);
	active = property_value(&properties, "ActiveState");
	enabled = property_value(&properties, "UnitFileState");
	idle = active && strcmp(active, "active") != 0 && enabled &&
	       strncmp(enabled, "enabled", strlen("enabled")) != 0;
	list_free(&properties);
	return !idle;
}

static void judge_triggers(struct unit_check *uc)
{
	char socket[SHELL_WORD], unit[SHELL_WORD];
	bool any = false;

	for (unsigned i = 0; i < uc->unit.triggered_by.n; i++) {
		const char *by = uc->unit.triggered_by.v[i];

		if (!hands_in(by))
			continue;
		any = true;
		finding_add(&uc->c->report, FINDING_WARNING, "unit.socket",
			    "Sockets that it hands in are made outside, where no fence sees them.",
			    "%s starts %s with sockets of its own", by, uc->unit.id);
		finding_mend(&uc->c->report, "systemctl disable --now %s && systemctl restart %s",
			     shell_word(by, socket), shell_word(uc->unit.id, unit));
	}
	if (!any)
		finding_add(&uc->c->report, FINDING_FINE, "unit.socket", NULL,
			    "no .socket unit hands in sockets");
}

static void judge_user(struct unit_check *uc)
{
	const char *user = uc->unit.user;

	if (uc->unit.private_network || *uc->unit.netns_path)
		finding_add(&uc->c->report, FINDING_WARNING, "unit.namespace",
			    "A fence is for a service on the host's network, and refuses its "
			    "sockets elsewhere.",
			    "%s has a network namespace of its own", uc->unit.id);
	if (uc->unit.dynamic_user || (*user && strcmp(user, "root") != 0 && strcmp(user, "0") != 0))
		finding_add(&uc->c->report, FINDING_FINE, "unit.user", NULL, "it runs as %s",
			    *user ? user : "a user of its own");
	else
		finding_add(&uc->c->report, FINDING_WARNING, "unit.user",
			    "Root can leave any fence.",
			    "%s runs as root, without User=", uc->unit.id);
}

/* Of what systemd has read; what it has not, judge_reload() tells. */
static void judge_stale(struct unit_check *uc, const struct list *properties)
{
	const char *text = property_value(properties, "ExecMainStartTimestamp"), *newest = NULL;
	unsigned long long start = text ? strtoull(text, NULL, 10) / 1000000 : 0;
	struct stat st;

	if (!start || !*uc->unit.control_group)
		return;
	for (unsigned i = 0; i < uc->unit.dropins.n; i++)
		if (stat(uc->unit.dropins.v[i], &st) == 0 &&
		    (unsigned long long)st.st_mtim.tv_sec > start)
			newest = uc->unit.dropins.v[i];
	if (!newest) {
		finding_add(&uc->c->report, FINDING_FINE, "unit.stale", NULL,
			    "it was started after the last change of its drop-ins");
		return;
	}
	finding_add(&uc->c->report, FINDING_WARNING, "unit.stale",
		    "Slice, gate and sandbox of a process are those of its start.",
		    "%s runs since before %s was changed", uc->unit.id, newest);
	mend_by_restart(uc);
}

static void judge_all(struct unit_check *uc)
{
	struct list properties = {0};
	char slice[UNIT_NAME];
	bool in_slice;
	struct err e;

	dropin_slice(uc->c->name, slice);
	in_slice = strcmp(uc->unit.slice, slice) == 0;
	if (unit_properties(uc->unit.id, PROPERTIES_SERVICE, &properties, &e))
		finding_unseen(&uc->c->report, "unit.sandbox", &e);
	else
		check_lines(uc, &properties);
	judge_place(uc, in_slice);
	judge_start(uc, slice, in_slice);
	judge_reload(uc);
	judge_triggers(uc);
	judge_user(uc);
	judge_stale(uc, &properties);
	list_free(&properties);
}

void check_unit(struct check *c)
{
	struct unit_check uc = {.c = c};
	struct err e;

	if (!c->configured || !*c->config.unit)
		return;
	if (unit_read(c->config.unit, &uc.unit, &e)) {
		finding_unseen(&c->report, "unit.read", &e);
		return;
	}
	judge_all(&uc);
	unit_free(&uc.unit);
}
