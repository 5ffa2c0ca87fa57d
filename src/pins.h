/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pins of one fence: /sys/fs/bpf/wgfence/NAME.
 *
 * Owns: that directory, its permissions, the lock on it, and the names in it. Must never remove the
 * pin of a cgroup's link but on detach, or where no socket is left that the link holds back: a link
 * without a pin is gone, and what it held back goes out.
 */
#ifndef WGF_PINS_H
#define WGF_PINS_H

#include <limits.h>
#include <stdbool.h>

#include "err.h"

#define PINS_ROOT   "/sys/fs/bpf"
#define PINS_DIR    PINS_ROOT "/wgfence"
#define PIN_RETIRED "retired-" /* links of a cgroup that is gone, followed by HOOK-CGROUPID */

struct pins {
	int lock; /* the directory, held with flock */
	char dir[128];
};

/* Is bpffs mounted where the pins are? 0, or -1 and what to do. */
int pins_mounted(struct err *e);

/* Makes the directory where it is not there and takes the lock; busy is an error. */
int pins_lock(const char *name, struct pins *ret, struct err *e);
void pins_unlock(struct pins *pins);

/*
 * Held for a moment by who compares what all fences have and then adds to it; waits for it, a
 * second at most. Returns a descriptor, which is closed to let go. For who holds the lock of a
 * fence.
 */
int pins_lock_all(struct err *e);

/* Is the directory that is locked the one that others find at its path? */
bool pins_in_place(const struct pins *pins);

/*
 * After bpffs was unmounted under the fence (lazily: the lock keeps it busy, and what is pinned in
 * it alive) and mounted anew: pins all of it at its place again. EXIT_UNSUPPORTED while nothing is
 * mounted there.
 */
int pins_restore(const char *name, struct pins *pins, struct err *e);

/* Without lock, to read: false where there is no such fence. */
bool pins_exist(const char *name);

/* Calls f with the name of each fence; stops where it returns other than 0, and returns that. */
int pins_each_fence(int (*f)(const char *name, void *context), void *context, struct err *e);

/* Does anybody hold the lock, such as a `run`? Asked without taking it, which could get in the way.
 */
bool pins_busy(const char *name);

/* Its process; 0 where nobody does, or who cannot be seen from this pid namespace. */
int pins_holder(const char *name);

void pins_path(const char *name, const char *pin, char out[PATH_MAX]);

/* The pinned object's fd; -1 with errno ENOENT and e untouched where there is none. */
int pins_get(const char *name, const char *pin, struct err *e);
int pins_put(const char *name, const char *pin, int fd, struct err *e);
int pins_rename(const char *name, const char *from, const char *to, struct err *e);
int pins_remove(const char *name, const char *pin, struct err *e);

/* Calls f with the name of each pin; stops where it returns other than 0, and returns that. */
int pins_each(const char *name, int (*f)(const char *pin, void *context), void *context,
	      struct err *e);

/* The directory itself where nothing is in it, and the one above likewise. For who holds the lock.
 */
void pins_remove_empty_dir(const char *name);

#endif
