// SPDX-License-Identifier: GPL-2.0-only
#include "standing.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "fence_maps.h"
#include "image.h"
#include "program.h"
#include "sets.h"

static int read_policy(const char *name, struct standing *s, struct err *e)
{
	int fd = map_open(name, MAP_IMAGE, e), failed;
	const struct wgf_image *map;
	struct bpf_map_info info = {0};
	u32 len = sizeof(info);

	if (fd < 0)
		return errno == ENOENT ? maps_check_layout(name, true, e) : -1;
	failed = bpf_obj_get_info_by_fd(fd, &info, &len);
	if (failed)
		err_errno(e, "cannot read the policy image");
	map = failed ? NULL : image_view(fd, e);
	close(fd);
	if (!map)
		return -1;
	s->image_id = info.id;
	s->exists = true;
	if (!image_copy(map, &s->policy))
		memset(&s->policy, 0, sizeof(s->policy));
	image_unview(map);
	return 0;
}

static void lacks(struct standing *s, const char *what, const char *which)
{
	if (!s->missing[0])
		snprintf(s->missing, sizeof(s->missing), what, which);
}

static int judge_link(struct standing *s, const struct link_kind *kind,
		      const struct link_state *link, struct err *e)
{
	bool reads = false;

	if (link->in_effect && program_reads(link->prog_id, s->image_id, &reads, e))
		return -1;
	if (!link->pinned)
		lacks(s, "the link %s is not there", kind->pin);
	else if (!link->in_effect && !(link->cgroup_id && cgroup_exists(link->cgroup_id)))
		lacks(s, "the cgroup of the link %s was removed", kind->pin);
	else if (!link->in_effect)
		lacks(s, "the program of the link %s is not in effect", kind->pin);
	else if (s->cgroup_id && s->cgroup_id != link->cgroup_id)
		lacks(s, "the link %s is on another cgroup than the others", kind->pin);
	else if (!reads)
		lacks(s, "the program of the link %s reads another policy", kind->pin);
	else
		s->in_effect++;
	if (!s->cgroup_id)
		s->cgroup_id = link->cgroup_id;
	return 0;
}

/* A link for unix sockets may be missing where the other one is, too. */
static int judge_links(const char *name, struct standing *s, struct err *e)
{
	unsigned unix_links = 0;
	struct link_state link;

	for (int i = 0; i < N_LINKS; i++) {
		if (link_read(name, &link_kinds[i], &link, e))
			return -1;
		unix_links += i < N_UNIX && link.pinned;
		if ((i >= N_UNIX || link.pinned) && judge_link(s, &link_kinds[i], &link, e))
			return -1;
	}
	s->unix_held = unix_links == N_UNIX;
	if (unix_links && !s->unix_held)
		lacks(s, "of the links for unix sockets one is not there%s", "");
	return 0;
}

int standing_read(const char *name, struct standing *ret, struct err *e)
{
	struct err hybrid;

	memset(ret, 0, sizeof(*ret));
	if (read_policy(name, ret, e))
		return -1;
	if (!ret->exists) {
		lacks(ret, "no fence named %s stands", name);
		return 0;
	}
	if (sets_read(name, &ret->counters, e))
		return -1;
	if (cgroup_check_hybrid(&hybrid))
		lacks(ret, "%.255s", hybrid.text);
	if (judge_links(name, ret, e))
		return -1;
	if (ret->policy.layout != WGF_LAYOUT)
		lacks(ret, "no policy is published%s", "");
	ret->whole = ret->missing[0] == '\0';
	return 0;
}

bool standing_enforced(const struct standing *s)
{
	return s->whole && s->policy.mode == WGF_ENFORCE;
}
