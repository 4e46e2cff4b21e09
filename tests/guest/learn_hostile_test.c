// SPDX-License-Identifier: GPL-2.0-only
/*
 * What others, or the function itself, do to be learned wrongly.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "admin.h"
#include "bound.h"
#include "expect.h"
#include "layouts.h"
#include "learned.h"
#include "net.h"
#include "wire.h"
#include "worker.h"

WIRE_OF_SUITE(wire_make, wire);

#define PORT		8011
/* A client may come from there. */
#define CLIENTS_PORT	22
/* More than others leave them room for. */
#define SERVERS		(FNG_MAX_ACTS / 8 + 500)

static int loopback_socket(u16 port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const void *)&address, sizeof(address)))
		die("port %u is taken", port);
	return fd;
}

static int act_listen(const void *arg)
{
	(void)arg;
	net_held = loopback_socket(PORT);
	return errno_of(listen(net_held, 1));
}

static int act_accept(const void *arg)
{
	int fd = accept(net_held, NULL, NULL);

	(void)arg;
	close(net_held);
	net_held = fd;
	return fd < 0 ? errno : 0;
}

static int come_in(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = loopback_socket(CLIENTS_PORT);

	if (connect(fd, (const void *)&address, sizeof(address)))
		die("nobody listens");
	return fd;
}

/* With each policy that is loaded, connections are looked at once more. */
TEST(the_port_that_a_client_comes_from_is_not_learned)
{
	static const struct learned own = { .kind = FNG_ACT_LISTEN,
					    .number = PORT };
	static const struct learned clients = { .kind = FNG_ACT_LISTEN,
						.number = CLIENTS_PORT };
	struct worker worker;
	struct group group;
	int fd;

	bound_setup();
	learned_begin();
	group_make(&group, NULL);
	worker_start(&worker);
	worker_move(&worker, &group);
	group_bind(&group, "learn");
	ASSERT_EQ(0, worker_do(&worker, act_listen, NULL));
	fd = come_in();
	ASSERT_EQ(0, worker_do(&worker, act_accept, NULL));
	guard_load("policy: unrelated\n");
	usleep(500000);
	EXPECT_EQ(1, learned_find("learn", &own).times);
	EXPECT_EQ(0, learned_find("learn", &clients).times);
	if (!_metadata->passed)
		learned_print("learn");
	close(fd);
	worker_end(&worker);
	group_remove(&group);
	bound_unload("unrelated");
	work_remove();
}

static int act_ask_many(const void *arg)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	u32 i;

	(void)arg;
	for (i = 1; i < SERVERS; i++) {
		to.sin_addr.s_addr = htonl(0x7f010000 + i);
		sendto(fd, "x", 1, 0, (const void *)&to, sizeof(to));
	}
	return errno_of(close(fd));
}

TEST(who_asks_many_servers_leaves_room)
{
	static const struct learned capability = {
		.kind = FNG_ACT_CAPABILITY, .number = CAP_SYS_ADMIN,
	};
	const struct attempt asks = { .act = act_ask_many };
	const struct attempt attempt = { .act = admin_set_host_name };
	struct outcome outcome;
	struct found found;

	bound_setup();
	learned_begin();
	run_guarded("learn", &asks, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("learn", &attempt, &outcome);
	found = learned_find("learn", &capability);
	EXPECT_EQ(1, found.times);
	EXPECT_LE(FNG_MAX_ACTS / 8, found.all);
	work_remove();
}

/* It is refused as one that poses, until its policy says that it serves there. */
TEST(a_name_server_behind_a_device_is_learned)
{
	static const struct learned port = { .kind = FNG_ACT_LISTEN,
					     .number = 53 };
	static const struct layout asks = {
		TO_V4("10.9.0.9"), UDP(5000, 53)
	}, answers = {
		V4("10.9.0.9"), UDP(53, 5000)
	};
	u8 bytes[FRAME_SIZE];
	int host, guest;

	learned_begin();
	host = wire_open(&wire, false, ETH_P_ALL);
	guest = wire_open(&wire, true, ETH_P_ALL);
	wire_bind(&wire, "learn");
	wire_send(host, bytes, frame_make(&asks, bytes));
	ASSERT_TRUE(wire_hears(guest, bytes));
	wire_send(guest, bytes, frame_make(&answers, bytes));
	usleep(100000);
	EXPECT_EQ(1, learned_find("learn", &port).times);
	wire_unbind(&wire);
}

TEST_HARNESS_MAIN
