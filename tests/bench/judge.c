// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

#include "policy.h"
#include "scene.h"

#define PATIENCE 10 /* seconds */

static const volatile struct wgf_image *image;
static struct mnl_socket *news;
static int sender;

static struct {
	struct expected e;
	bool wanted; /* set by who waits, cleared by the judge */
	double gone, done;
	sem_t reached;
} j;

double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Where the image is pinned, and how it is mapped: the only place that knows. */
static const volatile struct wgf_image *map_image(const char *fence)
{
	char path[128];
	void *map;
	int fd;

	snprintf(path, sizeof(path), "/sys/fs/bpf/wgfence/%s/image-%d", fence, WGF_LAYOUT);
	fd = bpf_obj_get(path);
	map = fd < 0 ? MAP_FAILED
		     : mmap(NULL, sizeof(struct wgf_image), PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die("%s: %s", path, strerror(errno));
	return map;
}

static bool in_force(const struct expected *e)
{
	const volatile struct wgf_policy *p =
		&image->slots[__atomic_load_n(&image->active, __ATOMIC_ACQUIRE) % WGF_SLOTS];
	bool source = e->source == 0;

	for (u32 i = 0; i < p->n_sources && i < WGF_MAX_SOURCES && !source; i++)
		source = p->sources[i].addr.w[3] == e->source;
	return source && p->tunnels[0] == e->tunnel && p->n_tunnels == e->n_usable;
}

/* From the tunnel's address, whatever the routes would choose; 0, or the errno. */
static int send_one(unsigned source)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9000)};
	char data[64] = {0}, space[CMSG_SPACE(sizeof(struct in_pktinfo))] = {0};
	struct iovec iov = {data, sizeof(data)};
	struct msghdr msg = {.msg_name = &to,
			     .msg_namelen = sizeof(to),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = space,
			     .msg_controllen = sizeof(space)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	struct in_pktinfo info = {.ipi_spec_dst.s_addr = source};

	inet_pton(AF_INET, PEER4, &to.sin_addr);
	*c = (struct cmsghdr){CMSG_LEN(sizeof(info)), IPPROTO_IP, IP_PKTINFO};
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	if (!source)
		msg.msg_controllen = 0;
	return sendmsg(sender, &msg, 0) < 0 ? errno : 0;
}

/* The kernel's news: when the last link went. */
static void read_news(void)
{
	char buf[8192];

	while (recv(mnl_socket_get_fd(news), buf, sizeof(buf), MSG_DONTWAIT) > 0)
		if (((struct nlmsghdr *)(void *)buf)->nlmsg_type == RTM_DELLINK)
			j.gone = now_ms();
}

static void *judge(void *unused)
{
	(void)unused;
	for (;;) {
		bool wanted = __atomic_load_n(&j.wanted, __ATOMIC_ACQUIRE), seen, refused;
		int fate;

		read_news();
		seen = wanted && in_force(&j.e);
		fate = send_one(wanted ? j.e.source : 0);
		if (!wanted || (j.e.since_gone && !j.gone))
			continue;
		/* That a packet passes can be the first sign of it. */
		refused = fate == EPERM || fate == EHOSTUNREACH; /* the fence's table */
		if (j.e.passes ? fate == 0 : seen && refused) {
			j.done = now_ms();
			__atomic_store_n(&j.wanted, false, __ATOMIC_RELEASE);
			sem_post(&j.reached);
		}
	}
	return NULL;
}

void judge_begin(const char *fence)
{
	pthread_t thread;

	image = map_image(fence);
	sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	news = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (sender < 0 || !news || mnl_socket_bind(news, RTMGRP_LINK, MNL_SOCKET_AUTOPID) ||
	    sem_init(&j.reached, 0, 0) || pthread_create(&thread, NULL, judge, NULL))
		die("the judge: %s", strerror(errno));
}

void judge_expect(const struct expected *e)
{
	j.e = *e;
	j.gone = 0;
	__atomic_store_n(&j.wanted, true, __ATOMIC_RELEASE);
}

double judge_wait(double start)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE;
	if (sem_timedwait(&j.reached, &until))
		die("the policy does not follow: wanted tunnel %u, usable %u, packets %s",
		    j.e.tunnel, j.e.n_usable, j.e.passes ? "that pass" : "that do not");
	return j.done - (j.e.since_gone ? j.gone : start);
}
