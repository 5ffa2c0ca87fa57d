// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netns.h"
#include "pins.h"

/* Of the cgroup that the links are on, whatever the configuration says. */
static void open_cgroup(struct check *c)
{
	char mount[PATH_MAX], proc[64], target[PATH_MAX];
	struct err ignored;
	size_t len;
	ssize_t n;

	c->cgroup = (struct cgroup){.fd = -1, .id = c->standing.cgroup_id};
	if (!c->cgroup.id || cgroup_mount(mount, sizeof(mount), &ignored))
		return;
	c->cgroup.fd = cgroup_open_id(c->cgroup.id);
	if (c->cgroup.fd < 0)
		return;
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", c->cgroup.fd);
	n = readlink(proc, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	len = strlen(mount);
	snprintf(c->cgroup.path, sizeof(c->cgroup.path), "%s",
		 strncmp(target, mount, len) == 0 ? target + len : target);
}

/* What another layout's programs hold cannot be read, but they hold it. */
static int read_standing(struct check *c, struct err *e)
{
	if (standing_read(c->name, &c->standing, e) == 0)
		return 0;
	if (e->code != EXIT_UNSUPPORTED)
		return -1;
	c->unread = *e;
	memset(&c->standing, 0, sizeof(c->standing));
	return 0;
}

/* Interfaces, routes and sockets of another network namespace would say nothing of this fence. */
static int refuse_elsewhere(const struct check *c, struct err *e)
{
	const struct wgf_policy *p = check_policy(c);
	u64 here;

	if (!p)
		return 0;
	if (netns_cookie(&here, e))
		return -1;
	return p->netns == here ? 0
				: err_set(e, EXIT_FAILED,
					  "fence %s stands in another network namespace: go there "
					  "(nsenter --net)",
					  c->name);
}

int check_begin(const char *name, const char *file, struct check *ret, struct err *e)
{
	struct stat st;

	memset(ret, 0, sizeof(*ret));
	ret->name = name;
	ret->cgroup.fd = -1;
	if (read_standing(ret, e) || refuse_elsewhere(ret, e) || inventory_read(&ret->inv, e))
		return -1;
	ret->configured = config_read(name, file, &ret->config, &ret->unconfigured) == 0;
	ret->file_given = file;
	ret->daemon = pins_busy(name);
	/* What sd_booted(3) looks at. */
	ret->booted = lstat("/run/systemd/system", &st) == 0 && S_ISDIR(st.st_mode);
	open_cgroup(ret);
	return 0;
}

void check_end(struct check *c)
{
	cgroup_close(&c->cgroup);
	inventory_free(&c->inv);
	report_free(&c->report);
}

/* Where systemd escapes the name of an instance there is a backslash in it. */
const char *check_daemon_unit(const struct check *c, char ret[SHELL_WORD])
{
	char escaped[4 * FENCE_NAME_MAX + 6], unit[sizeof(escaped) + 32];

	cgroup_escape(c->name, escaped, sizeof(escaped));
	snprintf(unit, sizeof(unit), "wgfence@%s.service", escaped);
	return shell_word(unit, ret);
}

void check_mend_put_back(struct check *c)
{
	char word[SHELL_WORD];

	if (c->file_given)
		finding_mend(&c->report, "wgfence attach --config %s",
			     shell_word(c->file_given, word));
	else if (c->booted)
		finding_mend(&c->report, "systemctl restart %s", check_daemon_unit(c, word));
	else
		finding_mend(&c->report, "wgfence attach %s", c->name);
}

void check_mend_config(struct check *c, const char *edit)
{
	char file[SHELL_WORD], unit[SHELL_WORD];

	if (!c->configured)
		return;
	shell_word(c->config.file, file);
	if (c->file_given || !c->booted)
		finding_mend(&c->report, "sed -i '%s' %s && wgfence attach --config %s", edit, file,
			     file);
	else
		finding_mend(&c->report, "sed -i '%s' %s && systemctl restart %s", edit, file,
			     check_daemon_unit(c, unit));
}

const struct wgf_policy *check_policy(const struct check *c)
{
	return c->standing.exists && c->standing.policy.layout == WGF_LAYOUT ? &c->standing.policy
									     : NULL;
}
