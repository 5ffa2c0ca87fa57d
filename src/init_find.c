// SPDX-License-Identifier: GPL-2.0-only
#include "init_find.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_binary.h"
#include "init_dropin.h"
#include "init_file.h"
#include "init_net.h"
#include "init_own.h"
#include "live.h"

#define UNIT_DIR "/etc/systemd/system"

bool find_unit_name(const char *word, char *ret, size_t size)
{
	static const char legal[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789:_.\\@-";
	const char *dot = strrchr(word, '.');

	return (size_t)snprintf(ret, size, "%s%s", word,
				dot && strcmp(dot, ".service") == 0 ? "" : ".service") < size &&
	       strlen(ret) > strlen(".service") && ret[strspn(ret, legal)] == '\0';
}

void find_default_name(const char *unit, char ret[FENCE_NAME_MAX + 1])
{
	size_t len = strlen(unit), n = 0;

	if (len > 8 && strcmp(unit + len - 8, ".service") == 0)
		len -= 8;
	for (; n < len && n < FENCE_NAME_MAX; n++) {
		const char one[2] = {unit[n], '\0'};

		ret[n] = '_';
		if (fence_name_valid(one))
			ret[n] = unit[n];
	}
	ret[n] = '\0';
}

void find_path(enum init_path which, const char *name, const char *unit, char ret[PATH_OF_INIT])
{
	char slice[UNIT_NAME];

	dropin_slice(name, slice);
	if (which == PATH_CONF)
		snprintf(ret, PATH_OF_INIT, CONFIG_DIR "/%s.conf", name);
	else
		snprintf(ret, PATH_OF_INIT, UNIT_DIR "/%s.d/wgfence.conf",
			 which == PATH_SLICE ? slice : unit);
}

/* The last word of the gate's line. */
static bool name_in_dropin(const char *text, char ret[FENCE_NAME_MAX + 1])
{
	char *one[] = {(char *)(uintptr_t)text, NULL}, line[PATH_MAX + FENCE_NAME_MAX];
	const struct list texts = {one, 1};
	const char *name;

	if (!own_last(&texts, "Service", "ExecStartPre", line, sizeof(line)))
		return false;
	name = strstr(line, " ready ");
	if (!name || !fence_name_valid(name + 7))
		return false;
	snprintf(ret, FENCE_NAME_MAX + 1, "%s", name + 7);
	return true;
}

int find_fence_name(const struct ask *ask, const char *unit, char ret[FENCE_NAME_MAX + 1],
		    struct err *e)
{
	char path[PATH_OF_INIT], there[FENCE_NAME_MAX + 1], *text = NULL;
	size_t len;
	bool has;

	find_path(PATH_DROPIN, "", unit, path);
	if (init_file_read(ask->root, path, &text, &len, e) < 0)
		return -1;
	has = text && name_in_dropin(text, there);
	free(text);
	if (has && ask->name && strcmp(there, ask->name) != 0)
		return err_set(e, EXIT_MISUSE,
			       "%s has the fence %s already: wgfence init '%s' --remove takes that "
			       "away first",
			       unit, there, unit);
	find_default_name(unit, ret);
	if (has || ask->name)
		snprintf(ret, FENCE_NAME_MAX + 1, "%s", has ? there : ask->name);
	return 0;
}

static int add_text(const struct ask *ask, const char *path, struct findings *ret, struct err *e)
{
	char *text;
	size_t len;
	int r = init_file_read(ask->root, path, &text, &len, e);

	if (r <= 0)
		return r;
	r = list_add(&ret->texts, e, "%s", text);
	free(text);
	return r;
}

/* The unit's files in the order in which systemd read them; ours says nothing of the unit. */
static int find_texts(const struct ask *ask, const struct unit *u, struct findings *ret,
		      struct err *e)
{
	char ours[PATH_OF_INIT];

	find_path(PATH_DROPIN, ret->name, ret->unit, ours);
	if (*u->fragment && add_text(ask, u->fragment, ret, e))
		return -1;
	for (unsigned i = 0; i < u->dropins.n; i++)
		if (strcmp(u->dropins.v[i], ours) != 0 && add_text(ask, u->dropins.v[i], ret, e))
			return -1;
	return 0;
}

/* Units that come and go with the tunnel. */
static bool is_of_tunnel(const char *unit, const char *tunnel)
{
	return strstr(unit, tunnel) && (strncmp(unit, "wg-quick@", 9) == 0 ||
					strncmp(unit, "sys-subsystem-net-devices-", 26) == 0);
}

static int note_bindings(const struct unit *u, struct findings *f, struct err *e)
{
	const struct {
		const char *key;
		const struct list *units;
	} bindings[] = {{"BindsTo", &u->binds_to}, {"Requires", &u->requires}};

	for (unsigned k = 0; k < 2; k++)
		for (unsigned i = 0; i < bindings[k].units->n; i++) {
			const char *unit = bindings[k].units->v[i];

			if (is_of_tunnel(unit, f->tunnel) &&
			    list_add(
				    &f->notes, e,
				    "%s=%s stops the unit whenever the tunnel goes. The fence does "
				    "not need it: take it out where the unit should wait instead.",
				    bindings[k].key, unit))
				return -1;
		}
	return 0;
}

static int note_sockets(const struct unit *u, struct findings *f, struct err *e)
{
	for (unsigned i = 0; i < u->triggered_by.n; i++) {
		const char *unit = u->triggered_by.v[i], *dot = strrchr(unit, '.');

		if (dot && strcmp(dot, ".socket") == 0 &&
		    list_add(&f->notes, e,
			     "%s hands in sockets that are made outside, where no fence sees them: "
			     "systemctl disable --now %s, and have the service listen itself.",
			     unit, unit))
			return -1;
	}
	return 0;
}

static int note_place(const struct unit *u, struct findings *f, struct err *e)
{
	char own[256];

	if (own_last(&f->texts, "Service", "Slice", own, sizeof(own)) &&
	    list_add(&f->notes, e,
		     "Slice=%s of the unit gives way to the fence's. Limits on that slice do not "
		     "hold then: set them on the new one.",
		     own))
		return -1;
	if ((u->private_network || *u->netns_path) &&
	    list_add(&f->notes, e,
		     "The unit has a network namespace of its own (PrivateNetwork= or "
		     "NetworkNamespacePath=). A fence is for one on the host's network, and "
		     "refuses its sockets: take that out."))
		return -1;
	if (own_last(&f->texts, "Service", "ExecStartPre", own, sizeof(own)) &&
	    list_add(&f->notes, e,
		     "ExecStartPre= of the unit runs before the gate does: what it sends is "
		     "dropped where the fence stands, and not held up where it does not."))
		return -1;
	return 0;
}

/* Its drop-in in /run would go on asking for the unit's own cgroup. */
static int note_live(const struct ask *ask, struct findings *f, struct err *e)
{
	char dir[PATH_MAX], cgroup[PATH_MAX];
	struct err ignored;

	snprintf(dir, sizeof(dir), "%s" RUN_DIR, ask->root);
	if (live_read(dir, f->name, cgroup, sizeof(cgroup), &ignored) == 0)
		return 0;
	return list_add(&f->notes, e,
			"The unit is fenced live. Before anything else: systemctl stop '%s', then "
			"wgfence detach %s.",
			f->unit, f->name);
}

int find_unit(const struct ask *ask, const struct unit *u, struct findings *ret, struct err *e)
{
	if (u->needs_reload &&
	    list_add(&ret->notes, e,
		     "Files of the unit have changed since systemd read them: systemctl "
		     "daemon-reload, then ask again."))
		return -1;
	if (!*ret->user && !u->dynamic_user &&
	    list_add(&ret->notes, e,
		     "The unit runs as root, and root can leave any fence: give it User=."))
		return -1;
	return note_live(ask, ret, e) || note_place(u, ret, e) || note_bindings(u, ret, e) ||
			       note_sockets(u, ret, e)
		       ? -1
		       : 0;
}

static int copy_names(const struct ask *ask, const struct unit *u, struct findings *f,
		      struct err *e)
{
	snprintf(f->unit, sizeof(f->unit), "%s", u->id);
	snprintf(f->fragment, sizeof(f->fragment), "%s", u->fragment);
	snprintf(f->user, sizeof(f->user), "%s",
		 u->dynamic_user && !*u->user ? "dynamic" : u->user);
	if (strcmp(f->user, "root") == 0 || strcmp(f->user, "0") == 0)
		f->user[0] = '\0';
	if (find_fence_name(ask, f->unit, f->name, e) || binary_check(ask->binary, e))
		return -1;
	snprintf(f->binary, sizeof(f->binary), "%s", ask->binary);
	return 0;
}

int find_all(const struct ask *ask, const struct unit *u, const struct inventory *inv,
	     struct findings *ret, struct err *e)
{
	struct findings f = {0};

	if (copy_names(ask, u, &f, e) || find_texts(ask, u, &f, e) ||
	    find_tunnel(ask, inv, &f, e) || net_networks(inv, f.tunnel, &f.networks, e) ||
	    find_client(ask, u, &f, e) || find_etc(ask, u, &f, e) || find_unit(ask, u, &f, e)) {
		findings_free(&f);
		return -1;
	}
	*ret = f;
	return 0;
}
