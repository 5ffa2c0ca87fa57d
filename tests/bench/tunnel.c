// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "scene.h"

#define PREFIX 0x0a620000u /* 10.98.0.0 */

static void control(unsigned long request, void *argument, const char *what)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, request, argument))
		die("%s: %s", what, strerror(errno));
}

static struct ifreq named(const char *name)
{
	struct ifreq ifr = {0};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ifr;
}

void tunnel_up(const char *name, int up)
{
	struct ifreq ifr = named(name);

	ifr.ifr_flags = up ? IFF_UP : 0;
	control(SIOCSIFFLAGS, &ifr, up ? "link up" : "link down");
}

void tunnel_no_addresses(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/addr_gen_mode", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("addr_gen_mode: %s", strerror(errno));
	close(fd);
}

int tunnel_make(const char *name, unsigned index)
{
	struct ifreq ifr = named(name);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	ifr.ifr_flags = IFF_TUN | IFF_NO_PI;
	if (fd < 0 || (index && ioctl(fd, TUNSETIFINDEX, &index)) || ioctl(fd, TUNSETIFF, &ifr))
		die("no TUN device %s: %s", name, strerror(errno));
	tunnel_up(name, 1);
	return fd;
}

void tunnel_rename(const char *from, const char *to)
{
	struct ifreq ifr = named(from);

	snprintf(ifr.ifr_newname, sizeof(ifr.ifr_newname), "%s", to);
	control(SIOCSIFNAME, &ifr, "rename (Linux 6.2 renames links that are up)");
}

void tunnel_route(const char *name, int metric)
{
	char device[IFNAMSIZ];
	struct rtentry route = {
		.rt_flags = RTF_UP, .rt_metric = (short)(metric + 1), .rt_dev = device};

	snprintf(device, sizeof(device), "%s", name);
	route.rt_dst.sa_family = route.rt_genmask.sa_family = AF_INET;
	control(SIOCADDRT, &route, "default route");
}

unsigned tunnel_address(unsigned last)
{
	return htonl(PREFIX + last);
}

static void change_address(const char *name, unsigned last, int type, int flags)
{
	static struct mnl_socket *nl;
	char buf[MNL_NLMSG_HDRLEN + 128] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ssize_t n;

	if (!nl)
		nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	nlh->nlmsg_type = (unsigned short)type;
	nlh->nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
	*ifa = (struct ifaddrmsg){
		.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = if_nametoindex(name)};
	mnl_attr_put_u32(nlh, IFA_LOCAL, tunnel_address(last));
	mnl_attr_put_u32(nlh, IFA_ADDRESS, tunnel_address(last));
	if (!nl || mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("address: %s", strerror(errno));
	n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (n < 0 || mnl_cb_run(buf, (size_t)n, 0, 0, NULL, NULL) < 0)
		die("address: %s", strerror(errno));
}

void tunnel_add_address(const char *name, unsigned last)
{
	change_address(name, last, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
}

void tunnel_remove_address(const char *name, unsigned last)
{
	change_address(name, last, RTM_DELADDR, 0);
}
