// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fence itself: does it stand, whole and enforced, where it is meant to, by the policy that is
 * meant now?
 */
#include <string.h>
#include <unistd.h>

#include "check_parts.h"
#include "compile.h"
#include "fence_maps.h"
#include "guard.h"
#include "pins.h"

static void judge_whole(struct check *c)
{
	if (c->standing.whole) {
		finding_add(&c->report, FINDING_FINE, "fence.whole", NULL,
			    "%u programs are in effect on %s and read the policy in force",
			    c->standing.in_effect, c->cgroup.path);
		return;
	}
	finding_add(&c->report, FINDING_BROKEN, "fence.whole",
		    "What the missing one would drop or refuse, members can do.", "%s",
		    c->standing.missing);
	check_mend_put_back(c);
}

static void judge_mode(struct check *c, const struct wgf_policy *p)
{
	if (p->mode == WGF_ENFORCE) {
		finding_add(&c->report, FINDING_FINE, "fence.mode", NULL,
			    "what it does not admit is dropped, and not only counted");
		return;
	}
	finding_add(&c->report, FINDING_BROKEN, "fence.mode",
		    "Audit mode counts and drops nothing: whatever a member sends, leaves.",
		    "the policy in force is in audit mode");
	check_mend_config(c, "s/^[[:blank:]]*mode[[:blank:]]*=.*/mode = enforce/");
}

/* A slice that was stopped and made anew is another cgroup of the same name. */
static void judge_place(struct check *c)
{
	struct cgroup meant;
	struct err e;

	if (cgroup_open(&c->config, &meant, &e)) {
		finding_add(&c->report, FINDING_WARNING, "fence.cgroup",
			    "A unit that starts there would not find its fence.", "%s", e.text);
		check_mend_put_back(c);
		return;
	}
	if (c->standing.cgroup_id == meant.id) {
		finding_add(&c->report, FINDING_FINE, "fence.cgroup", NULL,
			    "it stands where the configuration means it to");
	} else if (c->cgroup.fd < 0) {
		finding_add(&c->report, FINDING_BROKEN, "fence.cgroup",
			    "What runs there has no fence.",
			    "the fence stands on a cgroup that was removed, and the configuration "
			    "means %s",
			    meant.path);
		check_mend_put_back(c);
	} else { /* one command would open that cgroup, whose members are not known here */
		finding_add(
			&c->report, FINDING_BROKEN, "fence.cgroup",
			"What runs there has no fence. Stop what runs in the first, and detach "
			"the fence: then it can be put in place in the other.",
			"the fence stands on %s, and the configuration means %s, another cgroup",
			c->cgroup.path, meant.path);
	}
	cgroup_close(&meant);
}

/* Of what is not there now the policy admits nothing. */
static void tell_note(struct check *c, const struct note *n)
{
	char line[16] = "";

	if (n->kind == NOTE_ABSENT)
		return;
	if (n->line)
		snprintf(line, sizeof(line), ":%u", n->line);
	finding_add(&c->report, FINDING_NOTICE, "fence.note", NULL, "%s%s: %s", c->config.file,
		    line, n->text);
}

/* What the configuration gives for the machine as it is now, with what it has to say of it. */
static void judge_policy(struct check *c, const struct wgf_policy *p)
{
	static struct wgf_policy meant;
	static struct notes notes; /* both too large for comfort on the stack */

	/* A cgroup that has gone is a finding of its own. */
	policy_compile(&c->config, &c->inv, p->netns,
		       c->standing.cgroup_id ? c->standing.cgroup_id : p->cgroup, &meant, &notes);
	if (policy_same(p, &meant)) {
		finding_add(&c->report, FINDING_FINE, "fence.policy", NULL,
			    "policy %llu is that of the configuration and of the interfaces as "
			    "they are",
			    p->generation);
	} else {
		finding_add(
			&c->report, FINDING_WARNING, "fence.policy",
			"It admits what was meant when it was made: a tunnel that changed since "
			"stays shut, and a rule that was taken out still holds.",
			"policy %llu, in force, is not what the configuration gives now",
			p->generation);
		check_mend_put_back(c);
	}
	for (unsigned i = 0; i < notes.n; i++)
		tell_note(c, &notes.note[i]);
}

static void judge_config(struct check *c, const struct wgf_policy *p)
{
	if (!c->configured) {
		finding_add(&c->report, FINDING_WARNING, "fence.config",
			    "What stands goes on; the next start of the daemon fails, and then "
			    "nothing follows the tunnel.",
			    "%s", c->unconfigured.text);
		return;
	}
	judge_place(c);
	if (p)
		judge_policy(c, p);
}

/* The guard lets an address pass that another interface has, too. */
static bool no_address_is_shared(const struct wgf_policy *p)
{
	for (u32 i = 0; i < p->n_sources; i++)
		if (p->sources[i].shared)
			return false;
	return true;
}

static void judge_guard(struct check *c, const struct wgf_policy *p)
{
	struct guard_standing guard;
	struct err e;

	if (!p->cgroup) {
		finding_add(
			&c->report, FINDING_NOTICE, "fence.guard",
			"What the kernel answers by itself in the tunnel's name, and the frames "
			"of packet sockets, are then held by nothing.",
			"guard = off");
		return;
	}
	if (guard_stands(c->name, c->standing.image_id, p, &guard, &e)) {
		finding_unseen(&c->report, "fence.guard", &e);
	} else if (*guard.missing) {
		finding_add(
			&c->report, FINDING_WARNING, "fence.guard",
			"What the kernel answers by itself in the tunnel's name, and the frames "
			"of packet sockets, can leave there.",
			"the guard is missing on %s (%u interfaces have it)", guard.missing,
			guard.n);
		check_mend_put_back(c);
	} else {
		c->guarded = no_address_is_shared(p);
		finding_add(&c->report, FINDING_FINE, "fence.guard", NULL,
			    "the guard is on each of %u interfaces", guard.n);
	}
}

static void tell_nothing_stands(struct check *c)
{
	struct err e;

	finding_add(&c->report, FINDING_BROKEN, "fence.stands",
		    "Nothing holds the service: it sends by whatever route there is.",
		    "no fence named %s stands", c->name);
	check_mend_put_back(c);
	if (pins_mounted(&e) == 0)
		return;
	finding_add(&c->report, FINDING_BROKEN, "fence.bpffs",
		    "The pins of a fence are there; without, none can stand.", "%s", e.text);
	finding_mend(&c->report, "mount -t bpf bpf " PINS_ROOT);
}

void check_fence(struct check *c)
{
	const struct wgf_policy *p = check_policy(c);
	struct err ignored;

	if (*c->unread.text) {
		finding_add(&c->report, FINDING_WARNING, "fence.layout",
			    "What stands goes on, but this program cannot read it.", "%s",
			    c->unread.text);
		if (maps_check_layout(c->name, false, &ignored) == 0) /* not a newer one's */
			check_mend_put_back(c);
		return;
	}
	if (!c->standing.exists) {
		tell_nothing_stands(c);
		return;
	}
	judge_whole(c);
	if (p)
		judge_mode(c, p);
	judge_config(c, p);
	if (p)
		judge_guard(c, p);
	check_fence_pins(c);
	check_fence_daemon(c);
	check_fence_others(c);
}
