// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAX_PROG_MAPS 8

/* The tag says what a program does, the maps on what. */
int program_same(int a, int b)
{
	u32 maps_a[MAX_PROG_MAPS], maps_b[MAX_PROG_MAPS];
	struct bpf_prog_info ia = {.nr_map_ids = MAX_PROG_MAPS, .map_ids = (unsigned long)maps_a};
	struct bpf_prog_info ib = {.nr_map_ids = MAX_PROG_MAPS, .map_ids = (unsigned long)maps_b};
	u32 len_a = sizeof(ia), len_b = sizeof(ib);

	if (bpf_obj_get_info_by_fd(a, &ia, &len_a) || bpf_obj_get_info_by_fd(b, &ib, &len_b))
		return -1;
	return ia.nr_map_ids == ib.nr_map_ids && ia.nr_map_ids <= MAX_PROG_MAPS &&
	       memcmp(ia.tag, ib.tag, sizeof(ia.tag)) == 0 &&
	       memcmp(maps_a, maps_b, ia.nr_map_ids * sizeof(maps_a[0])) == 0;
}

int program_same_code(int a, int b)
{
	struct bpf_prog_info ia = {0}, ib = {0};
	u32 len_a = sizeof(ia), len_b = sizeof(ib);

	if (bpf_obj_get_info_by_fd(a, &ia, &len_a) || bpf_obj_get_info_by_fd(b, &ib, &len_b))
		return -1;
	return memcmp(ia.tag, ib.tag, sizeof(ia.tag)) == 0;
}

int program_info(u32 prog_id, struct bpf_prog_info *ret)
{
	int fd = bpf_prog_get_fd_by_id(prog_id), failed;
	u32 len = sizeof(*ret);

	if (fd < 0)
		return -1;
	failed = bpf_obj_get_info_by_fd(fd, ret, &len);
	close(fd);
	return failed ? -1 : 0;
}

int program_reads(u32 prog_id, u32 map_id, bool *ret, struct err *e)
{
	u32 maps[MAX_PROG_MAPS] = {0};
	struct bpf_prog_info info = {.nr_map_ids = MAX_PROG_MAPS, .map_ids = (unsigned long)maps};

	*ret = false;
	if (program_info(prog_id, &info))
		return errno == ENOENT ? 0 : err_errno(e, "cannot read program %u", prog_id);
	for (u32 i = 0; i < info.nr_map_ids && i < MAX_PROG_MAPS; i++)
		*ret |= maps[i] == map_id;
	return 0;
}
