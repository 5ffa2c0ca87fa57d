/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of the network tests share: addresses, bytes in hexadecimal, and answers.
 *
 * Owns: reading words of a command line, and counting what became of many sends. Must never know of
 * the fence: these programs show what the kernel does, with it and without it.
 */
#ifndef WGF_TEST_NET_H
#define WGF_TEST_NET_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MAX_ERRNO 160

union address {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

/* What became of each send: how many went through, how many failed, by errno. */
struct tally {
	unsigned long ok, failed[MAX_ERRNO];
};

static inline void tally_add(struct tally *t, ssize_t result)
{
	if (result >= 0)
		t->ok++;
	else
		t->failed[errno > 0 && errno < MAX_ERRNO ? errno : 0]++;
}

static inline void tally_print(const struct tally *t)
{
	printf(" ok=%lu", t->ok);
	for (int i = 0; i < MAX_ERRNO; i++)
		if (t->failed[i])
			printf(" %s=%lu", i ? strerrorname_np(i) : "?", t->failed[i]);
	printf("\n");
}

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

static inline void misuse(const char *usage)
{
	fprintf(stderr, "usage: %s %s\n", program_invocation_short_name, usage);
	exit(2);
}

/*
 * A unix socket: a path with a slash in it, or @ and an abstract name; \xNN is a byte. Exactly as
 * long as that, and as many NULs as `nuls` says.
 */
static inline socklen_t local_read(const char *text, const char *nuls, union address *ret)
{
	char *at = ret->local.sun_path, *end = at + sizeof(ret->local.sun_path);

	ret->local.sun_family = AF_UNIX;
	for (const char *c = text; *c && at < end; c++) {
		unsigned byte = (unsigned char)*c;

		if (sscanf(c, "\\x%2x", &byte) == 1)
			c += 3;
		*at++ = c == text && byte == '@' ? '\0' : (char)byte;
	}
	at += atoi(nuls);
	return (socklen_t)((at < end ? at : end) - (char *)ret);
}

/* "10.0.0.1", "fd00::1", "fe80::1%eth0"; the length of the socket address, or 0. */
static inline socklen_t address_read(const char *text, const char *port, union address *ret)
{
	char copy[128];
	char *scope;

	memset(ret, 0, sizeof(*ret));
	if (strpbrk(text, "/@"))
		return local_read(text, port, ret);
	snprintf(copy, sizeof(copy), "%s", text);
	scope = strchr(copy, '%');
	if (scope)
		*scope++ = '\0';
	if (inet_pton(AF_INET, copy, &ret->v4.sin_addr) == 1) {
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons((in_port_t)atoi(port));
		return sizeof(ret->v4);
	}
	if (inet_pton(AF_INET6, copy, &ret->v6.sin6_addr) == 1) {
		ret->v6.sin6_family = AF_INET6;
		ret->v6.sin6_port = htons((in_port_t)atoi(port));
		ret->v6.sin6_scope_id = scope ? if_nametoindex(scope) : 0;
		return sizeof(ret->v6);
	}
	return 0;
}

static inline socklen_t address_need(const char *text, const char *port, union address *ret)
{
	socklen_t len = address_read(text, port, ret);

	if (!len) {
		fprintf(stderr, "%s: %s is no address\n", program_invocation_short_name, text);
		exit(2);
	}
	return len;
}

/* How many bytes "0a1b..." holds; -1 where it is not hexadecimal or does not fit. */
static inline int hex_read(const char *text, unsigned char *ret, size_t size)
{
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 || n > size)
		return -1;
	for (size_t i = 0; i < n; i++) {
		unsigned byte;

		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return -1;
		ret[i] = (unsigned char)byte;
	}
	return (int)n;
}

#endif
