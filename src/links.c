// SPDX-License-Identifier: GPL-2.0-only
#include "links.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pins.h"
#include "program.h"

#define MAX_EFFECTIVE 64 /* BPF_CGROUP_MAX_PROGS */

const struct link_kind link_kinds[N_LINKS] = {
	{"connect_unix", "wgf_connect_un", WGF_UNIX_CONNECT},
	{"sendmsg_unix", "wgf_sendmsg_un", WGF_UNIX_SENDMSG},
	{"setsockopt", "wgf_setsockopt", BPF_CGROUP_SETSOCKOPT},
	{"bind4", "wgf_bind4", BPF_CGROUP_INET4_BIND},
	{"bind6", "wgf_bind6", BPF_CGROUP_INET6_BIND},
	{"connect4", "wgf_connect4", BPF_CGROUP_INET4_CONNECT},
	{"connect6", "wgf_connect6", BPF_CGROUP_INET6_CONNECT},
	{"sendmsg4", "wgf_sendmsg4", BPF_CGROUP_UDP4_SENDMSG},
	{"sock_create", "wgf_socket", BPF_CGROUP_INET_SOCK_CREATE},
	{"ingress", "wgf_ingress_skb", BPF_CGROUP_INET_INGRESS},
	{"egress", "wgf_egress_skb", BPF_CGROUP_INET_EGRESS},
};

static int link_info(int fd, const struct link_kind *kind, struct bpf_link_info *ret, struct err *e)
{
	u32 len = sizeof(*ret);

	memset(ret, 0, sizeof(*ret));
	if (bpf_obj_get_info_by_fd(fd, ret, &len))
		return err_errno(e, "cannot read the link %s", kind->pin);
	if (ret->type != BPF_LINK_TYPE_CGROUP || ret->cgroup.attach_type != kind->type)
		return err_set(e, EXIT_FAILED, "the pin %s holds something that is not its link",
			       kind->pin);
	return 0;
}

/* A cgroup that was removed meanwhile has none: ENOENT. */
int link_in_effect(int cgroup_fd, const struct link_kind *kind, u32 prog_id, bool *ret,
		   struct err *e)
{
	u32 ids[MAX_EFFECTIVE], n = MAX_EFFECTIVE, flags = 0;

	*ret = false;
	if (bpf_prog_query(cgroup_fd, kind->type, BPF_F_QUERY_EFFECTIVE, &flags, ids, &n))
		return errno == ENOENT ? 0
				       : err_errno(e, "cannot ask for the programs in effect, %s",
						   kind->pin);
	for (u32 i = 0; i < n; i++)
		*ret |= ids[i] == prog_id;
	return 0;
}

int link_read(const char *name, const struct link_kind *kind, struct link_state *ret, struct err *e)
{
	int fd = pins_get(name, kind->pin, e), cgroup, failed;
	struct bpf_link_info info;

	*ret = (struct link_state){0};
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	failed = link_info(fd, kind, &info, e);
	close(fd);
	if (failed)
		return -1;
	ret->pinned = true;
	ret->cgroup_id = info.cgroup.cgroup_id;
	ret->prog_id = info.prog_id;
	if (!ret->cgroup_id)
		return 0;
	cgroup = cgroup_open_id(ret->cgroup_id);
	if (cgroup < 0)
		return errno == ESTALE || errno == ENOENT
			       ? 0
			       : err_errno(e, "cannot open the cgroup of the link %s", kind->pin);
	failed = link_in_effect(cgroup, kind, ret->prog_id, &ret->in_effect, e);
	close(cgroup);
	return failed;
}

int links_check(const char *name, const struct cgroup *cg, struct err *e)
{
	struct link_state state;

	for (int i = 0; i < N_LINKS; i++) {
		if (link_read(name, &link_kinds[i], &state, e))
			return -1;
		if (state.pinned && state.cgroup_id && state.cgroup_id != cg->id &&
		    cgroup_exists(state.cgroup_id))
			return err_set(e, EXIT_FAILED,
				       "fence %s stands on another cgroup than %s, which would "
				       "become open; "
				       "detach it first: wgfence detach %s",
				       name, cg->path, name);
	}
	return 0;
}

/*
 * An update of a link compares program types only, and would take an ingress program into an egress
 * link: the attach type is compared here.
 */
static int take_program(struct bpf_object *obj, const struct link_kind *kind, struct err *e)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, kind->program);
	int fd;

	if (!prog || bpf_program__expected_attach_type(prog) != kind->type)
		return err_set(e, EXIT_FAILED, "this build has no program %s for %s", kind->program,
			       kind->pin);
	fd = fcntl(bpf_program__fd(prog), F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? err_errno(e, "cannot keep the program %s", kind->program) : fd;
}

static int take_programs(struct bpf_object *obj, int from, int to, int ret[N_LINKS], struct err *e)
{
	for (int i = from; i < to; i++) {
		ret[i] = take_program(obj, &link_kinds[i], e);
		if (ret[i] < 0)
			return -1;
	}
	return 0;
}

int links_programs(struct bpf_object *obj, int ret[N_LINKS], struct err *e)
{
	return take_programs(obj, N_UNIX, N_LINKS, ret, e);
}

int links_unix_programs(struct bpf_object *obj, int ret[N_LINKS], struct err *e)
{
	return take_programs(obj, 0, N_UNIX, ret, e);
}

/* Replaces the program inside a living link; no packet meets neither. */
static int update_link(int link, u32 old_id, int prog, const struct link_kind *kind, struct err *e)
{
	LIBBPF_OPTS(bpf_link_update_opts, opts, .flags = BPF_F_REPLACE);
	int old = bpf_prog_get_fd_by_id(old_id), same, ret = 0;

	if (old < 0)
		return err_errno(e, "cannot open the program in the link %s", kind->pin);
	opts.old_prog_fd = (u32)old;
	same = program_same(old, prog);
	if (same < 0)
		ret = err_errno(e, "cannot compare the program in the link %s", kind->pin);
	else if (!same && bpf_link_update(link, prog, &opts))
		ret = err_errno(e, "cannot update the link %s", kind->pin);
	close(old);
	return ret;
}

/*
 * A link whose cgroup was removed still holds back the sockets that are left of it, until the
 * kernel lets go of them and the cgroup's id becomes 0. It keeps a pin under another name.
 */
static int retire(const char *name, const struct link_kind *kind, u64 cgroup_id, struct err *e)
{
	char to[64];

	snprintf(to, sizeof(to), PIN_RETIRED "%s-%llu", kind->pin, cgroup_id);
	return pins_rename(name, kind->pin, to, e);
}

static int create_link(const char *name, const struct link_kind *kind, int prog,
		       const struct cgroup *cg, struct err *e)
{
	int fd = bpf_link_create(prog, cg->fd, kind->type, NULL), ret;

	if (fd < 0)
		return err_errno(e, "cannot attach %s to %s", kind->program, cg->path);
	ret = pins_put(name, kind->pin, fd, e);
	close(fd);
	return ret;
}

static int place(const char *name, const struct link_kind *kind, int prog, const struct cgroup *cg,
		 struct err *e)
{
	struct bpf_link_info info;
	int fd = pins_get(name, kind->pin, e), ret;

	if (fd < 0)
		return errno == ENOENT ? create_link(name, kind, prog, cg, e) : -1;
	ret = link_info(fd, kind, &info, e);
	if (ret == 0 && info.cgroup.cgroup_id == cg->id)
		ret = update_link(fd, info.prog_id, prog, kind, e);
	close(fd);
	if (ret || info.cgroup.cgroup_id == cg->id)
		return ret;
	if (info.cgroup.cgroup_id)
		ret = retire(name, kind, info.cgroup.cgroup_id, e);
	else
		ret = pins_remove(name, kind->pin, e);
	return ret ? -1 : create_link(name, kind, prog, cg, e);
}

struct renewal {
	const char *name;
	const int *programs;
	struct err *e;
};

/* The kind of a retired link: "retired-KIND-CGROUPID". */
static const struct link_kind *retired_kind(const char *pin)
{
	const char *rest = pin + strlen(PIN_RETIRED);

	if (strncmp(pin, PIN_RETIRED, strlen(PIN_RETIRED)) != 0)
		return NULL;
	for (int i = 0; i < N_LINKS; i++) {
		size_t len = strlen(link_kinds[i].pin);

		if (strncmp(rest, link_kinds[i].pin, len) == 0 && rest[len] == '-')
			return &link_kinds[i];
	}
	return NULL;
}

static int renew_one(const char *pin, void *context)
{
	const struct renewal *r = context;
	const struct link_kind *kind = retired_kind(pin);
	struct bpf_link_info info;
	int fd, ret;

	if (!kind || r->programs[kind - link_kinds] < 0)
		return 0;
	fd = pins_get(r->name, pin, r->e);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	ret = link_info(fd, kind, &info, r->e);
	if (ret == 0 && info.cgroup.cgroup_id) {
		ret = update_link(fd, info.prog_id, r->programs[kind - link_kinds], kind, r->e);
		/* Its last socket may go meanwhile: ENOLINK. */
		if (ret && link_info(fd, kind, &info, r->e) == 0 && !info.cgroup.cgroup_id)
			ret = 0;
	}
	close(fd);
	return ret;
}

struct sweep {
	const char *name;
	struct err *e;
};

static int sweep_one(const char *pin, void *context)
{
	struct sweep *s = context;
	struct bpf_link_info info = {0};
	u32 len = sizeof(info);
	int fd, failed;

	if (strncmp(pin, PIN_RETIRED, strlen(PIN_RETIRED)) != 0)
		return 0;
	fd = pins_get(s->name, pin, s->e);
	if (fd < 0)
		return -1;
	failed = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	if (failed)
		return err_errno(s->e, "cannot read the link %s", pin);
	return info.cgroup.cgroup_id == 0 ? pins_remove(s->name, pin, s->e) : 0;
}

int links_place(const char *name, const int programs[N_LINKS], const struct cgroup *cg,
		struct err *e)
{
	for (int i = 0; i < N_LINKS; i++)
		if (programs[i] >= 0 && place(name, &link_kinds[i], programs[i], cg, e))
			return -1;
	if (pins_each(name, renew_one, &(struct renewal){name, programs, e}, e))
		return -1;
	return pins_each(name, sweep_one, &(struct sweep){name, e}, e);
}

/* Begun anew after each: a directory that changes is not read on. */
static int drop_retired(const char *pin, void *context)
{
	const struct link_kind *kind = retired_kind(pin);
	const struct sweep *s = context;

	if (!kind || kind - link_kinds >= N_UNIX)
		return 0;
	return pins_remove(s->name, pin, s->e) ? -1 : 1;
}

int links_drop_unix(const char *name, struct err *e)
{
	struct link_state link;
	int more;

	for (int i = 0; i < N_UNIX; i++) {
		if (link_read(name, &link_kinds[i], &link, e))
			return -1;
		if (link.pinned && pins_remove(name, link_kinds[i].pin, e))
			return -1;
	}
	do
		more = pins_each(name, drop_retired, &(struct sweep){name, e}, e);
	while (more > 0);
	return more;
}
