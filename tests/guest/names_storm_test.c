// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks a name server and connects at once is never refused, however many do
 * it at a time; and nobody gets where no answer has led.
 *
 * The name server is dnsmasq.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "expect.h"
#include "net.h"
#include "resolver.h"

#define PORT		8080
#define NR_AT_ONCE	8
#define NR_NAMES	200
#define NR_ROUNDS	10000

/* Its records are all of 203.0.113.0/24 from .10 on; nothing leads to .5. */
#define FIRST		10
#define NEVER_TOLD	"203.0.113.5"

#define POLICY								\
	"policy: names-storm\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  resolvers: [" RESOLVER "]\n"					\
	"  rules: [ { allow: { host: \"*.n.test\", ports: [8080/tcp] } } ]\n" \
	"  dns: strict\n"

/**
 * struct tally - what came of all rounds; shared
 * @rounds: of each task
 * @connected: as it should be
 * @unanswered: no answer, or a wrong one
 * @refused: an address from an answer
 * @let_through: to where no answer has led
 */
struct tally {
	unsigned long rounds;
	unsigned long connected;
	unsigned long unanswered;
	unsigned long refused;
	unsigned long let_through;
};

static struct tally *tally;

static void count(unsigned long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static void write_config(const char *path)
{
	FILE *file = fopen(path, "w");
	int i;

	if (!file)
		die("no configuration");
	fprintf(file, "no-resolv\nno-hosts\nno-daemon\nbind-interfaces\n"
		"user=root\nlocal-ttl=1\nlisten-address=" RESOLVER "\n");
	for (i = 0; i < NR_NAMES; i++)
		fprintf(file, "host-record=h%d.n.test,203.0.113.%d\n", i,
			FIRST + i);
	fclose(file);
}

static bool answers(const void *arg)
{
	struct in_addr address;

	(void)arg;
	return !resolver_ask(RESOLVER, false, "h0.n.test", DNS_A, &address);
}

static void start_dnsmasq(void)
{
	write_config("/run/names.conf");
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl("/usr/sbin/dnsmasq", "dnsmasq", "-C", "/run/names.conf",
		      "--pid-file=", NULL);
		_exit(127);
	}
	if (!await_state(answers, NULL, 10))
		die("dnsmasq does not answer");
}

static int connect_to(struct in_addr address)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(PORT),
					.sin_addr = address };
	int fd = socket(AF_INET, SOCK_STREAM, 0), err;

	err = errno_of(connect(fd, (struct sockaddr *)&to, sizeof(to)));
	close(fd);
	return err;
}

static void ask_and_connect(int number, bool tcp)
{
	struct in_addr address = {};
	char name[32];

	snprintf(name, sizeof(name), "h%d.n.test", number);
	if (resolver_ask(RESOLVER, tcp, name, DNS_A, &address) ||
	    ntohl(address.s_addr) != 0xcb007100u + FIRST + number) {
		count(&tally->unanswered);
		return;
	}
	count(connect_to(address) ? &tally->refused : &tally->connected);
}

static void ask_often(unsigned int seed)
{
	const struct in_addr never = { inet_addr(NEVER_TOLD) };
	unsigned long i;

	for (i = 0; i < tally->rounds / NR_AT_ONCE; i++) {
		ask_and_connect(rand_r(&seed) % NR_NAMES, i % 16 == 15);
		if (i % 8 == 7 && connect_to(never) != ECONNREFUSED)
			count(&tally->let_through);
	}
}

/* What one has learned is good for all, since they have the cgroup in common. */
static int storm(const void *arg)
{
	int i, status, err = 0;

	(void)arg;
	for (i = 0; i < NR_AT_ONCE; i++) {
		if (fork())
			continue;
		ask_often(i);
		_exit(0);
	}
	while (wait(&status) > 0)
		err |= status;
	return err;
}

static unsigned long rounds(void)
{
	const char *text = getenv("NAMES_ROUNDS");

	if (text)
		return strtoul(text, NULL, 10);
	return patience() > 1 ? NR_ROUNDS / 20 : NR_ROUNDS;
}

TEST(resolve_then_connect)
{
	const struct attempt attempt = { .act = storm };
	struct outcome outcome;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tally->rounds = rounds();
	resolver_addresses();
	start_dnsmasq();
	net_serve(PORT);
	guard_load(POLICY);
	run_guarded("names-storm", &attempt, &outcome);
	TH_LOG("%lu of %lu rounds connected", tally->connected, tally->rounds);
	EXPECT_EQ(0, outcome.err);
	EXPECT_EQ(0, tally->unanswered);
	EXPECT_EQ(0, tally->refused);
	EXPECT_EQ(0, tally->let_through);
	EXPECT_EQ(tally->rounds / NR_AT_ONCE * NR_AT_ONCE, tally->connected);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_EQ(tally->rounds / NR_AT_ONCE / 8 * NR_AT_ONCE,
		  outcome.refusals[0].count);
}

TEST_HARNESS_MAIN
