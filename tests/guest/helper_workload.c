// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function in one file without libraries, in C, that does what a program in Go
 * does: it looks at the machine as that runtime would, reads its own code, writes a
 * file, and answers a request in a thread that waits with epoll. With an argument it
 * also executes a program.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define REQUEST	"GET /question HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define ANSWER	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

/* What may be missing, and may be read where it is there. */
static const char *const looked_at[] = {
	"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
	"/proc/self/maps", "/proc/sys/net/core/somaxconn", "/etc/localtime",
	"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/dev/urandom",
};

static void check(int ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void look(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	check(fd >= 0 || errno == ENOENT, path);
	if (fd >= 0)
		close(fd);
}

static void read_code(void)
{
	char magic[4];
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	check(read(fd, magic, 4) == 4 && !memcmp(magic, "\177ELF", 4), "code");
	close(fd);
}

static void write_file(void)
{
	char path[] = "/tmp/workload-XXXXXX";
	int fd = mkstemp(path);

	check(write(fd, "{}", 2) == 2 && !unlink(path), "file");
	close(fd);
}

static int listener(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	check(!bind(fd, (struct sockaddr *)address, sizeof(*address)) &&
	      !listen(fd, 8), "listen");
	return fd;
}

static void *answer(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC), fd = *(int *)arg, peer;
	char text[256];

	check(!epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) &&
	      epoll_wait(epoll, &event, 1, -1) == 1, "epoll");
	peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	check(read(peer, text, sizeof(text)) == sizeof(REQUEST) - 1 &&
	      write(peer, ANSWER, sizeof(ANSWER) - 1) > 0, "answer");
	close(peer);
	close(epoll);
	return NULL;
}

static void request(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(8080),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int server = listener(&address);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[256];
	pthread_t thread;

	check(!pthread_create(&thread, NULL, answer, &server), "thread");
	check(!connect(client, (struct sockaddr *)&address, sizeof(address)) &&
	      write(client, REQUEST, sizeof(REQUEST) - 1) > 0 &&
	      read(client, text, sizeof(text)) > 0, "request");
	pthread_join(thread, NULL);
	close(client);
	close(server);
}

int main(int argc, char **argv)
{
	size_t i;

	(void)argv;
	for (i = 0; i < sizeof(looked_at) / sizeof(looked_at[0]); i++)
		look(looked_at[i]);
	read_code();
	write_file();
	request();
	if (argc > 1)
		execl("/usr/bin/echo", "echo", "misbehaved", NULL);
	puts("done");
	return 0;
}
