// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs of others that bring data to a socket, or away from it, without a packet that the fence
 * could judge by its port.
 *
 * Owns: that they are there. What they do cannot be read from outside. (IPVS, and translation by
 * nf_tables, come before the fence's ingress, which sees the port that they made.)
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_parts.h"
#include "program.h"

/* Is this a link of such a program, on this network namespace? */
static bool is_lookup(u32 id, u64 netns)
{
	struct bpf_link_info info = {0};
	u32 len = sizeof(info);
	int fd = bpf_link_get_fd_by_id(id), failed;

	if (fd < 0)
		return false;
	failed = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	return !failed && info.type == BPF_LINK_TYPE_NETNS &&
	       info.netns.attach_type == BPF_SK_LOOKUP && info.netns.netns_ino == netns;
}

/* The list ends with ENOENT, and with nothing else. */
static void tell_unseen(struct check *c, const char *kind)
{
	struct err e;

	err_errno(&e, "what is loaded in the kernel cannot be listed");
	finding_unseen(&c->report, kind, &e);
}

/* It may give any listener what came for any port, and the answers then come from that port. */
static void judge_lookups(struct check *c)
{
	struct stat ns;
	bool found = false;
	u32 id = 0;

	if (stat("/proc/self/ns/net", &ns))
		return;
	while (bpf_link_get_next_id(id, &id) == 0) {
		if (!is_lookup(id, ns.st_ino))
			continue;
		found = true;
		finding_add(&c->report, FINDING_WARNING, "redirect.sk_lookup",
			    "It may give the WebUI what comes by the tunnel for another port, and "
			    "the fence takes that for a peer's.",
			    "a program (link %u) chooses which socket gets what comes in", id);
		finding_mend(&c->report, "bpftool link detach id %u", id);
	}
	if (errno != ENOENT)
		tell_unseen(c, "redirect.sk_lookup");
	else if (!found)
		finding_add(&c->report, FINDING_FINE, "redirect.sk_lookup", NULL,
			    "no program chooses which socket gets what comes in");
}

static bool is_of_sockmap(u32 id)
{
	struct bpf_prog_info info = {0};

	return program_info(id, &info) == 0 &&
	       (info.type == BPF_PROG_TYPE_SK_MSG || info.type == BPF_PROG_TYPE_SK_SKB);
}

static void judge_sockmaps(struct check *c)
{
	unsigned n = 0;
	u32 id = 0;

	while (bpf_prog_get_next_id(id, &id) == 0)
		n += is_of_sockmap(id);
	if (errno != ENOENT)
		tell_unseen(c, "redirect.sockmap");
	else if (n)
		finding_add(&c->report, FINDING_NOTICE, "redirect.sockmap",
			    "What a member's socket sends could be given to somebody else's, "
			    "without a packet, if whoever owns the map put both into it.",
			    "%u programs for maps of sockets (sk_msg, sk_skb) are loaded", n);
	else
		finding_add(&c->report, FINDING_FINE, "redirect.sockmap", NULL,
			    "no program for maps of sockets is loaded");
}

void check_redirect(struct check *c)
{
	const struct wgf_policy *p = check_policy(c);

	if (!p)
		return;
	if (p->webui_port)
		judge_lookups(c);
	judge_sockmaps(c);
}
