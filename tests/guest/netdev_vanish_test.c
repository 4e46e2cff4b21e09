// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bound devices that are removed while something is done to their binding, while
 * frames pass both ways, and together with their network namespace. Whoever was
 * first: the binding is gone with the device, and what was refused is counted.
 *
 * VANISH_ROUNDS says how often each row tries.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "bound.h"
#include "control.h"
#include "expect.h"
#include "layouts.h"
#include "link.h"

#define ROUNDS		50

/* Microseconds that either side may wait on a fast kernel. */
#define WINDOW		3000

#define POLICY		"vanish"
#define HEIR		"vanish-heir"
#define RULES								\
	"egress: { default: deny }\n"					\
	"listen: { default: deny }\n"

static const struct layout datagram = { V4("10.9.0.1"), UDP(40000, 8000) };

static void __attribute__((constructor)) load_modules(void)
{
	if (system("modprobe -qa tun veth"))
		die("no tap or veth");
}

static u32 rounds(void)
{
	const char *wanted = getenv("VANISH_ROUNDS");

	return wanted ? strtoul(wanted, NULL, 10) : ROUNDS;
}

static void hesitate(u32 microseconds)
{
	usleep(random() % (microseconds * patience()));
}

static struct fng_client_netdev device_of(u32 ifindex, int netns)
{
	return (struct fng_client_netdev) {
		.netns_fd = netns, .ifindex = ifindex, .policy = POLICY,
	};
}

static int bind_device(u32 ifindex)
{
	struct fng_client_netdev netdev = device_of(ifindex, -1);

	return fng_client_netdev_bind(guard_client(), &netdev);
}

static int unbind_device(u32 ifindex)
{
	struct fng_client_netdev netdev = device_of(ifindex, -1);

	return fng_client_netdev_unbind(guard_client(), &netdev);
}

static void load_both(void)
{
	guard_load("policy: " POLICY "\n" RULES);
	guard_load("policy: " HEIR "\n" RULES);
}

static int replace_policy(u32 ifindex)
{
	(void)ifindex;
	guard_load("policy: " POLICY "\n" RULES);
	return 0;
}

static int unload(const char *heir)
{
	u64 generation = control_status().policy_gen;

	return fng_client_policy_unload(guard_client(), &generation, POLICY,
					heir);
}

static int unload_policy(u32 ifindex)
{
	int err = unload(NULL);

	(void)ifindex;
	load_both();
	return err;
}

static int hand_over(u32 ifindex)
{
	int err = unload(HEIR);

	(void)ifindex;
	load_both();
	return err;
}

static int see(const struct fng_client_netdev *netdev, void *data)
{
	(void)netdev;
	++*(u32 *)data;
	return 0;
}

static u32 nr_listed(void)
{
	u32 nr = 0;

	if (fng_client_netdev_list(guard_client(), see, &nr))
		die("no list: %s", guard_client()->error);
	return nr;
}

static int list_devices(u32 ifindex)
{
	(void)ifindex;
	nr_listed();
	return 0;
}

/**
 * struct remover - a process that removes devices
 * @pid: the process
 * @ask: where it is told which
 * @answer: where it says that it has
 */
struct remover {
	pid_t pid;
	int ask[2];
	int answer[2];
};

static void __attribute__((noreturn)) remove_devices(const struct remover *own)
{
	u32 ifindex;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(own->ask[1]);
	srandom(getpid());
	while (read(own->ask[0], &ifindex, sizeof(ifindex)) ==
	       sizeof(ifindex)) {
		hesitate(WINDOW);
		err = link_remove(ifindex);
		if (write(own->answer[1], &err, sizeof(err)) != sizeof(err))
			break;
	}
	_exit(0);
}

static void remover_start(struct remover *remover)
{
	if (pipe2(remover->ask, O_CLOEXEC) || pipe2(remover->answer, O_CLOEXEC))
		die("no pipes");
	remover->pid = fork();
	if (!remover->pid)
		remove_devices(remover);
}

static void remover_begin(const struct remover *remover, u32 ifindex)
{
	if (write(remover->ask[1], &ifindex, sizeof(ifindex)) !=
	    sizeof(ifindex))
		die("nobody removes devices");
}

static void remover_end(const struct remover *remover)
{
	int err;

	if (read(remover->answer[0], &err, sizeof(err)) != sizeof(err) || err)
		die("a device was not removed");
}

FIXTURE(vanish) {
	struct remover remover;
	u32 before;
};

/*
 * @make: a device
 * @by_peer: the other end is removed, and takes it along
 * @bound: it is bound beforehand
 * @act: what is done meanwhile
 * @answer: what may come of it, besides 0
 */
FIXTURE_VARIANT(vanish) {
	void (*make)(struct link *link);
	bool by_peer;
	bool bound;
	int (*act)(u32 ifindex);
	int answer;
};

#define ROW(name, how, peer, is_bound, what, other)			\
	FIXTURE_VARIANT_ADD(vanish, name) {				\
		.make = how,						\
		.by_peer = peer,					\
		.bound = is_bound,					\
		.act = what,						\
		.answer = other,					\
	}
#define KINDS(name, is_bound, what, other)				\
	ROW(name##_tap, link_make_tap, false, is_bound, what, other);	\
	ROW(name##_veth, link_make_veth, false, is_bound, what, other);	\
	ROW(name##_peer, link_make_veth, true, is_bound, what, other)

KINDS(bind, false, bind_device, -ENODEV);
KINDS(unbind, true, unbind_device, -ENODEV);
KINDS(replace, true, replace_policy, 0);
KINDS(unload, true, unload_policy, -EBUSY);
KINDS(hand_over, true, hand_over, 0);
KINDS(list, true, list_devices, 0);

FIXTURE_SETUP(vanish)
{
	load_both();
	self->before = control_status().nr_devices;
	remover_start(&self->remover);
}

FIXTURE_TEARDOWN(vanish)
{
	close(self->remover.ask[1]);
	waitpid(self->remover.pid, NULL, 0);
}

static void expect_gone(struct __test_metadata *_metadata, u32 before)
{
	EXPECT_EQ(before, control_status().nr_devices);
	EXPECT_EQ(before, nr_listed());
}

static int vanish_once(const struct remover *remover,
		       const FIXTURE_VARIANT(vanish) *variant)
{
	struct link link;
	int answer;

	variant->make(&link);
	if (variant->bound && bind_device(link.ifindex))
		die("not bound: %s", guard_client()->error);
	remover_begin(remover, variant->by_peer ? link.peer : link.ifindex);
	hesitate(WINDOW);
	answer = variant->act(link.ifindex);
	remover_end(remover);
	link_close(&link);
	return answer;
}

TEST_F(vanish, is_gone)
{
	u32 i, nr = rounds(), others = 0;

	for (i = 0; i < nr && _metadata->passed; i++) {
		int answer = vanish_once(&self->remover, variant);

		EXPECT_TRUE(!answer || answer == variant->answer) {
			TH_LOG("%d: %s", answer, guard_client()->error);
		}
		others += answer && answer == variant->answer;
		expect_gone(_metadata, self->before);
	}
	TH_LOG("%u rounds, in %u the device was gone before or bound still",
	       i, others);
}

/**
 * struct traffic - what became of frames
 * @in: refused of what the guest sent
 * @out: refused of what was sent to it
 */
struct traffic {
	u64 in;
	u64 out;
};

/* A frame that is read by the device has passed its hooks. */
static void __attribute__((noreturn))
send_from_guest(int fd, struct traffic *traffic)
{
	u8 bytes[FRAME_SIZE];
	size_t size = frame_make(&datagram, bytes);

	while (write(fd, bytes, size) == (ssize_t)size)
		traffic->in++;
	_exit(0);
}

/* What a device refuses to send has no room; where there is none, it is down. */
static void __attribute__((noreturn))
send_to_guest(int fd, struct traffic *traffic)
{
	u8 bytes[FRAME_SIZE];
	size_t size = frame_make(&datagram, bytes);

	for (;;) {
		if (write(fd, bytes, size) == (ssize_t)size)
			continue;
		if (errno != ENOBUFS)
			_exit(0);
		traffic->out++;
	}
}

static int open_frames(u32 ifindex)
{
	const struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_ifindex = (int)ifindex,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const void *)&at, sizeof(at)))
		die("no socket for frames");
	return fd;
}

static pid_t start_sender(void (*send)(int fd, struct traffic *traffic), int fd,
			  struct traffic *traffic)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		send(fd, traffic);
	}
	return pid;
}

static u64 counted_by(const struct outcome *outcome, u32 hook)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < outcome->nr; i++)
		if (outcome->refusals[i].hook == hook)
			sum += outcome->refusals[i].count;
	return sum;
}

/* The host may say that it has refused something, from another address. */
static bool is_ours(const u8 *bytes)
{
	u8 own[FRAME_SIZE];

	frame_make(&datagram, own);
	return !memcmp(bytes + ETH_ALEN, own + ETH_ALEN, 2);
}

/* Nothing arrives at the guest, whatever has become of the device. */
static void let_vanish(struct __test_metadata *_metadata, struct link *link)
{
	u8 bytes[2048];

	hesitate(10 * WINDOW);
	while (read(link->fd, bytes, sizeof(bytes)) > ETH_HLEN)
		EXPECT_FALSE(is_ours(bytes));
	EXPECT_EQ(0, link_remove(link->ifindex));
}

static void vanish_in_traffic(struct __test_metadata *_metadata,
			      struct traffic *traffic)
{
	struct fng_client_netdev netdev;
	struct outcome outcome = { 0 };
	struct link link;
	pid_t senders[2];
	int frames, i;

	*traffic = (struct traffic){ 0 };
	link_make_tap(&link);
	frames = open_frames(link.ifindex);
	netdev = device_of(link.ifindex, -1);
	ASSERT_EQ(0, fng_client_netdev_bind(guard_client(), &netdev));
	senders[0] = start_sender(send_from_guest, link.fd, traffic);
	senders[1] = start_sender(send_to_guest, frames, traffic);
	let_vanish(_metadata, &link);
	for (i = 0; i < 2; i++)
		waitpid(senders[i], NULL, 0);
	close(frames);
	link_close(&link);
	refusals_read(netdev.id, &outcome);
	EXPECT_EQ(traffic->in, counted_by(&outcome, FNG_HOOK_NETDEV_INGRESS));
	EXPECT_EQ(traffic->out, counted_by(&outcome, FNG_HOOK_NETDEV_EGRESS));
}

TEST(vanishes_in_traffic)
{
	struct traffic *traffic = mmap(NULL, sizeof(*traffic),
				       PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	u32 i, nr = rounds(), before = control_status().nr_devices;
	u64 in = 0, out = 0;

	load_both();
	for (i = 0; i < nr && _metadata->passed; i++) {
		vanish_in_traffic(_metadata, traffic);
		in += traffic->in;
		out += traffic->out;
		expect_gone(_metadata, before);
	}
	TH_LOG("%u rounds, %llu frames from the guest and %llu to it were refused",
	       i, (unsigned long long)in, (unsigned long long)out);
	EXPECT_LT(0, in);
	EXPECT_LT(0, out);
}

/* A namespace with a device, which are there as long as the process. */
static pid_t start_namespace(int *netns, u32 *ifindex)
{
	char path[64];
	int said[2];
	pid_t pid;

	if (pipe2(said, O_CLOEXEC))
		die("no pipe");
	pid = fork();
	if (!pid) {
		struct link link;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET))
			die("no network namespace");
		link_make_veth(&link);
		if (write(said[1], &link.ifindex, sizeof(link.ifindex)) < 0)
			die("nobody listens");
		for (;;)
			pause();
	}
	close(said[1]);
	if (read(said[0], ifindex, sizeof(*ifindex)) != sizeof(*ifindex))
		die("no device in a namespace");
	close(said[0]);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	*netns = open(path, O_RDONLY | O_CLOEXEC);
	return pid;
}

static bool is_as_before(const void *arg)
{
	return control_status().nr_devices == *(const u32 *)arg;
}

TEST(vanishes_with_its_namespace)
{
	static int (*const acts[])(u32 ifindex) = {
		list_devices, replace_policy, hand_over, unload_policy
	};
	/* A namespace takes its time to go. */
	u32 i, nr = rounds() / 5, before = control_status().nr_devices, ifindex;
	int netns;

	load_both();
	for (i = 0; i < nr && _metadata->passed; i++) {
		pid_t pid = start_namespace(&netns, &ifindex);
		struct fng_client_netdev netdev = device_of(ifindex, netns);

		EXPECT_EQ(0, fng_client_netdev_bind(guard_client(), &netdev));
		close(netns);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		hesitate(WINDOW);
		acts[i % ARRAY_SIZE(acts)](ifindex);
		EXPECT_TRUE(await_state(is_as_before, &before, 20));
		EXPECT_EQ(before, nr_listed());
	}
}

TEST_HARNESS_MAIN
