// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that the attacker builds itself, by whatever hands them to a device.
 *
 * Owns: packet sockets, AF_XDP, PPPoE, tun devices. Mostly it takes capabilities.
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_pppox.h>
#include <linux/if_tun.h>
#include <linux/if_xdp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAME 2048
#define RING  4 /* descriptors of AF_XDP */

static struct sockaddr_ll to_router(int v, unsigned index)
{
	struct sockaddr_ll a = {.sll_family = AF_PACKET, .sll_halen = 6, .sll_ifindex = (int)index};

	a.sll_protocol = htons(v ? ETH_P_IPV6 : ETH_P_IP);
	memcpy(a.sll_addr, world.router_mac, 6);
	return a;
}

/* With a link header; its length. */
static size_t ethernet(unsigned char *ret, int v)
{
	union address from = world.home[v], to = world.past[v];

	memcpy(ret, world.router_mac, 6);
	memcpy(ret + 6, world.home_mac, 6);
	ret[12] = v ? 0x86 : 8;
	ret[13] = v ? 0xdd : 0;
	return 14 + forge(ret + 14, &from, &to);
}

static int packet(int type)
{
	int fd = socket(AF_PACKET, type | SOCK_CLOEXEC, 0);

	step("socket", fd);
	return fd;
}

static void raw(int v)
{
	unsigned char frame[256];
	struct sockaddr_ll to = to_router(v, world.home_index);
	size_t len = ethernet(frame, v);

	step("sendto", sendto(packet(SOCK_RAW), frame, len, 0, (struct sockaddr *)&to, sizeof(to)));
}

static void dgram(int v)
{
	unsigned char frame[256];
	struct sockaddr_ll to = to_router(v, world.home_index);
	size_t len = ethernet(frame, v);

	step("sendto", sendto(packet(SOCK_DGRAM), frame + 14, len - 14, 0, (struct sockaddr *)&to,
			      sizeof(to)));
}

static void bypass(int v)
{
	unsigned char frame[256];
	struct sockaddr_ll to = to_router(v, world.home_index);
	size_t len = ethernet(frame, v);
	int fd = packet(SOCK_RAW), one = 1;

	step("setsockopt", setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)));
	step("sendto", sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)));
}

static void by_ring(int v)
{
	struct tpacket_req req = {
		.tp_block_size = 4096, .tp_block_nr = 1, .tp_frame_size = FRAME, .tp_frame_nr = 2};
	struct sockaddr_ll to = to_router(v, world.home_index);
	struct tpacket_hdr *head;
	int fd = packet(SOCK_RAW);
	unsigned char *map;

	step("setsockopt", setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)));
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!step("mmap", map == MAP_FAILED ? -1 : 0))
		return;
	head = (struct tpacket_hdr *)map;
	head->tp_len = (unsigned)ethernet(map + TPACKET_HDRLEN - sizeof(struct sockaddr_ll), v);
	head->tp_status = TP_STATUS_SEND_REQUEST;
	step("sendto", sendto(fd, NULL, 0, 0, (struct sockaddr *)&to, sizeof(to)));
}

static void into_loopback(int v)
{
	unsigned char frame[256];
	struct sockaddr_ll to = to_router(v, if_nametoindex("lo"));
	size_t len = ethernet(frame, v);

	memset(to.sll_addr, 0, 6);
	step("sendto", sendto(packet(SOCK_DGRAM), frame + 14, len - 14, 0, (struct sockaddr *)&to,
			      sizeof(to)));
}

static void arp(int arg)
{
	struct sockaddr_ll to = to_router(0, world.home_index);
	unsigned char frame[60] = {0};

	(void)arg;
	to.sll_protocol =
		htons(0x88b5); /* for experiments: ARP itself is what a sniffer leaves out */
	memcpy(frame, mark.text, mark.len);
	step("sendto", sendto(packet(SOCK_DGRAM), frame, sizeof(frame), 0, (struct sockaddr *)&to,
			      sizeof(to)));
}

static void *ring_of(int fd, unsigned long long desc, unsigned long long place)
{
	void *p = mmap(NULL, (size_t)desc + RING * sizeof(struct xdp_desc), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, fd, (off_t)place);

	step("mmap", p == MAP_FAILED ? -1 : 0);
	return p == MAP_FAILED ? NULL : p;
}

static void xdp_send(int fd, unsigned char *area)
{
	struct sockaddr_xdp a = {
		.sxdp_family = 44, .sxdp_flags = XDP_COPY, .sxdp_ifindex = world.home_index};
	struct xdp_mmap_offsets off;
	socklen_t len = sizeof(off);
	struct xdp_desc *descs;
	char *tx;

	step("getsockopt", getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &len));
	tx = ring_of(fd, off.tx.desc, XDP_PGOFF_TX_RING);
	if (!tx || !step("bind", bind(fd, (struct sockaddr *)&a, sizeof(a))))
		return;
	descs = (struct xdp_desc *)(tx + off.tx.desc);
	descs[0] = (struct xdp_desc){.addr = 0, .len = (unsigned)ethernet(area, 0)};
	__atomic_store_n((unsigned *)(tx + off.tx.producer), 1, __ATOMIC_RELEASE);
	step("sendto", sendto(fd, NULL, 0, MSG_DONTWAIT, NULL, 0));
}

static void xdp(int arg)
{
	static unsigned char area[4 * 4096] __attribute__((aligned(4096)));
	struct xdp_umem_reg reg = {
		.addr = (unsigned long)area, .len = sizeof(area), .chunk_size = 4096};
	int fd = socket(44, SOCK_RAW, 0), size = RING;

	(void)arg;
	step("socket", fd);
	/* What the kernel knows of umem's description has grown: the first 24 bytes are of the
	 * first. */
	step("setsockopt", setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &reg, 24));
	step("setsockopt", setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &size, sizeof(size)));
	step("setsockopt", setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &size, sizeof(size)));
	if (step("setsockopt", setsockopt(fd, SOL_XDP, XDP_TX_RING, &size, sizeof(size))))
		xdp_send(fd, area);
}

/* A session that nobody has agreed to: what is sent in it is a frame to whatever address. */
static void pppoe(int arg)
{
	struct sockaddr_pppox a = {.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE};
	int fd = socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE);

	(void)arg;
	step("socket", fd);
	a.sa_addr.pppoe.sid = (__be16)htons(7);
	memcpy(a.sa_addr.pppoe.remote, world.router_mac, 6);
	snprintf(a.sa_addr.pppoe.dev, sizeof(a.sa_addr.pppoe.dev), "%s", world.home_if);
	step("connect", connect(fd, (struct sockaddr *)&a, sizeof(a)));
	step("send", send(fd, mark.text, mark.len, 0));
}

static void tun(int flags)
{
	struct ifreq req = {.ifr_flags = (short)(flags | IFF_NO_PI)};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	step("open", fd);
	step("TUNSETIFF", ioctl(fd, TUNSETIFF, &req));
}

#define BOTH(title, function)                                       \
	{.name = (title), .run = (function)},                       \
	{                                                           \
		.name = title ", IPv6", .run = (function), .arg = 1 \
	}

const struct attempt frame_attempts[] = {
	BOTH("AF_PACKET, raw", raw),
	BOTH("AF_PACKET, dgram", dgram),
	BOTH("AF_PACKET, PACKET_TX_RING", by_ring),
	BOTH("AF_PACKET, PACKET_QDISC_BYPASS", bypass),
	{.name = "AF_PACKET, neither IPv4 nor IPv6", .run = arp},
	BOTH("AF_PACKET, into loopback", into_loopback),
	{.name = "AF_XDP", .run = xdp},
	{.name = "AF_PPPOX, PPPoE", .run = pppoe},
	{.name = "a tun device", .run = tun, .arg = IFF_TUN, .unseen = "it is only made"},
	{.name = "a tap device", .run = tun, .arg = IFF_TAP, .unseen = "it is only made"},
	{.name = NULL},
};
