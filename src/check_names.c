// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names: whom members can ask, by DNS or by a helper of the host's, as they see the host.
 *
 * Owns: the list of helpers. nsswitch.conf is not read: what it names matters by the helper's
 * socket alone, and a member may connect to that without it.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../bpf/match.h"
#include "check_names.h"
#include "check_parts.h"
#include "check_process.h"
#include "check_tree.h"
#include "connected.h"
#include "inside.h"
#include "names.h"
#include "resolver.h"
#include "rundir.h"
#include "unix_text.h"

#define MAX_VIEWS 8 /* different ones, that are looked at */

/* By path, and what a program behind it does for whoever asks. */
static const char *const sockets[] = {
	"/run/systemd/resolve/io.systemd.Resolve",
	"/run/systemd/resolve/io.systemd.Resolve.Monitor",
	"/run/dbus/system_bus_socket",
	"/run/nscd/socket",
	"/run/avahi-daemon/socket",
	"/var/lib/sss/pipes/nss",
	"/run/samba/winbindd/pipe",
	"/run/docker.sock",
	"/run/podman/podman.sock",
	"/run/containerd/containerd.sock",
	"/run/crio/crio.sock",
	"/run/libvirt/libvirt-sock",
	"/var/lib/lxd/unix.socket",
	"/run/tailscale/tailscaled.sock",
	NULL,
};
static const char *const does[] = {
	"systemd-resolved asks for names",
	"systemd-resolved asks for names",
	"D-Bus leads to systemd-resolved and to all other services of the host",
	"nscd asks for names",
	"Avahi asks for names in the LAN",
	"sssd asks for names",
	"winbind asks for names",
	"Docker starts containers, in any network",
	"Podman starts containers, in any network",
	"containerd starts containers, in any network",
	"CRI-O starts containers, in any network",
	"libvirt starts machines, in any network",
	"LXD starts containers, in any network",
	"tailscaled connects to the tailnet",
};
_Static_assert(sizeof(sockets) / sizeof(*sockets) == sizeof(does) / sizeof(*does) + 1, "each");
_Static_assert(sizeof(sockets) / sizeof(*sockets) <= INSIDE_SOCKETS, "all fit");

struct look {
	struct check *c;
	const struct wgf_policy *p;
	struct names names;
	bool refused; /* what is not among the names, by the hooks for unix sockets */
	unsigned told;
	struct inside seen;
	struct err e;
};

static void mend_by_init(struct look *l)
{
	char word[SHELL_WORD];

	if (l->c->configured && *l->c->config.unit) {
		shell_word(l->c->config.unit, word);
		finding_mend(&l->c->report,
			     "wgfence init %s --name %s --yes && systemctl restart %s", word,
			     l->c->name, word);
	}
}

enum server_place server_place(const struct inventory *inv, const char *tunnel,
			       const union wgf_ip *ip)
{
	static const union wgf_ip v6 = {.b = {[15] = 1}};

	if (wgf_is_v4(ip) ? ip->b[12] == 127 || ip->w[3] == 0 : ip_equal(ip, &v6))
		return SERVER_HERE;
	for (unsigned i = 0; i < inv->n_addrs; i++)
		if (ip_equal(&inv->addrs[i].local, ip))
			return SERVER_HERE;
	for (unsigned i = 0; i < inv->n_links; i++) {
		struct prefix network;
		unsigned at = 0;

		if (strcmp(inv->links[i].name, tunnel) == 0)
			continue;
		while (connected_next(inv, &inv->links[i], &at, &network))
			if (!connected_too_wide(&network) && prefix_covers(&network, ip))
				return SERVER_NEAR;
	}
	return is_link_local(ip) ? SERVER_NEAR : SERVER_FAR;
}

/* As libc reads it: the keyword at a line's beginning, then blanks. A zone behind % is no address.
 */
bool server_next(const char **at, union wgf_ip *ret)
{
	static const char keyword[] = "nameserver";

	while (**at) {
		const char *line = *at;
		char text[IP_TEXT];
		size_t len;

		*at += strcspn(*at, "\n");
		*at += **at == '\n';
		if (strncmp(line, keyword, strlen(keyword)) != 0 ||
		    !strchr(" \t", line[strlen(keyword)]) || !line[strlen(keyword)])
			continue;
		line += strlen(keyword);
		line += strspn(line, " \t");
		len = strcspn(line, " \t\r\n%");
		if (len >= sizeof(text))
			continue;
		memcpy(text, line, len);
		text[len] = '\0';
		if (ip_parse(text, ret))
			return true;
	}
	return false;
}

/* Does a rule admit that it is asked past the tunnel? */
static bool is_admitted(const struct wgf_policy *p, const union wgf_ip *ip)
{
	for (u32 i = 0; i < p->n_rules && i < WGF_MAX_RULES; i++)
		if (p->rules[i].kind == WGF_CONNECT_RULE && p->rules[i].port == 53 &&
		    wgf_ip_outside(ip, &p->rules[i].addr, &p->rules[i].mask) == 0)
			return true;
	return false;
}

static void judge_server(struct look *l, pid_t pid, const union wgf_ip *ip)
{
	enum server_place place = server_place(&l->c->inv, l->p->names[0], ip);
	char text[IP_TEXT];

	if (place == SERVER_FAR || is_admitted(l->p, ip))
		return;
	l->told++;
	finding_add(&l->c->report, FINDING_WARNING, "names.server",
		    "The fence refuses that, so it finds no name by it; only the tunnel's "
		    "resolvers can be asked.",
		    "process %d asks %s for names, which is %s", pid, ip_print(ip, text),
		    place == SERVER_HERE ? "on this host" : "in a network past the tunnel");
	mend_by_init(l);
}

static void judge_servers(struct look *l, pid_t pid)
{
	char own[RESOLVER_MAX];
	const char *at = l->seen.text;
	union wgf_ip ip;
	unsigned n = 0;

	if (l->c->configured) {
		resolver_text(&l->c->config, own, sizeof(own));
		if (l->seen.has_text && strcmp(own, l->seen.text) == 0)
			return;
	}
	for (; n < CONFIG_MAX_SERVERS && server_next(&at, &ip); n++)
		judge_server(l, pid, &ip);
	if (n)
		return;
	l->told++;
	finding_add(&l->c->report, FINDING_WARNING, "names.server",
		    "libc asks this host then, and the fence refuses that: it finds no name.",
		    "process %d sees no resolv.conf that names a server", pid);
	mend_by_init(l);
}

/* As the hooks compare: byte by byte. /var/run is where programs that are older look. */
static bool is_named(const struct look *l, const char *path)
{
	char older[WGF_NAME_BYTES];
	struct wgf_name name;

	if (name_parse(path, &name) && names_have(&l->names, &name))
		return true;
	snprintf(older, sizeof(older), "/var%s", path);
	return strncmp(path, "/run/", 5) == 0 && name_parse(older, &name) &&
	       names_have(&l->names, &name);
}

static void judge_helpers(struct look *l, pid_t pid)
{
	for (unsigned i = 0; sockets[i]; i++) {
		bool named = is_named(l, sockets[i]);

		if (!l->seen.reachable[i] || (l->refused && !named))
			continue;
		l->told++;
		finding_add(&l->c->report, FINDING_BROKEN, "names.helper",
			    "The helper is no member: what it does for one leaves by whatever "
			    "route there is.",
			    "process %d may connect to %s, and %s%s", pid, sockets[i], does[i],
			    l->refused ? "; [unix] of the configuration names it" : "");
		if (!l->refused)
			mend_by_init(l);
	}
}

/* Members with the same root, mounts and user see the same. */
struct view {
	ino_t mounts, root;
	dev_t root_dev;
	uid_t uid;
};

/* 1; 0 where it was seen already; -1 where that cannot be told, or there is no room. */
static int is_new(struct view *views, unsigned *n, pid_t pid)
{
	struct stat mounts, root, process;
	char path[64];
	struct view v;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	if (stat(path, &mounts))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	if (stat(path, &root))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	if (stat(path, &process))
		return -1;
	v = (struct view){mounts.st_ino, root.st_ino, root.st_dev, process.st_uid};
	for (unsigned i = 0; i < *n; i++)
		if (views[i].mounts == v.mounts && views[i].root == v.root &&
		    views[i].root_dev == v.root_dev && views[i].uid == v.uid)
			return 0;
	if (*n == MAX_VIEWS)
		return -1;
	views[(*n)++] = v;
	return 1;
}

static void look_at(struct look *l, pid_t pid)
{
	if (inside_look(pid, "etc/resolv.conf", sockets, &l->seen, &l->e)) {
		/* It has ended meanwhile, mostly. */
		if (kill(pid, 0) == 0)
			finding_unseen(&l->c->report, "names.seen", &l->e);
		return;
	}
	judge_servers(l, pid);
	judge_helpers(l, pid);
}

/* What the fence's rules admit is a leak by request. */
static void judge_rules(struct look *l)
{
	for (u32 i = 0; i < l->p->n_rules && i < WGF_MAX_RULES; i++) {
		const struct wgf_rule *r = &l->p->rules[i];
		char text[IP_TEXT];

		if (r->kind != WGF_CONNECT_RULE || r->port != 53)
			continue;
		l->told++;
		finding_add(&l->c->report, FINDING_NOTICE, "names.rule",
			    "What is asked there is asked past the tunnel, as the rule wants it.",
			    "a rule of the configuration lets members ask %s for names",
			    ip_print(&r->addr, text));
	}
}

static void judge_files(struct look *l)
{
	if (!l->c->configured || resolver_stands(RUN_DIR, &l->c->config))
		return;
	l->told++;
	finding_add(&l->c->report, FINDING_WARNING, "names.files",
		    "A unit that sees these files finds no name, or does not start.",
		    "resolv.conf and nsswitch.conf in " RUN_DIR "/%s are not what they should be",
		    l->c->name);
	check_mend_put_back(l->c);
}

static void look_at_members(struct look *l)
{
	struct view views[MAX_VIEWS];
	unsigned n = 0, unseen = 0;
	struct tree t;

	if (l->c->cgroup.fd < 0)
		return;
	if (tree_read(l->c->cgroup.fd, &t, &l->e)) {
		finding_unseen(&l->c->report, "names.seen", &l->e);
		return;
	}
	for (unsigned i = 0; i < t.n_processes; i++) {
		pid_t pid = t.processes[i].pid;
		int new = is_new(views, &n, pid);

		if (new > 0)
			look_at(l, pid);
		unseen += new < 0 && kill(pid, 0) == 0; /* others have ended meanwhile */
	}
	if (unseen) {
		err_set(&l->e, EXIT_FAILED, "%u members were not looked into", unseen);
		finding_unseen(&l->c->report, "names.seen", &l->e);
	} else if (n && !l->told) {
		finding_add(&l->c->report, FINDING_FINE, "names.seen", NULL,
			    "members ask for names by the tunnel, and reach no helper of the host");
	}
	tree_free(&t);
}

void check_names(struct check *c)
{
	static struct look l; /* too large for the stack */

	l = (struct look){.c = c, .p = check_policy(c)};
	if (!l.p)
		return;
	if (names_read(c->name, &l.names, &l.e)) {
		finding_unseen(&c->report, "names.seen", &l.e);
		return;
	}
	l.refused = c->standing.whole && c->standing.unix_held && l.p->mode == WGF_ENFORCE;
	judge_files(&l);
	judge_rules(&l);
	look_at_members(&l);
}
