// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reasons, hooks and families as words.
 *
 * Owns: the tables made from include/reasons.h. Must never hold a reason that is written by hand.
 */
#include "words.h"

#include <string.h>

/* What the columns of WGF_REASONS mean here. */
enum { DROP, ALLOW };
enum {
	E = 1 << WGF_EGRESS,
	I = 1 << WGF_INGRESS,
	C = 1 << WGF_CONNECT,
	B = 1 << WGF_BIND,
	S = 1 << WGF_SOCK_CREATE,
	O = 1 << WGF_SETSOCKOPT,
	U = 1 << WGF_UNIX,
	G = 1 << WGF_GUARD,
};

const struct reason reasons[WGF_N_REASONS] = {
// clang-format off
#define X(name, label, kind, where, text, sentence)                                                \
	[WGF_##name] = {#name, label, text, sentence, (kind) == ALLOW, where},
	WGF_REASONS(X)
#undef X
	// clang-format on
};

const char *hook_label(enum wgf_hook hook)
{
	static const char *const labels[WGF_N_HOOKS] = {
		[WGF_EGRESS] = "egress",      [WGF_INGRESS] = "ingress",
		[WGF_CONNECT] = "connect",    [WGF_BIND] = "bind",
		[WGF_SOCK_CREATE] = "socket", [WGF_SETSOCKOPT] = "setsockopt",
		[WGF_UNIX] = "unix",	      [WGF_GUARD] = "guard",
	};

	return labels[hook];
}

const char *family_label(enum wgf_family family)
{
	static const char *const labels[WGF_N_FAMILIES] = {
		[WGF_FAMILY_UNKNOWN] = "unknown",
		[WGF_IPV4] = "ipv4",
		[WGF_IPV6] = "ipv6",
	};

	return labels[family];
}

const char *family_label_at(enum wgf_hook hook, enum wgf_family family)
{
	return hook == WGF_UNIX && family == WGF_FAMILY_UNKNOWN ? "unix" : family_label(family);
}

int hook_by_label(const char *label)
{
	for (int i = 0; i < WGF_N_HOOKS; i++)
		if (strcmp(label, hook_label(i)) == 0)
			return i;
	return -1;
}

int family_by_label(const char *label)
{
	if (strcmp(label, family_label_at(WGF_UNIX, WGF_FAMILY_UNKNOWN)) == 0)
		return WGF_FAMILY_UNKNOWN;
	for (int i = 0; i < WGF_N_FAMILIES; i++)
		if (strcmp(label, family_label(i)) == 0)
			return i;
	return -1;
}

int reason_by_label(const char *label)
{
	for (int i = 0; i < WGF_N_REASONS; i++)
		if (strcmp(label, reasons[i].label) == 0)
			return i;
	return -1;
}

bool hook_is_packet(enum wgf_hook hook)
{
	return hook == WGF_EGRESS || hook == WGF_INGRESS || hook == WGF_GUARD;
}

bool reason_has_family(enum wgf_reason reason, enum wgf_hook hook, enum wgf_family family)
{
	bool neither = hook == WGF_UNIX || (hook == WGF_SETSOCKOPT && reason == WGF_PACKET_SOCKET);

	return neither == (family == WGF_FAMILY_UNKNOWN);
}
