// SPDX-License-Identifier: GPL-2.0-only
#include "sets.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fence_maps.h"
#include "pins.h"
#include "readers.h"
#include "tally.h"

#define FORMER	     "former"
#define MAX_LAYOUTS  16
#define READ_RETRIES 8

/* --- a pinned array of one element, mapped --- */

struct view {
	void *at;
	size_t size;
};

static int map_fd(int fd, int prot, struct view *ret, struct err *e)
{
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);
	void *at;

	*ret = (struct view){0};
	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		err_errno(e, "cannot read a pinned map");
		return -1;
	}
	at = mmap(NULL, info.value_size, prot, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED) {
		err_errno(e, "cannot map a pinned map");
		return -1;
	}
	*ret = (struct view){at, info.value_size};
	return 0;
}

/* -1 with errno ENOENT and e untouched where there is none. */
static int view_open(const char *fence, const char *what, u32 layout, int prot, struct view *ret,
		     struct err *e)
{
	char pin[MAP_PIN];
	int fd = pins_get(fence, map_pin(what, layout, pin), e), failed;

	*ret = (struct view){0};
	if (fd < 0)
		return -1;
	failed = map_fd(fd, prot, ret, e);
	close(fd);
	if (failed)
		errno = EIO;
	return failed;
}

static void view_close(struct view *v)
{
	munmap(v->at, v->size);
}

/* --- which layouts --- */

struct layouts {
	u32 layout[MAX_LAYOUTS];
	unsigned n;
};

static int add_layout(const char *pin, void *context)
{
	struct layouts *l = context;
	size_t len = strlen(FORMER "-");

	if (strncmp(pin, FORMER "-", len) == 0 && l->n < MAX_LAYOUTS)
		l->layout[l->n++] = (u32)strtoul(pin + len, NULL, 10);
	return 0;
}

/* --- reading --- */

/* Is it of the size that the legend says? */
static int check_counters(int fd, const struct wgf_legend *l, struct err *e)
{
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return err_errno(e, "cannot read the counters of layout %u", l->layout);
	if (info.type == BPF_MAP_TYPE_PERCPU_ARRAY && info.value_size == l->counters_size &&
	    l->counters_size % 8 == 0)
		return 0;
	return err_set(e, EXIT_FAILED, "the counters of layout %u are not as its legend says",
		       l->layout);
}

static int add_rows_of_cpus(int fd, const struct wgf_legend *l, struct wgf_counters *sum,
			    struct err *e)
{
	int cpus = libbpf_num_possible_cpus();
	char *all = cpus > 0 ? calloc((size_t)cpus, l->counters_size) : NULL;
	u32 zero = 0;

	if (!all || bpf_map_lookup_elem(fd, &zero, all)) {
		err_errno(e, "cannot read the counters of layout %u", l->layout);
		free(all);
		return -1;
	}
	for (int i = 0; i < cpus; i++)
		tally_counters(l, all + (size_t)i * l->counters_size, sum);
	free(all);
	return 0;
}

static int add_cpus(const char *fence, const struct wgf_legend *l, struct wgf_counters *sum,
		    struct err *e)
{
	char pin[MAP_PIN];
	int fd = pins_get(fence, map_pin(map_name(MAP_COUNTERS), l->layout, pin), e), ret;

	if (fd < 0)
		return -1;
	ret = check_counters(fd, l, e) || add_rows_of_cpus(fd, l, sum, e) ? -1 : 0;
	close(fd);
	if (ret)
		errno = EIO; /* and not ENOENT, which has a meaning here */
	return ret;
}

static int add_image(const char *fence, const struct wgf_legend *l, struct wgf_counters *sum,
		     struct err *e)
{
	struct view image;
	bool fits;

	if (view_open(fence, map_name(MAP_IMAGE), l->layout, PROT_READ, &image, e))
		return -1;
	fits = image.size == l->image_size && l->rows_offset % 8 == 0;
	if (fits)
		tally_rows(l, image.at, sum);
	view_close(&image);
	if (fits)
		return 0;
	errno = EIO;
	return err_set(e, EXIT_FAILED, "the image of layout %u is not as its legend says",
		       l->layout);
}

static const u32 *done_flag(const struct view *former)
{
	const struct wgf_legend *l = former->at;

	return (const void *)((const char *)former->at + l->done_offset);
}

static bool former_is_sound(const struct view *v)
{
	const struct wgf_legend *l = v->at;

	return v->size >= sizeof(*l) && tally_understands(l) &&
	       (u64)l->sums_offset + l->counters_size <= v->size && l->sums_offset % 8 == 0 &&
	       (u64)l->done_offset + sizeof(u32) <= v->size && l->done_offset % 4 == 0;
}

/* One set; *ret_done: its former sums are in it, so that no older set is to be asked. */
static int add_set(const char *fence, u32 layout, struct wgf_counters *sum, bool *ret_done,
		   struct err *e)
{
	struct view former;
	const struct wgf_legend *l;
	int ret;

	if (view_open(fence, FORMER, layout, PROT_READ, &former, e))
		return -1;
	l = former.at;
	if (!former_is_sound(&former) || l->layout != layout) {
		view_close(&former);
		errno = EIO;
		return err_set(e, EXIT_FAILED, "the legend of layout %u cannot be read", layout);
	}
	*ret_done = __atomic_load_n(done_flag(&former), __ATOMIC_ACQUIRE) == 1;
	if (*ret_done)
		tally_counters(l, (const char *)former.at + l->sums_offset, sum);
	ret = add_cpus(fence, l, sum, e) || add_image(fence, l, sum, e) ? -1 : 0;
	view_close(&former);
	return ret;
}

/* The newest first: what it has carried over is not asked again. */
static int add_older(const char *fence, u32 below, struct wgf_counters *sum, struct err *e)
{
	struct layouts l = {.n = 0};
	bool done = false;

	if (pins_each(fence, add_layout, &l, e))
		return -1;
	while (!done) {
		u32 next = 0;

		for (unsigned i = 0; i < l.n; i++)
			if (l.layout[i] < below && l.layout[i] > next)
				next = l.layout[i];
		if (!next)
			break;
		if (add_set(fence, next, sum, &done, e))
			return -1;
		below = next;
	}
	return 0;
}

static int read_once(const char *fence, struct wgf_counters *ret, struct err *e)
{
	struct view former;
	bool done = false;

	memset(ret, 0, sizeof(*ret));
	if (add_set(fence, WGF_LAYOUT, ret, &done, e))
		return -1;
	if (done)
		return 0;
	if (add_older(fence, WGF_LAYOUT, ret, e))
		return -1;
	/* Older maps that were carried over meanwhile are not even listed any more. */
	if (view_open(fence, FORMER, WGF_LAYOUT, PROT_READ, &former, e))
		return -1;
	done = __atomic_load_n(done_flag(&former), __ATOMIC_ACQUIRE) == 1;
	view_close(&former);
	if (done)
		errno = ENOENT;
	return done ? -1 : 0;
}

/* Older maps that vanish meanwhile have been carried over: begun anew. */
int sets_read(const char *fence, struct wgf_counters *ret, struct err *e)
{
	for (int i = 0; i < READ_RETRIES; i++) {
		if (read_once(fence, ret, e) == 0)
			return 0;
		if (errno != ENOENT)
			return -1;
	}
	return err_set(e, EXIT_NOT_ENFORCED, "fence %s has lost its counters", fence);
}

/* --- writing, under the lock --- */

static int make_former(const char *fence, struct err *e)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	struct view former;
	char pin[MAP_PIN];
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "wgf_former", 4, sizeof(struct wgf_former), 1,
				&opts);
	int failed;

	if (fd < 0)
		return err_errno(e, "cannot make the map of what former programs counted");
	failed = map_fd(fd, PROT_READ | PROT_WRITE, &former, e);
	if (!failed) {
		tally_legend(former.at);
		view_close(&former);
		failed = pins_put(fence, map_pin(FORMER, WGF_LAYOUT, pin), fd, e);
	}
	close(fd);
	return failed ? -1 : 0;
}

int sets_describe(const char *fence, struct err *e)
{
	struct view former;

	if (view_open(fence, FORMER, WGF_LAYOUT, PROT_READ, &former, e))
		return errno == ENOENT ? make_former(fence, e) : -1;
	view_close(&former);
	return 0;
}

/* Written whole before the flag; until that is stored, readers ask the older maps. */
static int copy_sums(const char *fence, struct err *e)
{
	struct wgf_counters sums = {0};
	struct wgf_former *f;
	struct view former;
	int ret = 0;

	if (view_open(fence, FORMER, WGF_LAYOUT, PROT_READ | PROT_WRITE, &former, e))
		return -1;
	f = former.at;
	if (__atomic_load_n(&f->done, __ATOMIC_ACQUIRE) != 1) {
		/* A program that ran when its link was updated may still be counting. */
		ret = readers_wait(e) || add_older(fence, WGF_LAYOUT, &sums, e) ? -1 : 0;
		if (ret == 0) {
			f->sums = sums;
			__atomic_store_n(&f->done, 1, __ATOMIC_RELEASE);
		}
	}
	view_close(&former);
	return ret;
}

static bool is_older(const char *pin)
{
	const char *dash = strrchr(pin, '-');
	size_t len = dash ? (size_t)(dash - pin) : 0;
	bool named = len == strlen(FORMER) && strncmp(pin, FORMER, len) == 0;

	for (enum map_id id = 0; id < N_MAPS; id++)
		named |= len == strlen(map_name(id)) && strncmp(pin, map_name(id), len) == 0;
	return named && strtoul(dash + 1, NULL, 10) < WGF_LAYOUT;
}

struct older {
	char pin[(N_MAPS + 1) * MAX_LAYOUTS][MAP_PIN];
	unsigned n;
};

static int add_older_pin(const char *pin, void *context)
{
	struct older *o = context;

	if (is_older(pin) && o->n < sizeof(o->pin) / sizeof(o->pin[0]))
		snprintf(o->pin[o->n++], MAP_PIN, "%s", pin);
	return 0;
}

int sets_carry(const char *fence, struct err *e)
{
	struct older older = {.n = 0};
	int ret;

	if (pins_each(fence, add_older_pin, &older, e))
		return -1;
	if (!older.n)
		return 0;
	ret = copy_sums(fence, e);
	for (unsigned i = 0; ret == 0 && i < older.n; i++)
		ret = pins_remove(fence, older.pin[i], e);
	return ret;
}
