// SPDX-License-Identifier: GPL-2.0-only
/*
 * sniff: every packet that passes some interfaces, whoever sent it.
 *
 *   sniff LOG LABEL=NETNS:INTERFACE:out|in ... [ours=ADDRESS:PORT]
 *
 * Listens on all of them at once (out: what leaves by the interface; in: what arrives), writes a
 * line a packet to LOG, and answers commands from standard input with one line:
 *   peek     how many packets each label saw, as "LABEL=N ...", labels that saw none left out
 *   count    the same, and begins anew at 0
 *   lost     packets lost because the test was too slow to read them (must stay 0)
 * A tap is called before the sender's call returns, so that `count` after a send misses nothing.
 *
 * Owns: what counts as a packet, and it is everything but this, which the kernel sends by itself in
 * any namespace: ARP, neighbour discovery, MLD reports of solicited-node groups (part of neighbour
 * discovery too); and the tunnel's own outer packets, which are UDP from `ours`, and what the
 * kernel says of one that came for them when the tunnel was not there: that the port is closed.
 */
#include "net.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "dissect.h"

#define MAX_TAPS	 16
#define ICMP_UNREACHABLE 3
#define ICMP_PORT	 3

struct tap {
	char label[32];
	int fd;
	bool out;
	unsigned long seen;
};

static struct tap taps[MAX_TAPS];
static int n_taps;
static union address ours;
static FILE *logfile;

static void enter(const char *netns)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static void add_tap(const char *text)
{
	struct sockaddr_ll sll = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	char netns[64], ifname[IFNAMSIZ], direction[4];
	struct tap *tap = &taps[n_taps++];
	int bytes = 64 << 20;

	if (n_taps > MAX_TAPS ||
	    sscanf(text, "%31[^=]=%63[^:]:%15[^:]:%3s", tap->label, netns, ifname, direction) != 4)
		misuse("LOG LABEL=NETNS:INTERFACE:out|in ... [ours=ADDRESS:PORT]");
	tap->out = strcmp(direction, "out") == 0;
	enter(netns);
	/* Protocol 0 until bound: a socket for ETH_P_ALL would hear every interface at first. */
	tap->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	sll.sll_ifindex = (int)if_nametoindex(ifname);
	if (tap->fd < 0 || !sll.sll_ifindex)
		die(text);
	setsockopt(tap->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (bind(tap->fd, (struct sockaddr *)&sll, sizeof(sll)))
		die(text);
}

static bool is_ours(const struct dissected *d)
{
	return ours.sa.sa_family == AF_INET && d->family == AF_INET && d->proto == IPPROTO_UDP &&
	       memcmp(d->from, &ours.v4.sin_addr, 4) == 0 &&
	       d->from_port == ntohs(ours.v4.sin_port);
}

static bool says_ours_is_closed(const struct dissected *d, const unsigned char *bytes, size_t len)
{
	const unsigned char *icmp = bytes + 20, *quoted = icmp + 8;

	return ours.sa.sa_family == AF_INET && d->family == AF_INET && d->proto == IPPROTO_ICMP &&
	       memcmp(d->from, &ours.v4.sin_addr, 4) == 0 && len >= 20 + 8 + 20 + 8 &&
	       bytes[0] == 0x45 && icmp[0] == ICMP_UNREACHABLE && icmp[1] == ICMP_PORT &&
	       quoted[0] == 0x45 && quoted[9] == IPPROTO_UDP &&
	       memcmp(quoted + 16, &ours.v4.sin_addr, 4) == 0 &&
	       dissect16(quoted + 22) == ntohs(ours.v4.sin_port);
}

static void take(struct tap *tap)
{
	unsigned char bytes[256];
	struct sockaddr_ll sll;
	struct dissected d;
	size_t len;
	ssize_t n;

	for (;;) {
		socklen_t size = sizeof(sll);

		n = recvfrom(tap->fd, bytes, sizeof(bytes), MSG_TRUNC, (struct sockaddr *)&sll,
			     &size);
		if (n < 0 && errno == ENETDOWN)
			continue; /* said once: the interface went down */
		if (n < 0)
			return;
		if ((sll.sll_pkttype == PACKET_OUTGOING) != tap->out)
			continue;
		len = (size_t)n < sizeof(bytes) ? (size_t)n : sizeof(bytes);
		dissect(ntohs(sll.sll_protocol), bytes, len, &d);
		if (d.noise || is_ours(&d) || says_ours_is_closed(&d, bytes, len))
			continue;
		tap->seen++;
		fprintf(logfile, "%s ", tap->label);
		dissect_print(logfile, &d, (size_t)n);
	}
}

static void take_all(void)
{
	for (int i = 0; i < n_taps; i++)
		take(&taps[i]);
}

static void answer_counts(bool anew)
{
	const char *blank = "";

	for (int i = 0; i < n_taps; i++) {
		if (taps[i].seen) {
			printf("%s%s=%lu", blank, taps[i].label, taps[i].seen);
			blank = " ";
		}
		if (anew)
			taps[i].seen = 0;
	}
	printf("\n");
	if (anew)
		fprintf(logfile, "--\n");
}

static void answer_lost(void)
{
	struct tpacket_stats stats;
	unsigned long lost = 0;

	for (int i = 0; i < n_taps; i++) {
		socklen_t len = sizeof(stats);

		if (getsockopt(taps[i].fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
			die("PACKET_STATISTICS");
		lost += stats.tp_drops;
	}
	printf("%lu\n", lost);
}

/* False at the end of the input. */
static bool obey(void)
{
	char line[32];

	if (!fgets(line, sizeof(line), stdin))
		return false;
	take_all();
	if (strncmp(line, "lost", 4) == 0)
		answer_lost();
	else
		answer_counts(strncmp(line, "count", 5) == 0);
	fflush(logfile);
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd polled[MAX_TAPS + 1];
	char address[64], port[8];

	logfile = argc > 2 ? fopen(argv[1], "we") : NULL;
	if (!logfile)
		misuse("LOG LABEL=NETNS:INTERFACE:out|in ... [ours=ADDRESS:PORT]");
	for (int i = 2; i < argc; i++) {
		if (sscanf(argv[i], "ours=%63[^:]:%7s", address, port) == 2)
			address_need(address, port, &ours);
		else
			add_tap(argv[i]);
	}
	printf("ready\n");
	fflush(stdout);
	setvbuf(stdin, NULL, _IONBF, 0); /* or poll would not see what stdio has read ahead */
	for (;;) {
		for (int i = 0; i < n_taps; i++)
			polled[i] = (struct pollfd){.fd = taps[i].fd, .events = POLLIN};
		polled[n_taps] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
		if (poll(polled, (nfds_t)n_taps + 1, -1) < 0)
			die("poll");
		take_all();
		if (polled[n_taps].revents && !obey())
			return 0;
	}
}
