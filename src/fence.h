/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fence: its maps, its programs on its cgroup, its policy.
 *
 * Owns: the order in which they are put in place. Everything that can be refused is refused before
 * anything is changed; what is changed is closed at every step.
 */
#ifndef WGF_FENCE_H
#define WGF_FENCE_H

#include "cgroup.h"
#include "compile.h"
#include "image.h"
#include "links.h"
#include "load.h"
#include "pins.h"
#include "route.h"

struct fence {
	struct config config;
	struct cgroup cgroup;
	struct pins pins;
	struct fence_bpf *skel; /* only while it is put in place */
	struct image image;
	u32 image_id;
	bool placed;	       /* the links stand on `cgroup` */
	bool pinned;	       /* all is pinned where others find it */
	int events;	       /* the ring */
	int names;	       /* the map of unix sockets that are named */
	bool names_stale;      /* that map is behind `config` */
	bool unix_switched;    /* the links for unix sockets are */
	int programs[N_LINKS]; /* for a cgroup that is made anew */
	u64 netns;
	struct route_numbers carried; /* those that rules and routes are there for */
	int guard;		      /* the guard's program; -1: not loaded yet */
	bool guards;		      /* it may be on interfaces */
};

/*
 * Puts the fence in place, or adopts the one that stands, and publishes the policy for what exists
 * now. Holds the lock until fence_close(), which leaves the fence standing.
 */
int fence_attach(const struct config *c, struct fence *ret, struct notes *ret_notes, struct err *e);
void fence_close(struct fence *f);

/*
 * Takes another configuration of the same fence, and publishes it. Where it cannot be (another
 * cgroup, a conflict), nothing changes.
 */
int fence_reload(struct fence *f, const struct config *c, struct notes *ret_notes, struct err *e);

/* Compiles for what exists now; publishes where that differs from what is in force. */
int fence_refresh(struct fence *f, bool *ret_changed, struct notes *ret_notes, struct err *e);

/* Refuses numbers for routing that somebody else has: what is others' stays. */
int fence_check_numbers(const struct config *c, struct err *e);

/*
 * Rules and routes in step with the policy in force, and the files of names with the configuration.
 * Nothing that is held rests on them, so what fails here opens nothing.
 */
int fence_carry(struct fence *f, struct err *e);

/* A warning where the configuration wants what the kernel lacks. */
void fence_note_unix(const struct config *c, struct notes *notes);

/*
 * The hold on unix sockets, step by step: the programs where they are wanted and can be had, the
 * names, and taking the links away where they are not wanted.
 */
int fence_load_unix(struct fence *f, const struct config *c, struct err *e);
int fence_put_names(struct fence *f, const struct config *c, struct err *e);
int fence_drop_unix(struct fence *f, const struct config *c, struct err *e);

/* What a reload left to be done. */
int fence_keep_unix(struct fence *f, struct err *e);

/*
 * The guard on the interfaces that are there now, or on none where the policy wants none. The fence
 * holds without it: EXIT_UNSUPPORTED says that it is no use to try again before something changes.
 */
int fence_guard(struct fence *f, struct err *e);

/* Where bpffs was unmounted and is mounted again, pins all anew. */
int fence_keep_pins(struct fence *f, bool *ret_restored, struct err *e);

enum cgroup_fate { CGROUP_SAME, CGROUP_GONE, CGROUP_NEW };

/* Where the cgroup was removed and made anew, puts the programs on the new one. */
int fence_follow_cgroup(struct fence *f, enum cgroup_fate *ret, struct err *e);

/* Reads back from the kernel that every program is in effect and the policy is the one published.
 */
int fence_verify(const struct fence *f, struct err *e);

#endif
