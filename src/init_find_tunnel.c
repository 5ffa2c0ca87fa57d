// SPDX-License-Identifier: GPL-2.0-only
/* The tunnel: which one, where it leads, and what it was told of DNS. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_file.h"
#include "init_find.h"
#include "init_net.h"
#include "wg.h"

#define SOCKETS	 "/run/wireguard"
#define WG_QUICK "/etc/wireguard"

/* The names of the files in a directory that end so, without that. */
static int list_dir(const char *root, const char *dir, const char *suffix, struct list *ret,
		    struct err *e)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *d;
	int r = 0;

	snprintf(path, sizeof(path), "%s%s", root, dir);
	d = opendir(path);
	while (r == 0 && d && (entry = readdir(d))) {
		size_t len = strlen(entry->d_name), cut = strlen(suffix);

		if (len > cut && strcmp(entry->d_name + len - cut, suffix) == 0)
			r = list_add(ret, e, "%.*s", (int)(len - cut), entry->d_name);
	}
	if (d)
		closedir(d);
	return r;
}

static void join(const struct list *l, char *ret, size_t size)
{
	size_t n = 0;

	*ret = '\0';
	for (unsigned i = 0; i < l->n && n < size; i++)
		n += (size_t)snprintf(ret + n, size - n, "%s%s", i ? ", " : "", l->v[i]);
}

static int none_there(const struct ask *ask, struct err *e)
{
	struct list files = {0};
	char names[256];
	int r = list_dir(ask->root, WG_QUICK, ".conf", &files, e);

	join(&files, names, sizeof(names));
	if (r == 0)
		r = err_set(
			e, EXIT_MISUSE,
			"there is no WireGuard interface now%s%s%s: bring the tunnel up, or name "
			"it with --tunnel INTERFACE",
			files.n ? " (" WG_QUICK " has " : "", names, files.n ? ")" : "");
	list_free(&files);
	return r;
}

/* What the user names is taken; that it may be no tunnel is said. */
static int take_named(const char *name, const struct inventory *inv, const struct list *there,
		      struct findings *f, struct err *e)
{
	snprintf(f->tunnel, sizeof(f->tunnel), "%s", name);
	snprintf(f->tunnel_from, sizeof(f->tunnel_from), "as you say");
	if (list_has(there, name))
		return 0;
	if (inventory_link_by_name(inv, name))
		return list_add(
			&f->notes, e,
			"%s is no WireGuard interface. Nobody asks whether it encrypts, nor "
			"where it leads.",
			name);
	return list_add(&f->notes, e, "%s is not there now. Until it is, nothing leaves.", name);
}

/* What the fence's own configuration says, where there is one of this unit. */
static bool configured(const struct ask *ask, struct findings *f)
{
	static struct config c; /* too large for comfort on the stack */
	char path[PATH_OF_INIT], *text;
	struct err ignored;
	size_t len;
	bool found;

	find_path(PATH_CONF, f->name, f->unit, path);
	if (init_file_read(ask->root, path, &text, &len, &ignored) != 1)
		return false;
	found = config_parse(text, len, path, f->name, &c, &ignored) == 0 &&
		strcmp(c.unit, f->unit) == 0;
	free(text);
	if (found) {
		snprintf(f->tunnel, sizeof(f->tunnel), "%s", c.tunnel);
		snprintf(f->tunnel_from, sizeof(f->tunnel_from), "as %.100s says", path);
	}
	return found;
}

static int choose(const struct ask *ask, const struct inventory *inv, const struct list *there,
		  struct findings *f, struct err *e)
{
	char names[256];

	if (ask->tunnel)
		return take_named(ask->tunnel, inv, there, f, e);
	if (!ask->replace && configured(ask, f))
		return 0;
	if (there->n == 0)
		return none_there(ask, e);
	join(there, names, sizeof(names));
	if (there->n > 1)
		return err_set(e, EXIT_MISUSE,
			       "there are several WireGuard interfaces (%s): choose with --tunnel "
			       "INTERFACE",
			       names);
	snprintf(f->tunnel, sizeof(f->tunnel), "%s", there->v[0]);
	snprintf(f->tunnel_from, sizeof(f->tunnel_from), "the only WireGuard interface");
	return 0;
}

static bool has_family(const struct inventory *inv, const char *tunnel, bool ipv4)
{
	const struct link *l = inventory_link_by_name(inv, tunnel);

	for (unsigned i = 0; l && i < inv->n_addrs; i++)
		if (inv->addrs[i].ifindex == l->ifindex &&
		    wgf_is_v4(&inv->addrs[i].local) == ipv4 &&
		    !(inv->addrs[i].local.b[0] == 0xfe && inv->addrs[i].local.b[1] == 0x80))
			return true;
	return false;
}

static int note_narrow(const struct inventory *inv, const struct wg *wg, struct findings *f,
		       struct err *e)
{
	int r = 0;

	for (int ipv4 = 1; r == 0 && !wg->more && ipv4 >= 0; ipv4--)
		if (has_family(inv, f->tunnel, ipv4) &&
		    !net_covers_all(wg->allowed, wg->n_allowed, ipv4))
			r = list_add(
				&f->notes, e,
				"AllowedIPs of %s do not cover all of %s: what lies elsewhere "
				"cannot be reached by the tunnel, and not past it either. A peer "
				"with %s would be usual.",
				f->tunnel, ipv4 ? "IPv4" : "IPv6", ipv4 ? "0.0.0.0/0" : "::/0");
	return r;
}

/* Asks where there is somebody to ask; what cannot be had is a note, not an error. */
static int note_allowed(const struct inventory *inv, struct findings *f, struct err *e)
{
	static struct wg wg; /* too large for comfort on the stack */
	const struct link *l = inventory_link_by_name(inv, f->tunnel);
	struct err why = {0};
	int is_wg = l ? wg_read(l, &wg, &why) : 0;

	if (is_wg < 0)
		return list_add(&f->notes, e,
				"Whether AllowedIPs cover the internet is not known: %s.",
				why.text);
	return is_wg ? note_narrow(inv, &wg, f, e) : 0;
}

/* wg-quick takes names that no unit can have. */
static void find_wg_quick(struct findings *f)
{
	char unit[sizeof(f->tunnel_unit)];

	snprintf(unit, sizeof(unit), "wg-quick@%s.service", f->tunnel);
	if (!find_unit_name(unit, f->tunnel_unit, sizeof(f->tunnel_unit)))
		f->tunnel_unit[0] = '\0';
}

static int find_servers(const struct ask *ask, struct findings *f, struct err *e)
{
	char *text;
	size_t len;
	int r;

	snprintf(f->servers_from, sizeof(f->servers_from), WG_QUICK "/%s.conf", f->tunnel);
	r = init_file_read(ask->root, f->servers_from, &text, &len, e);
	if (r <= 0)
		return r;
	find_wg_quick(f);
	r = net_wg_quick_dns(text, &f->servers, e);
	/* It holds the private key. */
	explicit_bzero(text, len);
	free(text);
	return r;
}

static int note_no_server(struct findings *f, struct err *e)
{
	return f->servers.n
		       ? 0
		       : list_add(&f->notes, e,
				  "No resolver of the tunnel is known, so the unit will find no "
				  "name: write \"server = ADDRESS\" under [dns] into its "
				  "configuration (" WG_QUICK "/%s.conf has no DNS=).",
				  f->tunnel);
}

int find_tunnel(const struct ask *ask, const struct inventory *inv, struct findings *ret,
		struct err *e)
{
	struct list sockets = {0}, there = {0};
	int r = list_dir(ask->root, SOCKETS, ".sock", &sockets, e) ||
				net_tunnels(inv, &sockets, &there, e) ||
				choose(ask, inv, &there, ret, e) ||
				(list_has(&there, ret->tunnel) && !*ask->root &&
				 note_allowed(inv, ret, e)) ||
				find_servers(ask, ret, e) || note_no_server(ret, e)
			? -1
			: 0;

	list_free(&sockets);
	list_free(&there);
	return r;
}
