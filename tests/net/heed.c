// SPDX-License-Identifier: GPL-2.0-only
/*
 * heed: what a service tells its manager (sd_notify(3)).
 *
 *   heed PATH
 *
 * Says "ready", then prints each message that comes to the socket PATH, on one line, its own lines
 * separated by blanks.
 */
#include "net.h"

#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char message[4096];
	ssize_t n;
	int fd;

	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path))
		misuse("PATH");
	strcpy(at.sun_path, argv[1]);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die(argv[1]);
	printf("ready\n");
	fflush(stdout);
	while ((n = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		message[n] = '\0';
		for (char *c = message; *c; c++)
			if (*c == '\n')
				*c = ' ';
		printf("%s\n", message);
		fflush(stdout);
	}
	return 0;
}
