// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm: datagrams as fast as one processor can send them.
 *
 *   storm one ADDRESS PORT N          all to one place
 *   storm many ADDRESS PORT N         to ever new addresses, counted up from this one
 *   storm SECONDS ADDRESS PORT 0      to one place, for so long
 *
 * Prints what became of them, "ok=N EPERM=N".
 *
 * Owns: the pace, which is none.
 */
#include "net.h"

#include <time.h>

static union address to;
static socklen_t to_len;

static void next_address(void)
{
	if (to.sa.sa_family == AF_INET)
		to.v4.sin_addr.s_addr = htonl(ntohl(to.v4.sin_addr.s_addr) + 1);
	else
		to.v6.sin6_addr.s6_addr32[3] = htonl(ntohl(to.v6.sin6_addr.s6_addr32[3]) + 1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	bool many;
	double end = 0;
	unsigned long n;
	int fd;

	if (argc != 5)
		misuse("one|many|SECONDS ADDRESS PORT N");
	to_len = address_need(argv[2], argv[3], &to);
	many = strcmp(argv[1], "many") == 0;
	n = strtoul(argv[4], NULL, 10);
	if (!n)
		end = now() + strtod(argv[1], NULL);
	fd = socket(to.sa.sa_family, SOCK_DGRAM, 0);
	if (fd < 0)
		die("socket");
	for (unsigned long i = 0; n ? i < n : i % 4096 || now() < end; i++) {
		tally_add(&tally, sendto(fd, "storm", 5, 0, &to.sa, to_len));
		if (many)
			next_address();
	}
	tally_print(&tally);
	return 0;
}
