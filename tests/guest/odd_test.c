// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of every length and family, for every kind of socket. Where all is
 * allowed, the kernel answers what it answers without a guard; where nothing is,
 * nobody is reached, and what would have been is counted.
 */
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/un.h>

#include "expect.h"
#include "net.h"

#define SERVED		8000
#define FREE		8002

#define POLICY(name, effect)						\
	"policy: odd-" name "\n"					\
	"egress: { default: " effect " }\n"				\
	"listen: { default: " effect " }\n"				\
	"unix: { default: " effect " }\n"

struct kind {
	int family;
	int type;
};

static const struct kind kinds[] = {
	{ AF_INET, SOCK_DGRAM }, { AF_INET, SOCK_STREAM },
	{ AF_INET6, SOCK_DGRAM }, { AF_INET6, SOCK_STREAM },
	{ AF_UNIX, SOCK_DGRAM }, { AF_UNIX, SOCK_STREAM },
};

static const int families[] = {
	AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, 0xffff,
};

/* What the bytes behind the family are. */
enum form { FORM_V4, FORM_V6, FORM_MAPPED, FORM_SCOPED, FORM_NAME, NR_FORMS };

/* About every structure that there is; and what is no length at all. */
static const int lengths[] = {
	-1, 0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 23, 24, 27, 28, 29, 109, 110, 111,
	127, 128, 129, 1 << 20,
};

enum call { CALL_CONNECT, CALL_SEND, CALL_BIND, NR_CALLS };

#define NR_CASES	(ARRAY_SIZE(kinds) * ARRAY_SIZE(families) *	\
			 NR_FORMS * ARRAY_SIZE(lengths) * NR_CALLS)

/**
 * struct odd - a case
 * @kind: of the socket
 * @family: of the address
 * @form: of the rest of it
 * @length: of all
 * @call: what it is for
 */
struct odd {
	const struct kind *kind;
	int family;
	int form;
	int length;
	int call;
};

/* Shared with the function: an errno for each. */
static int *answers;

static struct odd case_at(size_t index)
{
	struct odd odd;

	odd.call = index % NR_CALLS;
	index /= NR_CALLS;
	odd.length = lengths[index % ARRAY_SIZE(lengths)];
	index /= ARRAY_SIZE(lengths);
	odd.form = index % NR_FORMS;
	index /= NR_FORMS;
	odd.family = families[index % ARRAY_SIZE(families)];
	odd.kind = &kinds[index / ARRAY_SIZE(families)];
	return odd;
}

static void fill_v6(struct sockaddr_in6 *v6, const char *address, u16 port)
{
	v6->sin6_port = htons(port);
	inet_pton(AF_INET6, address, &v6->sin6_addr);
}

static void fill(const struct odd *odd, struct sockaddr_storage *address)
{
	struct sockaddr_in6 *v6 = (void *)address;
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_un *local = (void *)address;
	u16 port = odd->call == CALL_BIND ? FREE : SERVED;

	memset(address, 0, sizeof(*address));
	switch (odd->form) {
	case FORM_V4:
		v4->sin_port = htons(port);
		/* bind() takes any address for one of IPv4 without a family. */
		if (odd->call != CALL_BIND)
			v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		break;
	case FORM_V6:
		fill_v6(v6, "::1", port);
		break;
	case FORM_MAPPED:
		fill_v6(v6, "::ffff:127.0.0.1", port);
		break;
	case FORM_SCOPED:
		fill_v6(v6, "fe80::1", port);
		v6->sin6_scope_id = 1;
		break;
	default:
		strcpy(local->sun_path, odd->call == CALL_BIND ? "new" : "sock");
		break;
	}
	address->ss_family = odd->family;
}

static int call(int fd, const struct odd *odd, const struct sockaddr *address)
{
	switch (odd->call) {
	case CALL_CONNECT:
		return errno_of(connect(fd, address, odd->length));
	case CALL_SEND:
		return errno_of(sendto(fd, "?", 1, MSG_NOSIGNAL, address,
				       odd->length));
	default:
		return errno_of(bind(fd, address, odd->length));
	}
}

/* By whatever name, long or short. */
static void unlink_own(int fd)
{
	struct sockaddr_un own = { 0 };
	socklen_t size = sizeof(own) - 1;

	if (!getsockname(fd, (struct sockaddr *)&own, &size) &&
	    own.sun_family == AF_UNIX)
		unlink(own.sun_path);
}

/* No connection waits for its end, no call for a queue, and no name stays. */
static int answer(const struct odd *odd, const struct sockaddr *address)
{
	const struct linger at_once = { .l_onoff = 1 };
	int fd = socket(odd->kind->family,
			odd->kind->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, err;

	if (fd < 0)
		return ENDED_UNABLE;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	err = call(fd, odd, address);
	unlink_own(fd);
	close(fd);
	return err;
}

/* Queues that nobody reads are as good as full. */
static void make_peers(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX,
				    .sun_path = "sock" };
	int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	net_listen(SERVED);
	if (bind(stream, (struct sockaddr *)&name, sizeof(name)) ||
	    listen(stream, 4096))
		die("no socket");
}

static void describe(struct __test_metadata *_metadata, size_t index,
		     const char *what)
{
	const struct odd odd = case_at(index);

	TH_LOG("%s: family %d type %d, address of family %d form %d length %d, call %d",
	       what, odd.kind->family, odd.kind->type, odd.family, odd.form,
	       odd.length, odd.call);
}

/*
 * What succeeds and reaches nobody: a connection is taken apart, a socket of Unix
 * gets a name.
 */
static bool is_harmless(size_t index)
{
	const struct odd odd = case_at(index);

	return (odd.call == CALL_CONNECT && odd.family == AF_UNSPEC) ||
	       (odd.call == CALL_BIND && odd.kind->family == AF_UNIX);
}

/* Where everything takes long, some of them; each property comes with each. */
static size_t step(void)
{
	return patience() > 1 ? 11 : 1;
}

static int ask_all(const void *arg)
{
	/* Large enough for whatever length is claimed of it. */
	struct sockaddr_storage *address = mmap(NULL, 2 << 20,
						PROT_READ | PROT_WRITE,
						MAP_PRIVATE | MAP_ANONYMOUS,
						-1, 0);
	struct odd odd;
	size_t i;

	(void)arg;
	for (i = 0; i < NR_CASES; i += step()) {
		odd = case_at(i);
		fill(&odd, address);
		answers[i] = answer(&odd, (struct sockaddr *)address);
	}
	return 0;
}

static const struct attempt attempt = { NULL, ask_all, NULL };

FIXTURE(odd) {
	int *unguarded;
	struct outcome outcome;
};

FIXTURE_SETUP(odd)
{
	work_make();
	net_loopback_up();
	make_peers();
	answers = mmap(NULL, NR_CASES * sizeof(*answers),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);
	self->unguarded = calloc(NR_CASES, sizeof(*answers));
	guard_load(POLICY("allow", "allow"));
	guard_load(POLICY("deny", "deny"));
	run_unguarded(&attempt, &self->outcome);
	memcpy(self->unguarded, answers, NR_CASES * sizeof(*answers));
}

FIXTURE_TEARDOWN(odd)
{
	free(self->unguarded);
	munmap(answers, NR_CASES * sizeof(*answers));
	work_remove();
}

static void check_same(struct __test_metadata *_metadata,
		       const FIXTURE_DATA(odd) *self, size_t i)
{
	EXPECT_EQ(self->unguarded[i], answers[i]) {
		describe(_metadata, i, "answered otherwise");
	}
}

static void check_unreached(struct __test_metadata *_metadata, size_t i)
{
	EXPECT_NE(0, answers[i]) {
		describe(_metadata, i, "reached somebody");
	}
}

TEST_F(odd, addresses)
{
	u32 reached = 0, refused = 0;
	size_t i;

	EXPECT_EQ(0, self->outcome.err);
	run_guarded("odd-allow", &attempt, &self->outcome);
	EXPECT_EQ(0, self->outcome.err);
	EXPECT_EQ(0, self->outcome.nr);
	for (i = 0; i < NR_CASES; i += step()) {
		reached += !answers[i];
		check_same(_metadata, self, i);
	}
	EXPECT_LT(20, reached);

	run_guarded("odd-deny", &attempt, &self->outcome);
	EXPECT_EQ(0, self->outcome.err);
	for (i = 0; i < NR_CASES; i += step()) {
		refused += answers[i] && !self->unguarded[i];
		if (is_harmless(i))
			check_same(_metadata, self, i);
		else
			check_unreached(_metadata, i);
	}
	EXPECT_LT(20, refused);
	EXPECT_LE(refused, outcome_sum(&self->outcome));
}

TEST_HARNESS_MAIN
