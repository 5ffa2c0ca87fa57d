// SPDX-License-Identifier: GPL-2.0-only
#include "fence_maps.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "event.h"
#include "pins.h"
#include "unix_name.h"

static const struct map_shape {
	const char *name;
	enum bpf_map_type type;
	u32 key_size, value_size, max_entries;
} shapes[N_MAPS] = {
	[MAP_IMAGE] = {"image", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct wgf_image), 1},
	[MAP_COUNTERS] = {"counters", BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct wgf_counters), 1},
	[MAP_EVENTS] = {"events", BPF_MAP_TYPE_RINGBUF, 0, 0, WGF_RING_BYTES},
	[MAP_FLOWS] = {"flows", BPF_MAP_TYPE_LRU_HASH, sizeof(struct wgf_flow_key),
		       sizeof(struct wgf_flow), WGF_MAX_FLOWS},
	[MAP_WHO] = {"who", BPF_MAP_TYPE_SK_STORAGE, 4, sizeof(struct wgf_who), 0},
	[MAP_NAMES] = {"unix", BPF_MAP_TYPE_HASH, sizeof(struct wgf_name), sizeof(u32),
		       WGF_MAX_NAMES + WGF_ALWAYS_NAMES},
};

const char *map_pin(const char *what, u32 layout, char out[MAP_PIN])
{
	snprintf(out, MAP_PIN, "%s-%u", what, layout);
	return out;
}

const char *map_name(enum map_id id)
{
	return shapes[id].name;
}

static int check_shape(int fd, const struct map_shape *shape, struct err *e)
{
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return err_errno(e, "cannot read the pin of the map %s", shape->name);
	if (info.type == shape->type && info.key_size == shape->key_size &&
	    info.value_size == shape->value_size && info.max_entries == shape->max_entries)
		return 0;
	return err_set(e, EXIT_UNSUPPORTED,
		       "the pinned map %s is not of this program's shape (a value of %u bytes "
		       "instead of %u); use the wgfence that made it, or detach the fence first",
		       shape->name, info.value_size, shape->value_size);
}

int map_open(const char *fence, enum map_id id, struct err *e)
{
	char pin[MAP_PIN];
	int fd = pins_get(fence, map_pin(shapes[id].name, WGF_LAYOUT, pin), e);

	if (fd >= 0 && check_shape(fd, &shapes[id], e)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

int maps_open(const char *fence, int ret[N_MAPS], struct err *e)
{
	for (int id = 0; id < N_MAPS; id++)
		ret[id] = -1;
	for (enum map_id id = 0; id < N_MAPS; id++) {
		ret[id] = map_open(fence, id, e);
		if (ret[id] < 0 && errno != ENOENT) {
			maps_close(ret);
			return -1;
		}
	}
	return 0;
}

void maps_close(int fds[N_MAPS])
{
	for (int id = 0; id < N_MAPS; id++) {
		if (fds[id] >= 0)
			close(fds[id]);
		fds[id] = -1;
	}
}

static int keep_newest(const char *pin, void *context)
{
	const char *image = shapes[MAP_IMAGE].name;
	size_t len = strlen(image);
	u32 *newest = context, layout;

	if (strncmp(pin, image, len) != 0 || pin[len] != '-')
		return 0;
	layout = (u32)strtoul(pin + len + 1, NULL, 10);
	if (layout > *newest)
		*newest = layout;
	return 0;
}

int maps_newest(const char *fence, u32 *ret, struct err *e)
{
	*ret = 0;
	return pins_exist(fence) ? pins_each(fence, keep_newest, ret, e) : 0;
}

int maps_check_layout(const char *fence, bool own, struct err *e)
{
	u32 newest;

	if (maps_newest(fence, &newest, e))
		return -1;
	if (newest > WGF_LAYOUT)
		return err_set(
			e, EXIT_UNSUPPORTED,
			"fence %s was made by a newer wgfence (layout %u, this program knows "
			"%u); use that one, or detach the fence first",
			fence, newest, WGF_LAYOUT);
	if (own && newest && newest < WGF_LAYOUT)
		return err_set(e, EXIT_UNSUPPORTED,
			       "fence %s was made by an older wgfence (layout %u, this program "
			       "knows %u): `wgfence run` or `wgfence attach` takes it over",
			       fence, newest, WGF_LAYOUT);
	return 0;
}

struct netns_search {
	const char *fence;
	u64 netns;
	struct err *e;
};

/* Its first page: what stands there has its place in every layout. */
static int read_netns(const char *pin, void *context)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const char *name = shapes[MAP_IMAGE].name;
	struct netns_search *s = context;
	const struct wgf_image *image;
	int fd;

	if (strncmp(pin, name, strlen(name)) != 0 || s->netns)
		return 0;
	fd = pins_get(s->fence, pin, s->e);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	image = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (image == MAP_FAILED)
		return err_errno(s->e, "cannot map the policy image");
	if (image->magic == WGF_MAGIC)
		s->netns = image->netns;
	munmap((void *)(unsigned long)image, page);
	return 0;
}

/* Of all images: who was killed before its first publication left one that has none. */
int maps_netns(const char *fence, u64 *ret, struct err *e)
{
	struct netns_search s = {fence, 0, e};

	if (pins_exist(fence) && pins_each(fence, read_netns, &s, e))
		return -1;
	*ret = s.netns;
	return 0;
}
