// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a call is about changes while it is judged: a thread of the function swaps
 * the name or address in its memory, or the link that is followed, thousands of
 * times. What is refused is never reached, and what is allowed stays allowed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "expect.h"
#include "net.h"

#define ROUNDS		2000
#define GOOD_PORT	8001
#define BAD_PORT	8002

#define SWAP_POLICY							\
	"policy: swap\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/no\", deny: [read] }\n"		\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { allow: { to: [127.0.0.1], ports: [8001] } }\n"		\
	"listen: { default: deny, allow: [8001] }\n"			\
	"unix:\n"							\
	"  default: deny\n"						\
	"  allow: [\"host:" WORK "/ok.sock\"]\n"

/**
 * struct tally - what came of all rounds
 * @good: what is allowed was reached
 * @bad: what is refused was reached
 * @neither: it failed
 */
struct tally {
	u32 good;
	u32 bad;
	u32 neither;
};

/* Shared with the function. */
static struct tally *tally;

/* What the two threads share. */
static atomic_bool over;
static union {
	char name[32];
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_un local;
} asked;

/* Each is swapped by a single store, so that there is no third one. */
static void swap_name(bool good)
{
	memcpy(asked.name, good ? "ok" : "no", 2);
}

/* Its own, and one that nothing may be sent to. */
static void swap_address(bool good)
{
	asked.v4.sin_port = htons(GOOD_PORT);
	asked.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (good ? 0 : 8));
}

static void swap_port(bool good)
{
	asked.v4.sin_port = htons(good ? GOOD_PORT : BAD_PORT);
}

static void swap_peer(bool good)
{
	memcpy(asked.local.sun_path, good ? "ok" : "no", 2);
}

static void swap_link(bool good)
{
	if (symlink(good ? "ok" : "no", "new") || rename("new", "link"))
		die("the link is not swapped");
}

static void *swap_on(void *arg)
{
	void (*swap)(bool good) = arg;
	bool good = false;

	while (!atomic_load(&over)) {
		good = !good;
		swap(good);
		/* The first and the last are not to be the same. */
		sched_yield();
	}
	return NULL;
}

static ino_t inode_of(const char *name)
{
	struct stat stat;

	if (lstat(name, &stat))
		die("there is no %s", name);
	return stat.st_ino;
}

static void count_file(int fd)
{
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat)) {
		tally->neither++;
		return;
	}
	if (stat.st_ino == inode_of("no"))
		tally->bad++;
	else
		tally->good++;
	close(fd);
}

static void open_asked(void)
{
	count_file(open(asked.name, O_RDONLY | O_CLOEXEC));
}

static void open_link(void)
{
	count_file(open("link", O_RDONLY | O_CLOEXEC));
}

static void count_port(int fd, int err,
		       int (*get)(int fd, struct sockaddr *address,
				  socklen_t *size))
{
	struct sockaddr_in address = { 0 };
	socklen_t size = sizeof(address);

	if (err || get(fd, (struct sockaddr *)&address, &size))
		tally->neither++;
	else if (address.sin_port == htons(BAD_PORT) ||
		 address.sin_addr.s_addr == htonl(INADDR_LOOPBACK + 8))
		tally->bad++;
	else
		tally->good++;
	close(fd);
}

static void connect_asked(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	count_port(fd, connect(fd, &asked.any, sizeof(asked.v4)), getpeername);
}

/* Where it has gone, whoever has received it will tell. */
static void send_asked(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sendto(fd, "?", 1, 0, &asked.any, sizeof(asked.v4)) != 1)
		tally->neither++;
	close(fd);
}

static void bind_asked(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	count_port(fd, bind(fd, &asked.any, sizeof(asked.v4)), getsockname);
}

static void call_asked(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sendto(fd, "?", 1, 0, &asked.any, sizeof(asked.local)) != 1)
		tally->neither++;
	close(fd);
}

/**
 * struct swap - something to swap, and what is done with it
 * @swap: makes it the good or the bad one
 * @once: tries to reach it
 * @family: of an address, or 0
 */
struct swap {
	void (*swap)(bool good);
	void (*once)(void);
	int family;
};

static void prepare(const void *arg)
{
	const struct swap *swap = arg;

	memset(&asked, 0, sizeof(asked));
	asked.any.sa_family = swap->family;
	if (swap->family == AF_INET)
		asked.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (swap->family == AF_UNIX)
		strcpy(asked.local.sun_path, "ok.sock");
	swap->swap(true);
}

static int swap_all(const void *arg)
{
	const struct swap *swap = arg;
	u32 rounds = ROUNDS / patience();
	pthread_t swapper;

	atomic_store(&over, false);
	if (pthread_create(&swapper, NULL, swap_on, swap->swap))
		die("no thread");
	while (rounds--)
		swap->once();
	atomic_store(&over, true);
	pthread_join(swapper, NULL);
	return 0;
}

/* Takes what has arrived, in the background of the function. */
struct ear {
	int good;
	int bad;
	pthread_t thread;
	atomic_bool over;
};

static void hear(int fd, u32 *count)
{
	char byte;

	while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
		(*count)++;
}

static void *hear_all(void *arg)
{
	struct ear *ear = arg;
	bool last;

	do {
		last = atomic_load(&ear->over);
		hear(ear->good, &tally->good);
		hear(ear->bad, &tally->bad);
		sched_yield();
	} while (!last);
	return NULL;
}

static int ear_inet(u16 port)
{
	const struct target target = { .address = "127.0.0.1", .port = port };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage address;
	socklen_t size = target_address(&target, &address);

	if (bind(fd, (struct sockaddr *)&address, size))
		die("port %u is taken", port);
	return fd;
}

static int ear_local(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, name);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("no socket %s", name);
	return fd;
}

static void listen_up(struct ear *ear, const struct swap *swap)
{
	bool local = swap->family == AF_UNIX;

	ear->good = local ? ear_local("ok.sock") : ear_inet(GOOD_PORT);
	ear->bad = local ? ear_local("no.sock") : ear_inet(BAD_PORT);
	atomic_store(&ear->over, false);
	if (pthread_create(&ear->thread, NULL, hear_all, ear))
		die("no thread");
}

static void listen_no_more(const struct swap *swap, struct ear *ear)
{
	atomic_store(&ear->over, true);
	pthread_join(ear->thread, NULL);
	close(ear->good);
	close(ear->bad);
	if (swap->family == AF_UNIX) {
		unlink("ok.sock");
		unlink("no.sock");
	}
}

FIXTURE(swap) {
};

FIXTURE_VARIANT(swap) {
	struct swap swap;
	bool heard;		/* by whom it reaches */
};

FIXTURE_SETUP(swap)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	work_make();
	net_loopback_up();
	make_file("ok", "text");
	make_file("no", "secret");
	guard_load(SWAP_POLICY);
}

FIXTURE_TEARDOWN(swap)
{
	work_remove();
	munmap(tally, sizeof(*tally));
}

#define SWAP(name, what, how, ...)					\
	FIXTURE_VARIANT_ADD(swap, name) {				\
		.swap = { .swap = what, .once = how, __VA_ARGS__ },	\
		.heard = how == send_asked || how == call_asked,	\
	}

SWAP(name_of_file, swap_name, open_asked);
SWAP(link_to_file, swap_link, open_link);
SWAP(address_of_connect, swap_address, connect_asked, .family = AF_INET);
SWAP(port_of_datagram, swap_port, send_asked, .family = AF_INET);
SWAP(port_of_bind, swap_port, bind_asked, .family = AF_INET);
SWAP(name_of_peer, swap_peer, call_asked, .family = AF_UNIX);

static void try(const FIXTURE_VARIANT(swap) *variant, const char *policy,
		struct outcome *outcome)
{
	const struct attempt attempt = { prepare, swap_all, &variant->swap };
	struct ear ear;

	memset(tally, 0, sizeof(*tally));
	if (variant->heard)
		listen_up(&ear, &variant->swap);
	if (policy)
		run_guarded(policy, &attempt, outcome);
	else
		run_unguarded(&attempt, outcome);
	if (variant->heard)
		listen_no_more(&variant->swap, &ear);
}

/* The control: both are reached, so that something is swapped in time. */
TEST_F(swap, works_unguarded)
{
	struct outcome outcome;

	try(variant, NULL, &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_LT(10, tally->good);
	EXPECT_LT(10, tally->bad);
	EXPECT_EQ(0, outcome.nr);
}

/* Each failure is a refusal, and each refusal is counted. */
TEST_F(swap, bad_is_never_reached)
{
	struct outcome outcome;

	try(variant, "swap", &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_LT(10, tally->good);
	EXPECT_EQ(0, tally->bad);
	EXPECT_LT(10, tally->neither);
	EXPECT_EQ(tally->neither, outcome_sum(&outcome));
}

TEST_HARNESS_MAIN
