// SPDX-License-Identifier: GPL-2.0-only
/*
 * The old iptables: rules of its own, that nf_tables does not tell.
 *
 * Owns: whether there are any in the tables that copy or translate. They are not read: few hosts
 * have them still, and newer kernels none.
 */
// clang-format off
#include <netinet/in.h> // before the kernel's, which then leave out what is in it
// clang-format on
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_parts.h"
#include "file.h"

/*
 * A table that nobody put a rule into has one entry for each hook, and one for the end. Asked only
 * of tables that are there: asking would make the kernel load others.
 */
static bool has_rules(int family, const char *table)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	struct ipt_getinfo info = {.valid_hooks = 0};
	socklen_t len = sizeof(info);
	bool asked;

	snprintf(info.name, sizeof(info.name), "%s", table);
	/* IP6T_SO_GET_INFO is the same number. */
	asked = fd >= 0 && getsockopt(fd, family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
				      IPT_SO_GET_INFO, &info, &len) == 0;
	if (fd >= 0)
		close(fd);
	return !asked || info.num_entries > (unsigned)__builtin_popcount(info.valid_hooks) + 1;
}

static bool is_listed(const char *file, const char *table)
{
	struct err ignored;
	char *text = file_text(file, &ignored), *rest = text, *line;
	bool found = false;

	while (!found && (line = strsep(&rest, "\n")))
		found = strcmp(line, table) == 0;
	free(text);
	return found;
}

static void judge(struct check *c, bool ipv4, const char *table)
{
	if (!is_listed(ipv4 ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names", table) ||
	    !has_rules(ipv4 ? AF_INET : AF_INET6, table))
		return;
	finding_add(&c->report, FINDING_NOTICE, "filter.legacy",
		    "A rule of it that copies packets (TEE) or leads them to the WebUI's port is "
		    "not seen here.",
		    "the old iptables has rules for IPv%d in table %s, which are not read: "
		    "ip%stables-legacy-save -t %s shows them",
		    ipv4 ? 4 : 6, table, ipv4 ? "" : "6", table);
}

void check_filter_legacy(struct check *c)
{
	for (int ipv4 = 1; ipv4 >= 0; ipv4--) {
		judge(c, ipv4, "nat");
		judge(c, ipv4, "mangle");
	}
}
