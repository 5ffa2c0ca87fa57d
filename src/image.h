/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image: publication of a policy.
 *
 * Owns: the slots of the pinned image and which of them a program could still be reading. Must
 * never write the slot in force, nor one that a reader may be in. A publication is a copy into a
 * free slot and one store; killed at any instruction it leaves the old policy or the new one in
 * force.
 */
#ifndef WGF_IMAGE_H
#define WGF_IMAGE_H

#include <stdbool.h>

#include "err.h"
#include "policy.h"

struct image {
	struct wgf_image *map; /* shared with the programs */
	unsigned free;	       /* bit i: no program can be reading slot i */
	unsigned pending;      /* bit i: free once the wait that has begun is over */
	/* Returns 0 once no program runs that was running when it was called. */
	int (*wait_for_readers)(struct err *e);
};

/* Maps the pinned map `fd`. A fresh image gets its header; another layout is refused. */
int image_open(int fd, struct image *ret, struct err *e);
void image_close(struct image *img);

/* The policy in force; NULL where nothing was published yet. For whoever holds the fence's lock. */
const struct wgf_policy *image_in_force(const struct wgf_image *map);

/* A copy of it for whoever does not: whole, also while another process publishes. */
bool image_copy(const struct wgf_image *map, struct wgf_policy *ret);

/* Sets generation to the next one. Waits for readers only where no slot is free. */
int image_publish(struct image *img, const struct wgf_policy *policy, struct err *e);

/*
 * A wait for readers by somebody else than image_publish(): which slots it will free is settled
 * when it begins. False where there are none.
 */
bool image_begin_wait(struct image *img);
void image_end_wait(struct image *img, bool waited);

/* For readers of the image that never publish. */
const struct wgf_image *image_view(int fd, struct err *e);
void image_unview(const struct wgf_image *map);

#endif
