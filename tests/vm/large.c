// SPDX-License-Identifier: GPL-2.0-only
/*
 * large: socket options larger than the page that a setsockopt program is shown.
 *
 *   large SIZE      answers a line each: "NAME ok" or "NAME ERRNO"
 *
 * Owns: the list: options of which the kernel reads the front and lets the rest be. (5.10 fails
 * any larger than a page with EFAULT, unless the program says that it did not touch it.)
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct option {
	const char *name;
	int type, level, number;
	const char *value; /* what it starts with; zeroes follow */
} options[] = {
	{"TCP_CONGESTION", SOCK_STREAM, IPPROTO_TCP, TCP_CONGESTION, "reno"},
	{"SO_BINDTODEVICE", SOCK_DGRAM, SOL_SOCKET, SO_BINDTODEVICE, "lo"},
	{"IP_MULTICAST_IF", SOCK_DGRAM, IPPROTO_IP, IP_MULTICAST_IF, ""},
};

int main(int argc, char **argv)
{
	size_t size = argc == 2 ? (size_t)atol(argv[1]) : 0;
	char *value = size >= 16 ? calloc(1, size + 1) : NULL;

	if (!value) {
		fprintf(stderr, "usage: large SIZE\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const struct option *o = &options[i];
		int fd = socket(AF_INET, o->type, 0), failed;

		memset(value, 0, size);
		memcpy(value, o->value, strlen(o->value));
		failed = fd < 0 || setsockopt(fd, o->level, o->number, value, (socklen_t)size);
		printf("%s %s\n", o->name, failed ? strerrorname_np(errno) : "ok");
	}
	free(value);
	return 0;
}
