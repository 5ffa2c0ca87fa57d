// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loaded programs' answers, by twins: is what is attached this build's code, and what does that
 * code make of packets as this machine could send them, under the policy in force?
 *
 * Each answer is held against two things: what is promised of the packet, whatever the verdict is,
 * and the verdict compiled for the host. Both must agree, and so must the reason.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "../bpf/verdict.h"
#include "check_parts.h"
#include "check_samples.h"
#include "twins.h"
#include "words.h"

#define MAX_TOLD 10 /* packets that are told one by one */

struct run {
	struct check *c;
	const struct wgf_policy *p; /* in force; its copy enforces */
	struct twins twins;
	unsigned n_dropped, n_passed, n_guard, told;
	enum severity untold; /* the worst of those that are not told one by one */
};

/* Tags are hashes of the code, without the maps that it was loaded on. */
static void compare_one(struct run *run, const struct link_kind *kind, unsigned *same)
{
	struct link_state link;
	struct err e;
	int r;

	if (link_read(run->c->name, kind, &link, &e) || !link.pinned)
		return;
	r = twins_same(&run->twins, kind, link.prog_id, &e);
	if (r < 0) {
		finding_unseen(&run->c->report, "twins.same", &e);
	} else if (r == 0) {
		finding_add(&run->c->report, FINDING_WARNING, "twins.same",
			    "It is another version's, or somebody changed it: what is found of the "
			    "twins says nothing of it.",
			    "the program at %s is not the one of this wgfence", kind->pin);
		check_mend_put_back(run->c);
	}
	*same += r > 0;
}

static void compare(struct run *run)
{
	unsigned same = 0;

	for (int i = N_UNIX; i < N_LINKS; i++)
		compare_one(run, &link_kinds[i], &same);
	if (same)
		finding_add(&run->c->report, FINDING_FINE, "twins.same", NULL,
			    "%u programs in the kernel are those of this wgfence, by their tags",
			    same);
}

static void tell(struct run *run, enum severity severity, const char *kind, const char *why,
		 const struct sample *s, const char *happened, u32 reason)
{
	char text[256];

	if (run->told++ >= MAX_TOLD) {
		run->untold = severity > run->untold ? severity : run->untold;
		return;
	}
	sample_print(s, &run->c->inv, text, sizeof(text));
	finding_add(&run->c->report, severity, kind, why, "%s %s (%s)", text, happened,
		    reasons[reason].label);
}

/* A rule of the configuration may admit what nothing else does. */
static void judge(struct run *run, const struct sample *s, bool passes, u32 reason)
{
	u32 expected = wgf_verdict(run->p, &s->facts, s->hook);

	if (passes && s->promise == PROMISE_DROP && expected != WGF_RULE)
		tell(run, FINDING_BROKEN, "twins.leak",
		     "The program admits what the fence promises to drop.", s, "is let through",
		     reason);
	else if (passes != !!wgf_allows(expected) || reason != expected)
		tell(run, FINDING_BROKEN, "twins.differs",
		     "The program in the kernel does not decide as this wgfence does.", s,
		     passes ? "is let through" : "is dropped", reason);
	else if (!passes && s->promise == PROMISE_PASS)
		tell(run, FINDING_WARNING, "twins.blocked", "What the service needs does not pass.",
		     s, "is dropped", reason);
	else if (s->hook == WGF_GUARD)
		run->n_guard++;
	else if (passes)
		run->n_passed++;
	else
		run->n_dropped++;
}

static int try_all(struct run *run, const struct samples *all, struct err *e)
{
	for (unsigned i = 0; i < all->n; i++) {
		const struct sample *s = &all->v[i];
		u8 frame[SAMPLE_FRAME];
		bool passes;
		u32 reason;

		if (s->hook == WGF_GUARD && run->twins.guard < 0)
			continue;
		if (twins_run(&run->twins, s->hook, s->facts.ifindex, frame, sample_frame(s, frame),
			      &passes, &reason, e))
			return -1;
		judge(run, s, passes, reason);
	}
	return 0;
}

/* An interface may go meanwhile: then the kernel refuses to run, and all of it is tried anew. */
static void try_packets(struct run *run)
{
	struct samples all;
	struct err e;
	int r;

	samples_make(run->p, &run->c->inv, &all);
	r = all.lost ? err_set(&e, EXIT_FAILED, "no memory for the packets")
		     : try_all(run, &all, &e);
	samples_free(&all);
	if (r) {
		finding_unseen(&run->c->report, "twins.packets", &e);
		return;
	}
	if (run->told > MAX_TOLD)
		finding_add(&run->c->report, run->untold, "twins.more", NULL,
			    "%u packets more had another answer than they should",
			    run->told - MAX_TOLD);
	if (!run->told)
		finding_add(&run->c->report, FINDING_FINE, "twins.packets", NULL,
			    "of packets as this machine could send them, run through the twins "
			    "under policy %llu, %u were dropped, each for its reason, %u let "
			    "through, and %u stopped by the guard",
			    run->p->generation, run->n_dropped, run->n_passed, run->n_guard);
}

/* Up to Linux 6.12 a test run does not say where the packet ends, so the slow way is taken. */
static void tell_fast_way(struct check *c)
{
	unsigned major = 0, minor = 0;
	struct utsname u;

	uname(&u);
	if (sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
	    (major > 6 || (major == 6 && minor > 12)))
		return;
	finding_add(&c->report, FINDING_NOTICE, "twins.fast",
		    "The way that ordinary packets through the tunnel take was not seen here. It "
		    "admits nothing that the other does not, as the tests show.",
		    "on this kernel (%s) a test run takes the slow way through the programs",
		    u.release);
}

void check_twins(struct check *c)
{
	static struct run run;
	struct err e;

	run = (struct run){.c = c, .p = check_policy(c)};
	if (!run.p)
		return;
	if (twins_open(run.p, &run.twins, &e)) {
		finding_unseen(&c->report, "twins.load", &e);
		return;
	}
	if (run.p->cgroup && run.twins.guard < 0)
		finding_unseen(&c->report, "twins.guard", &run.twins.no_guard);
	compare(&run);
	try_packets(&run);
	tell_fast_way(c);
	twins_close(&run.twins);
}
