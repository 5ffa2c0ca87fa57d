// SPDX-License-Identifier: GPL-2.0-only
/*
 * whose: traffic of which it is known who asked for it.
 *
 *   whose ADDRESS PORT
 *
 * Sends by a socket of each kind, to ports that count up from PORT, and prints for each who made it
 * or connected it last: "KIND PORT PID COMM".
 *
 * Owns: the kinds. Every thread and process here bears another name, so that a record which names
 * whoever happened to run can be told.
 */
#include "net.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static union address to;
static socklen_t to_len;

static void aim(unsigned port)
{
	if (to.sa.sa_family == AF_INET)
		to.v4.sin_port = htons((in_port_t)port);
	else
		to.v6.sin6_port = htons((in_port_t)port);
}

static void name(const char *comm)
{
	prctl(PR_SET_NAME, comm);
}

static void tell(const char *kind, unsigned port)
{
	char comm[16];

	prctl(PR_GET_NAME, comm);
	printf("%s %u %d %s\n", kind, port, getpid(), comm);
	fflush(stdout);
}

static int make(int type)
{
	int fd = socket(to.sa.sa_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

/* Failing is what is wanted. */
static void send_to(int fd)
{
	if (sendto(fd, "whose", 5, 0, &to.sa, to_len) >= 0)
		fprintf(stderr, "whose: it was let out\n");
}

static void udp(unsigned port)
{
	aim(port);
	name("w-udp");
	tell("udp", port);
	send_to(make(SOCK_DGRAM));
}

/* The SYN, and its repetitions, which are the kernel's own timer's. */
static void tcp(unsigned port)
{
	int fd;

	aim(port);
	name("w-tcp");
	tell("tcp", port);
	fd = make(SOCK_STREAM);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, &to.sa, to_len) == 0)
		fprintf(stderr, "whose: it was let out\n");
}

static void forked(unsigned port)
{
	pid_t child;

	aim(port);
	name("w-parent");
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		name("w-child");
		tell("forked", port);
		send_to(make(SOCK_DGRAM));
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

/* A socket that the parent made and the child connects. */
static void handed_down(unsigned port)
{
	int fd = make(SOCK_DGRAM);
	pid_t child;

	aim(port);
	name("w-maker");
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		name("w-heir");
		tell("handed_down", port);
		if (connect(fd, &to.sa, to_len) || send(fd, "whose", 5, 0) >= 0)
			fprintf(stderr, "whose: it was let out\n");
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void *in_thread(void *port)
{
	name("w-thread");
	tell("thread", *(unsigned *)port);
	send_to(make(SOCK_DGRAM));
	return NULL;
}

static void threaded(unsigned port)
{
	pthread_t thread;

	aim(port);
	name("w-leader");
	if (pthread_create(&thread, NULL, in_thread, &port))
		die("thread");
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	static void (*const kinds[])(unsigned) = {udp, tcp, forked, handed_down, threaded};
	unsigned port;

	if (argc != 3)
		misuse("ADDRESS PORT");
	to_len = address_need(argv[1], argv[2], &to);
	port = (unsigned)atoi(argv[2]);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		kinds[i](port + i);
	name("whose");
	sleep(4); /* the SYN is repeated after one second and after three */
	return 0;
}
