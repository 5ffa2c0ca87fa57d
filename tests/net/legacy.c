// SPDX-License-Identifier: GPL-2.0-only
/*
 * legacy: a rule of the old iptables, which Debian's iptables does not make any more.
 *
 *   legacy add     table nat of IPv4 accepts everything, and begins with a rule
 *   legacy flush   without the rule, as the kernel makes it
 *
 * Owns: the form of that table: an entry that accepts for each of its four hooks, and one that ends
 * it.
 */
// clang-format off
#include "net.h" // before the kernel's, which then leave out what is in it
// clang-format on
#include <linux/netfilter_ipv4/ip_tables.h>

#define ACCEPT (-NF_ACCEPT - 1) /* as a rule has it */
#define HOOKS  4		/* PREROUTING, INPUT, OUTPUT, POSTROUTING */

static const unsigned hooks[HOOKS] = {NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_LOCAL_OUT,
				      NF_INET_POST_ROUTING};

struct rule {
	struct ipt_entry entry;
	struct xt_standard_target target;
};

struct end {
	struct ipt_entry entry;
	struct xt_error_target target;
};

struct table {
	struct ipt_replace head;
	struct rule accept[HOOKS + 1]; /* the last one only with a rule */
};

static struct rule accepts(void)
{
	return (struct rule){
		.entry = {.target_offset = sizeof(struct ipt_entry),
			  .next_offset = sizeof(struct rule)},
		.target = {.target.u.user.target_size = sizeof(struct xt_standard_target),
			   .verdict = ACCEPT},
	};
}

static struct end ends(void)
{
	return (struct end){
		.entry = {.target_offset = sizeof(struct ipt_entry),
			  .next_offset = sizeof(struct end)},
		.target = {.target.u.user = {.target_size = sizeof(struct xt_error_target),
					     .name = XT_ERROR_TARGET},
			   .errorname = "ERROR"},
	};
}

int main(int argc, char **argv)
{
	static char bytes[sizeof(struct table) + sizeof(struct end)];
	static struct xt_counters counters[64];
	struct table *t = (struct table *)(void *)bytes;
	struct ipt_getinfo info = {.name = "nat"};
	socklen_t len = sizeof(info);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	unsigned rule = argc == 2 && strcmp(argv[1], "add") == 0, n = HOOKS + rule;
	struct end end = ends();
	size_t size = n * sizeof(*t->accept) + sizeof(end);

	if (argc != 2 || (!rule && strcmp(argv[1], "flush") != 0))
		misuse("add | flush");
	if (fd < 0 || getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &len) ||
	    info.num_entries > 64)
		die("nat");
	t->head = (struct ipt_replace){.name = "nat",
				       .valid_hooks = info.valid_hooks,
				       .num_entries = n + 1,
				       .size = (unsigned)size,
				       .num_counters = info.num_entries,
				       .counters = counters};
	for (unsigned i = 0; i < n; i++)
		t->accept[i] = accepts();
	memcpy(&t->accept[n], &end, sizeof(end));
	/* The rule is the first of the first hook's; each hook's last entry is its policy. */
	for (unsigned i = 0; i < HOOKS; i++) {
		t->head.hook_entry[hooks[i]] = (i ? i + rule : 0) * (unsigned)sizeof(*t->accept);
		t->head.underflow[hooks[i]] = (i + rule) * (unsigned)sizeof(*t->accept);
	}
	if (setsockopt(fd, IPPROTO_IP, IPT_SO_SET_REPLACE, t, (socklen_t)(sizeof(t->head) + size)))
		die("the table");
	return 0;
}
