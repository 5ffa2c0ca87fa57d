// SPDX-License-Identifier: GPL-2.0-only
#include "image.h"

#include <string.h>
#include <sys/mman.h>

#include "readers.h"

#define ALL_SLOTS ((u32)((1ULL << WGF_SLOTS) - 1))

static u32 active_slot(const struct wgf_image *map)
{
	return __atomic_load_n(&map->active, __ATOMIC_ACQUIRE) & (WGF_SLOTS - 1);
}

const struct wgf_policy *image_in_force(const struct wgf_image *map)
{
	const struct wgf_policy *p = &map->slots[active_slot(map)];

	return p->layout == WGF_LAYOUT ? p : NULL;
}

/* A slot that was written again meanwhile is not active any more, or has another generation. */
bool image_copy(const struct wgf_image *map, struct wgf_policy *ret)
{
	const volatile u64 *generation;
	u32 slot;

	do {
		slot = active_slot(map);
		generation = &map->slots[slot].generation;
		*ret = map->slots[slot];
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (active_slot(map) != slot || *generation != ret->generation);
	return ret->layout == WGF_LAYOUT;
}

static int check_header(const struct wgf_image *map, struct err *e)
{
	if (map->magic == WGF_MAGIC && map->layout == WGF_LAYOUT)
		return 0;
	if (map->magic == WGF_MAGIC)
		return err_set(e, EXIT_UNSUPPORTED,
			       "the fence that stands has layout %u, this program knows %u; "
			       "use the program that made it, or detach it first",
			       map->layout, WGF_LAYOUT);
	return err_set(e, EXIT_FAILED, "the pinned image is not one of wgfence's");
}

/*
 * A fresh image is all zeroes: closed. Its header is written layout first, magic last, so that a
 * crash in between leaves it fresh.
 */
static void write_header(struct wgf_image *map)
{
	if (map->magic)
		return;
	map->layout = WGF_LAYOUT;
	__atomic_store_n(&map->magic, WGF_MAGIC, __ATOMIC_RELEASE);
}

static void *map_image(int fd, int prot, struct err *e)
{
	void *map = mmap(NULL, sizeof(struct wgf_image), prot, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED) {
		err_errno(e, "cannot map the policy image");
		return NULL;
	}
	return map;
}

int image_open(int fd, struct image *ret, struct err *e)
{
	struct wgf_image *map = map_image(fd, PROT_READ | PROT_WRITE, e);

	if (!map)
		return -1;
	write_header(map);
	if (check_header(map, e)) {
		munmap(map, sizeof(*map));
		return -1;
	}
	/* Who published before us may have died a moment ago: its readers are not known to be gone.
	 */
	*ret = (struct image){.map = map, .free = 0, .wait_for_readers = readers_wait};
	if (!image_in_force(map))
		ret->free = ALL_SLOTS & ~(1u << active_slot(map));
	return 0;
}

void image_close(struct image *img)
{
	if (img->map)
		munmap(img->map, sizeof(*img->map));
	img->map = NULL;
}

int image_publish(struct image *img, const struct wgf_policy *policy, struct err *e)
{
	u32 old = active_slot(img->map), slot;

	if (!img->free) {
		if (img->wait_for_readers(e))
			return -1;
		img->free = ALL_SLOTS & ~(1u << old);
		img->pending = 0; /* they are among these, and will be used again */
	}
	slot = (u32)__builtin_ctz(img->free);
	img->map->slots[slot] = *policy;
	img->map->slots[slot].generation = img->map->slots[old].generation + 1;
	img->map->netns = policy->netns; /* the same in all policies of a fence */
	__atomic_store_n(&img->map->active, slot, __ATOMIC_RELEASE);
	img->free &= ~(1u << slot);
	return 0;
}

bool image_begin_wait(struct image *img)
{
	img->pending = ALL_SLOTS & ~img->free & ~(1u << active_slot(img->map));
	return img->pending != 0;
}

void image_end_wait(struct image *img, bool waited)
{
	if (waited)
		img->free |= img->pending;
	img->pending = 0;
}

const struct wgf_image *image_view(int fd, struct err *e)
{
	const struct wgf_image *map = map_image(fd, PROT_READ, e);

	if (!map || !check_header(map, e))
		return map;
	image_unview(map);
	return NULL;
}

void image_unview(const struct wgf_image *map)
{
	if (map)
		munmap((void *)(unsigned long)map, sizeof(*map));
}
