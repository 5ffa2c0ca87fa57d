// SPDX-License-Identifier: GPL-2.0-only
#include "standing.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "image.h"
#include "pins.h"

#define MAX_PROG_MAPS 8

int standing_check_map(int fd, const char *pin, struct err *e)
{
	bool is_image = strcmp(pin, PIN_IMAGE) == 0;
	size_t size = is_image ? sizeof(struct wgf_image) : sizeof(struct wgf_counters);
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return err_errno(e, "cannot read the pin %s", pin);
	if (info.type != (is_image ? BPF_MAP_TYPE_ARRAY : BPF_MAP_TYPE_PERCPU_ARRAY) ||
	    info.max_entries != 1 || info.value_size != size)
		return err_set(
			e, EXIT_UNSUPPORTED,
			"the pin %s is of another layout than this program's (%u bytes, not %zu); "
			"use the wgfence that made it, or detach the fence first",
			pin, info.value_size, size);
	return 0;
}

/* Adds the rows of all CPUs. */
static int sum_counters(int fd, struct wgf_counters *ret, struct err *e)
{
	int cpus = libbpf_num_possible_cpus();
	size_t n = sizeof(*ret) / sizeof(u64);
	u64 *rows, *sum = (u64 *)ret;
	u32 zero = 0;

	rows = cpus > 0 ? calloc((size_t)cpus, sizeof(*ret)) : NULL;
	if (!rows || bpf_map_lookup_elem(fd, &zero, rows)) {
		free(rows);
		return err_errno(e, "cannot read the counters");
	}
	for (size_t cpu = 0; cpu < (size_t)cpus; cpu++)
		for (size_t i = 0; i < n; i++)
			sum[i] += rows[cpu * n + i];
	free(rows);
	return 0;
}

static int read_counters(const char *name, struct wgf_counters *ret, struct err *e)
{
	int fd = pins_get(name, PIN_COUNTERS, e), failed;

	if (fd < 0 && errno == ENOENT)
		return err_set(e, EXIT_NOT_ENFORCED, "fence %s has lost its counters", name);
	if (fd < 0)
		return -1;
	failed = standing_check_map(fd, PIN_COUNTERS, e) || sum_counters(fd, ret, e);
	close(fd);
	return failed ? -1 : 0;
}

/* The policy, and the counters that are in the image. */
static int read_image(const char *name, struct standing *s, u32 *ret_map_id, struct err *e)
{
	int fd = pins_get(name, PIN_IMAGE, e);
	const struct wgf_image *map;
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	map = standing_check_map(fd, PIN_IMAGE, e) ? NULL : image_view(fd, e);
	if (map && bpf_obj_get_info_by_fd(fd, &info, &len) == 0)
		*ret_map_id = info.id;
	close(fd);
	if (!map)
		return -1;
	s->exists = true;
	if (!image_copy(map, &s->policy))
		memset(&s->policy, 0, sizeof(s->policy));
	image_add_rows(map, &s->counters);
	image_unview(map);
	return 0;
}

static bool program_reads(u32 prog_id, u32 map_id)
{
	u32 maps[MAX_PROG_MAPS], len;
	struct bpf_prog_info info = {.nr_map_ids = MAX_PROG_MAPS, .map_ids = (unsigned long)maps};
	int fd = bpf_prog_get_fd_by_id(prog_id), failed;

	if (fd < 0)
		return false;
	len = sizeof(info);
	failed = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	for (u32 i = 0; !failed && i < info.nr_map_ids && i < MAX_PROG_MAPS; i++)
		if (maps[i] == map_id)
			return true;
	return false;
}

static void lacks(struct standing *s, const char *what, const char *which)
{
	if (!s->missing[0])
		snprintf(s->missing, sizeof(s->missing), what, which);
}

static void judge_link(struct standing *s, const struct link_kind *kind,
		       const struct link_state *link, u32 image_id)
{
	if (!link->pinned)
		lacks(s, "the link %s is not there", kind->pin);
	else if (!link->in_effect && !(link->cgroup_id && cgroup_exists(link->cgroup_id)))
		lacks(s, "the cgroup of the link %s was removed", kind->pin);
	else if (!link->in_effect)
		lacks(s, "the program of the link %s is not in effect", kind->pin);
	else if (s->cgroup_id && s->cgroup_id != link->cgroup_id)
		lacks(s, "the link %s is on another cgroup than the others", kind->pin);
	else if (!program_reads(link->prog_id, image_id))
		lacks(s, "the program of the link %s reads another policy", kind->pin);
	else
		s->in_effect++;
	if (!s->cgroup_id)
		s->cgroup_id = link->cgroup_id;
}

int standing_read(const char *name, struct standing *ret, struct err *e)
{
	struct link_state link;
	struct err hybrid;
	u32 image_id = 0;

	memset(ret, 0, sizeof(*ret));
	if (read_image(name, ret, &image_id, e))
		return -1;
	if (!ret->exists) {
		lacks(ret, "no fence named %s stands", name);
		return 0;
	}
	if (read_counters(name, &ret->counters, e))
		return -1;
	if (cgroup_check_hybrid(&hybrid))
		lacks(ret, "%.255s", hybrid.text);
	for (int i = 0; i < N_LINKS; i++) {
		if (link_read(name, &link_kinds[i], &link, e))
			return -1;
		judge_link(ret, &link_kinds[i], &link, image_id);
	}
	if (ret->policy.layout != WGF_LAYOUT)
		lacks(ret, "no policy is published%s", "");
	ret->whole = ret->missing[0] == '\0';
	return 0;
}

bool standing_enforced(const struct standing *s)
{
	return s->whole && s->policy.mode == WGF_ENFORCE;
}
