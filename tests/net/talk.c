// SPDX-License-Identifier: GPL-2.0-only
/*
 * talk: sockets, moved word by word.
 *
 *   talk 'socket 4 dgram; sendto 192.0.2.1 53 3 32'
 *   talk < FIFO        a command line at a time, sockets kept in between
 *
 * Each command answers with one line, "NAME ok" or "NAME ERRNO", those that send with how many went
 * through and how many failed ("sendto ok=0 EPERM=3"); each line from standard input ends with a
 * line ".". So a test can make a socket before the fence and use it after.
 *
 * Owns: the table of commands. Options by name are in options.h. Never waits for something that
 * might not come for longer than WAIT_MS.
 */
#include "net.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <unistd.h>

#include "frames.h"
#include "options.h"
#include "ring.h"

#define WAIT_MS	 10000
#define SLOTS	 16
#define MAX_ARGS 8
#define MAX_SIZE 65536

static struct talker slots[SLOTS];
static struct talker *now = slots; /* the one in use */
static struct {
	unsigned char bytes[512] __attribute__((aligned(8)));
	size_t len;
} aux; /* ancillary data of the sends that follow */

static int use(char **args)
{
	now = &slots[(unsigned)atoi(args[0]) % SLOTS];
	return 0;
}

static int make(char **args)
{
	int proto = args[2] ? atoi(args[2]) : 0;

	if (now->fd > 0)
		close(now->fd);
	now->family = strcmp(args[0], "6") == 0	     ? AF_INET6
		      : strcmp(args[0], "unix") == 0 ? AF_UNIX
						     : AF_INET;
	now->type = strcmp(args[1], "stream") == 0  ? SOCK_STREAM
		    : strcmp(args[1], "dgram") == 0 ? SOCK_DGRAM
		    : strcmp(args[1], "seq") == 0   ? SOCK_SEQPACKET
						    : SOCK_RAW;
	now->fd = socket(now->family, now->type | SOCK_NONBLOCK, proto);
	return now->fd;
}

static int finish_close(char **args)
{
	int ret = close(now->fd);

	(void)args;
	now->fd = -1;
	return ret;
}

static int do_bind(char **args)
{
	union address a;
	socklen_t len = address_need(args[0], args[1], &a);
	int one = 1;

	setsockopt(now->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return bind(now->fd, &a.sa, len);
}

/* Begins only: what comes of it is for `finish` to say. */
static int do_connect(char **args)
{
	union address a;
	socklen_t len = address_need(args[0], args[1], &a);
	int ret = connect(now->fd, &a.sa, len);

	return ret && errno == EINPROGRESS ? 0 : ret;
}

static int uring_connect(char **args)
{
	union address a;
	socklen_t len = address_need(args[0], args[1], &a);

	return (int)by_ring(&(struct io_uring_sqe){
		.opcode = IORING_OP_CONNECT, .fd = now->fd, .addr = (unsigned long)&a, .off = len});
}

/* To the first, whatever comes of it, and at once to the second: what the kernel's copy of an
 * address has behind its end is then the rest of the first. */
static int connect_after(char **args)
{
	union address a, b;
	socklen_t len_a = address_need(args[0], args[1], &a);
	socklen_t len_b = address_need(args[2], args[3], &b);

	(void)connect(now->fd, &a.sa, len_a);
	return connect(now->fd, &b.sa, len_b);
}

/* Two sockets connected to each other; a byte from one to the other. */
static int pair(char **args)
{
	int fds[2], ret;
	char byte = 0;

	(void)args;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds))
		return -1;
	ret = send(fds[0], &byte, 1, 0) == 1 && recv(fds[1], &byte, 1, 0) == 1 ? 0 : -1;
	close(fds[0]);
	close(fds[1]);
	return ret;
}

static int change_directory(char **args)
{
	return chdir(args[0]);
}

/* Back to an unconnected socket, and no retransmissions. */
static int disconnect(char **args)
{
	struct sockaddr unspecified = {.sa_family = AF_UNSPEC};

	(void)args;
	return connect(now->fd, &unspecified, sizeof(unspecified));
}

static int await(short events)
{
	struct pollfd p = {.fd = now->fd, .events = events};
	int n = poll(&p, 1, WAIT_MS);

	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0 ? 0 : -1;
}

static int finish(char **args)
{
	socklen_t len = sizeof(int);
	int err = 0;

	(void)args;
	if (await(POLLOUT) || getsockopt(now->fd, SOL_SOCKET, SO_ERROR, &err, &len))
		return -1;
	errno = err;
	return err ? -1 : 0;
}

static int do_listen(char **args)
{
	(void)args;
	return listen(now->fd, 16);
}

/* The connection goes to the slot named. */
static int do_accept(char **args)
{
	struct talker *to = &slots[(unsigned)atoi(args[0]) % SLOTS];

	if (await(POLLIN))
		return -1;
	*to = *now;
	to->fd = accept4(now->fd, NULL, NULL, SOCK_NONBLOCK);
	return to->fd;
}

static int set(char **args)
{
	return option_set(now, args[0], args[1]);
}

static int join(char **args)
{
	return option_join(now, args[0], args[1], args[2]);
}

static int device(char **args)
{
	return setsockopt(now->fd, SOL_SOCKET, SO_BINDTODEVICE, args[0],
			  (socklen_t)strlen(args[0]));
}

/* Ancillary data: "off", an option's name and its bytes, or "source" and an address. */
static int ancillary(char **args)
{
	aux.len = 0;
	if (strcmp(args[0], "off") == 0)
		return 0;
	aux.len = option_ancillary(now, args[0], args[1], aux.bytes, sizeof(aux.bytes));
	errno = EINVAL;
	return aux.len ? 0 : -1;
}

static ssize_t send_one(const union address *to, socklen_t to_len, const void *data, size_t size)
{
	struct iovec iov = {(void *)(unsigned long)data, size};
	struct msghdr msg = {
		.msg_name = to_len ? (void *)(unsigned long)to : NULL,
		.msg_namelen = to_len,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = aux.len ? aux.bytes : NULL,
		.msg_controllen = aux.len,
	};

	return sendmsg(now->fd, &msg, MSG_NOSIGNAL);
}

static int send_many(const union address *to, socklen_t to_len, const char *count, const char *size)
{
	static unsigned char data[MAX_SIZE];
	struct tally t = {0};

	for (int i = atoi(count); i > 0; i--)
		tally_add(&t, send_one(to, to_len, data, (size_t)atoi(size) % MAX_SIZE));
	tally_print(&t);
	return 1;
}

static int do_send(char **args)
{
	return send_many(NULL, 0, args[0], args[1]);
}

static int do_sendto(char **args)
{
	union address a;
	socklen_t len = address_need(args[0], args[1], &a);

	return send_many(&a, len, args[2], args[3]);
}

/* Fast open: connects and sends in one call. */
static int fastopen(char **args)
{
	union address a;
	socklen_t len = address_need(args[0], args[1], &a);
	ssize_t n = sendto(now->fd, "fast", 4, MSG_FASTOPEN | MSG_NOSIGNAL, &a.sa, len);

	return n >= 0 || errno == EINPROGRESS ? 0 : -1;
}

/* Bytes as they are (of a raw socket: the packet, or what follows the header), to an address. */
static int packet(char **args)
{
	unsigned char data[4096];
	int len = hex_read(args[1], data, sizeof(data));
	struct tally t = {0};
	union address a;
	socklen_t to_len = address_need(args[0], "0", &a);

	errno = EINVAL;
	if (len < 0)
		return -1;
	for (int i = args[2] ? atoi(args[2]) : 1; i > 0; i--)
		tally_add(&t, send_one(&a, to_len, data, (size_t)len));
	tally_print(&t);
	return 1;
}

static int frames(char **args)
{
	return now->fd = frames_by(args);
}

static int session(char **args)
{
	return now->fd = frames_in_session(args);
}

/* Bytes as they are by that socket, as often. */
static int frame(char **args)
{
	unsigned char data[2048];
	int len = hex_read(args[0], data, sizeof(data));
	struct tally t = {0};

	errno = EINVAL;
	if (len < 0)
		return -1;
	for (int i = atoi(args[1]); i > 0; i--)
		tally_add(&t, sendto(now->fd, data, (size_t)len, 0, (struct sockaddr *)&frames_to,
				     sizeof(frames_to)));
	tally_print(&t);
	return 1;
}

/* Waits for that many messages. */
static int receive(char **args)
{
	static unsigned char data[MAX_SIZE];
	struct tally t = {0};

	for (int i = atoi(args[0]); i > 0 && await(POLLIN) == 0; i--)
		tally_add(&t, recv(now->fd, data, sizeof(data), 0));
	tally_print(&t);
	return 1;
}

/* What is there now, without waiting: messages, or of a listening socket connections. */
static int drain(char **args)
{
	static unsigned char data[MAX_SIZE];
	socklen_t len = sizeof(int);
	struct tally t = {0};
	int listens = 0, fd;

	(void)args;
	getsockopt(now->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len);
	while (listens && (fd = accept(now->fd, NULL, NULL)) >= 0) {
		t.ok++;
		close(fd);
	}
	while (recv(now->fd, data, sizeof(data), MSG_DONTWAIT) > 0)
		t.ok++;
	tally_print(&t);
	return 1;
}

// clang-format off
static const struct command {
	const char *name;
	int args;                /* at least */
	int (*run)(char **args); /* negative: errno; 1: has answered itself */
} commands[] = {
	{"use", 1, use},           {"socket", 2, make},            {"close", 0, finish_close},
	{"bind", 2, do_bind},      {"connect", 2, do_connect},     {"finish", 0, finish},
	{"listen", 0, do_listen},  {"accept", 1, do_accept},       {"disconnect", 0, disconnect},
	{"set", 2, set},           {"join", 3, join},              {"device", 1, device},
	{"aux", 1, ancillary},     {"send", 2, do_send},           {"sendto", 4, do_sendto},
	{"packet", 2, packet},     {"fastopen", 2, fastopen},      {"recv", 1, receive},
	{"drain", 0, drain},       {"uring", 2, uring_connect},    {"pair", 0, pair},
	{"cd", 1, change_directory}, {"after", 4, connect_after},  {"frames", 4, frames},  {"frame", 2, frame},
	{"session", 2, session},
};
// clang-format on

static void run_command(char *text)
{
	char *args[MAX_ARGS + 1] = {0}, *save = NULL, *name = strtok_r(text, " \t\n", &save);
	int n = 0, result;

	if (!name)
		return;
	while (n < MAX_ARGS && (args[n] = strtok_r(NULL, " \t\n", &save)))
		n++;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(name, commands[i].name) != 0 || n < commands[i].args)
			continue;
		printf("%s", name);
		result = commands[i].run(args);
		if (result != 1)
			printf(" %s\n", result < 0 ? strerrorname_np(errno) : "ok");
		return;
	}
	printf("%s UNKNOWN\n", name);
}

static void run_line(char *line)
{
	char *save = NULL;

	for (char *c = strtok_r(line, ";", &save); c; c = strtok_r(NULL, ";", &save))
		run_command(c);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;

	for (int i = 1; i < argc; i++)
		run_line(argv[i]);
	while (argc == 1 && getline(&line, &room, stdin) > 0) {
		run_line(line);
		printf(".\n");
		fflush(stdout);
	}
	free(line);
	return 0;
}
