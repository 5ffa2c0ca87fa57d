// SPDX-License-Identifier: GPL-2.0-only
/*
 * The members: is what should be inside inside, and was all that it holds made there?
 *
 * A socket belongs for ever to the cgroup that it was made in. So one that was made before its
 * process came into the fence, or handed in, is judged by nobody, whatever its process is in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_parts.h"
#include "check_process.h"
#include "check_sockets.h"
#include "check_tree.h"
#include "pins.h"

#define MAX_TOLD 8    /* processes that are named */
#define ROUNDING 0.05 /* seconds: ticks of the clock, which starts and files are told in */

/* What starts the service anew: sockets and processes are made anew, inside. */
static void mend_by_restart(struct check *c)
{
	char word[SHELL_WORD];

	if (c->configured && *c->config.unit)
		finding_mend(&c->report, "systemctl restart %s", shell_word(c->config.unit, word));
}

static void tell_outsider(struct check *c, const struct held *h)
{
	char name[PROCESS_NAME], cgroup[PATH_MAX];

	process_name(h->pid, name);
	cgroup_name(h->cgroup_id, cgroup, sizeof(cgroup));
	finding_add(
		&c->report, FINDING_BROKEN, "members.outside",
		"A socket belongs to the cgroup that it was made in, and no fence judges what it "
		"sends.",
		"process %d (%s) holds a %s socket that was made in %s, outside the fence", h->pid,
		name, h->proto, cgroup);
	mend_by_restart(c);
}

static void judge_sockets(struct check *c, const struct tree *t)
{
	struct holdings all;
	unsigned outside = 0;
	struct err e;

	if (holdings_read(t, &all, &e)) {
		finding_unseen(&c->report, "members.outside", &e);
		return;
	}
	for (unsigned i = 0; i < all.n; i++)
		if (all.v[i].cgroup_id && !tree_has(t, all.v[i].cgroup_id)) {
			outside++;
			tell_outsider(c, &all.v[i]);
		}
	if (!outside)
		finding_add(
			&c->report, FINDING_FINE, "members.outside", NULL,
			"%u sockets of %u processes were made inside (of %u more, which are not "
			"bound yet or neither TCP nor UDP, the kernel does not tell)",
			all.n - all.untold, t->n_processes, all.untold);
	holdings_free(&all);
}

/* The pin of the link that is placed last is as old as the fence, and stays over upgrades. */
static bool fence_since(const struct check *c, double *ret)
{
	char path[PATH_MAX];
	struct stat st;

	pins_path(c->name, link_kinds[N_LINKS - 1].pin, path);
	if (stat(path, &st))
		return false;
	*ret = (double)st.st_ctim.tv_sec + (double)st.st_ctim.tv_nsec / 1e9;
	return true;
}

static void judge_age(struct check *c, const struct tree *t)
{
	unsigned older = 0;
	double since, start;
	char name[PROCESS_NAME];

	if (!fence_since(c, &since))
		return;
	for (unsigned i = 0; i < t->n_processes; i++) {
		if (!process_start(t->processes[i].pid, &start) || start + ROUNDING >= since ||
		    older++ >= MAX_TOLD)
			continue;
		process_name(t->processes[i].pid, name);
		finding_add(
			&c->report, FINDING_WARNING, "members.older",
			"Groups that it joined before stay joined, addresses that it bound stay "
			"bound, and its older sockets are not carried into the tunnel.",
			"process %d (%s) is older than the fence", t->processes[i].pid, name);
		mend_by_restart(c);
	}
	if (!older)
		finding_add(&c->report, FINDING_FINE, "members.older", NULL,
			    "no process in it is older than the fence");
}

static void judge_root(struct check *c, const struct tree *t)
{
	unsigned roots = 0;

	for (unsigned i = 0; i < t->n_processes; i++)
		roots += process_is_mighty(t->processes[i].pid);
	if (roots)
		finding_add(
			&c->report, FINDING_WARNING, "members.root",
			"CAP_SYS_ADMIN or CAP_NET_ADMIN is enough to leave any fence: take them, "
			"and root, from the service.",
			"%u of %u processes in the fence have CAP_SYS_ADMIN or CAP_NET_ADMIN",
			roots, t->n_processes);
	else
		finding_add(&c->report, FINDING_FINE, "members.root", NULL,
			    "no process in it has CAP_SYS_ADMIN or CAP_NET_ADMIN");
}

/* Of the same user, who may hand in a socket, or write into the service's memory. */
static void judge_neighbours(struct check *c, const struct tree *t)
{
	struct neighbours n;
	struct err e;

	if (neighbours_read(t, &n, &e))
		finding_unseen(&c->report, "members.neighbours", &e);
	else if (n.outside)
		finding_add(&c->report, FINDING_NOTICE, "members.neighbours",
			    "They are not fenced, and could do for the service what it must not do "
			    "itself: give it a user of its own.",
			    "%u processes of the service's user run outside the fence, such as %d "
			    "(%s)",
			    n.outside, n.pid, n.name);
	else
		finding_add(&c->report, FINDING_FINE, "members.neighbours", NULL,
			    "no process of the service's user runs outside the fence");
}

void check_members(struct check *c)
{
	struct tree t;
	struct err e;

	if (c->cgroup.fd < 0)
		return;
	if (tree_read(c->cgroup.fd, &t, &e)) {
		finding_unseen(&c->report, "members.inside", &e);
		return;
	}
	if (t.n_processes) {
		judge_sockets(c, &t);
		judge_age(c, &t);
		judge_root(c, &t);
		judge_neighbours(c, &t);
	} else {
		finding_add(&c->report, FINDING_FINE, "members.inside", NULL,
			    "no process is in the fence now");
	}
	tree_free(&t);
}
