// SPDX-License-Identifier: GPL-2.0-only
/*
 * A name server that lies. What the lie is, the first label of the name says.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "common.h"
#include "net.h"
#include "resolver.h"

#define HEADER		12
#define DNS_NS		2
#define DNS_CNAME	5
#define DNS_TXT		16
#define POINTER		0xc000

/**
 * struct message - an answer while it is written
 * @bytes: the answer
 * @len: bytes of it
 * @counts: records of the answer, authority and additional section
 */
struct message {
	u8 bytes[65535];
	size_t len;
	u16 counts[3];
};

static void put(struct message *m, const void *bytes, size_t len)
{
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

static void put16(struct message *m, u16 value)
{
	value = htons(value);
	put(m, &value, sizeof(value));
}

static void put32(struct message *m, u32 value)
{
	value = htonl(value);
	put(m, &value, sizeof(value));
}

/* The name in the question, if @name is NULL. */
static void put_name(struct message *m, const char *name)
{
	if (name)
		m->len += resolver_name(m->bytes + m->len, name);
	else
		put16(m, POINTER | HEADER);
}

enum section { ANSWER, AUTHORITY, ADDITIONAL };

static void put_record(struct message *m, enum section section,
		       const char *name, u16 type, u32 ttl, const void *data,
		       u16 size)
{
	put_name(m, name);
	put16(m, type);
	put16(m, 1);
	put32(m, ttl);
	put16(m, size);
	put(m, data, size);
	m->counts[section]++;
}

static void put_address(struct message *m, enum section section,
			const char *name, const char *address, u32 ttl)
{
	bool six = strchr(address, ':');
	u8 bytes[16];

	inet_pton(six ? AF_INET6 : AF_INET, address, bytes);
	put_record(m, section, name, six ? DNS_AAAA : DNS_A, ttl, bytes,
		   six ? 16 : 4);
}

static void put_alias(struct message *m, const char *name, const char *target)
{
	u8 bytes[256];

	put_record(m, ANSWER, name, DNS_CNAME, 60, bytes,
		   resolver_name(bytes, target));
}

static void put_good(struct message *m)
{
	put_address(m, ANSWER, NULL, RESOLVED, 60);
}

static void say_good(struct message *m)
{
	put_good(m);
}

static void say_six(struct message *m)
{
	put_address(m, ANSWER, NULL, RESOLVED_V6, 60);
}

static void say_private(struct message *m)
{
	put_address(m, ANSWER, NULL, RESOLVED_PRIVATE, 60);
}

static void say_mapped(struct message *m)
{
	put_address(m, ANSWER, NULL, "::ffff:" RESOLVED_PRIVATE, 60);
}

static void say_wrong_id(struct message *m)
{
	m->bytes[1] ^= 1;
	put_good(m);
}

/* The question is repeated with another name, of the same length. */
static void say_wrong_name(struct message *m)
{
	m->bytes[HEADER + 1] = 'x';
	put_good(m);
}

static void say_wrong_type(struct message *m)
{
	m->bytes[m->len - 3] = DNS_TXT;
	put_good(m);
}

static void say_failure(struct message *m)
{
	m->bytes[3] |= 3;
	put_good(m);
}

static void say_question(struct message *m)
{
	m->bytes[2] &= 0x7f;
	put_good(m);
}

static void say_truncated(struct message *m)
{
	m->bytes[2] |= 2;
	put_good(m);
}

static void say_authority(struct message *m)
{
	put_address(m, AUTHORITY, NULL, RESOLVED, 60);
}

static void say_additional(struct message *m)
{
	put_address(m, ADDITIONAL, NULL, RESOLVED, 60);
}

static void say_other_owner(struct message *m)
{
	put_address(m, ANSWER, "other.n.test", RESOLVED, 60);
	put_address(m, ANSWER, NULL, RESOLVED_OTHER, 60);
}

static void say_alias(struct message *m)
{
	put_alias(m, NULL, "a.evil.test");
	put_alias(m, "a.evil.test", "b.evil.test");
	put_address(m, ANSWER, "B.Evil.Test", RESOLVED, 60);
}

static void say_alias_unordered(struct message *m)
{
	put_address(m, ANSWER, "b.evil.test", RESOLVED, 60);
	put_alias(m, "a.evil.test", "b.evil.test");
	put_alias(m, NULL, "a.evil.test");
}

static void say_loop(struct message *m)
{
	put_alias(m, NULL, "a.evil.test");
	put_alias(m, "a.evil.test", "b.evil.test");
	put_alias(m, "b.evil.test", "a.evil.test");
	put_address(m, ANSWER, "c.evil.test", RESOLVED, 60);
}

static void say_pointer_loop(struct message *m)
{
	put16(m, POINTER | m->len);
	put16(m, DNS_A);
	put_good(m);
	m->counts[ANSWER]++;
}

static void say_half(struct message *m)
{
	put_good(m);
	m->len -= 2;
}

static void say_short_address(struct message *m)
{
	put_record(m, ANSWER, NULL, DNS_A, 60, "\xcb\x00\x71", 3);
	put(m, "\x07", 1);
}

static void say_no_time(struct message *m)
{
	put_address(m, ANSWER, NULL, RESOLVED, 0);
}

static void say_forever(struct message *m)
{
	put_address(m, ANSWER, NULL, RESOLVED, 1u << 31);
}

static void say_much(struct message *m)
{
	static const u8 text[200] = { 199 };

	while (m->len < sizeof(m->bytes) - 300)
		put_record(m, ANSWER, NULL, DNS_TXT, 60, text, sizeof(text));
	put_good(m);
}

static void say_nothing(struct message *m)
{
	(void)m;
}

static const struct {
	const char *label;
	void (*say)(struct message *m);
} lies[] = {
	{ "good", say_good }, { "never", say_good }, { "six", say_six }, { "private", say_private },
	{ "mapped", say_mapped }, { "wrongid", say_wrong_id },
	{ "wrongname", say_wrong_name }, { "wrongtype", say_wrong_type },
	{ "failure", say_failure }, { "question", say_question },
	{ "truncated", say_truncated }, { "authority", say_authority },
	{ "additional", say_additional }, { "otherowner", say_other_owner },
	{ "alias", say_alias }, { "unordered", say_alias_unordered },
	{ "loop", say_loop }, { "pointerloop", say_pointer_loop },
	{ "half", say_half }, { "shortaddress", say_short_address },
	{ "notime", say_no_time }, { "forever", say_forever },
	{ "much", say_much }, { "nothing", say_nothing },
};

/* The question becomes the beginning of the answer. */
static void begin(struct message *m, size_t len)
{
	memset(m->counts, 0, sizeof(m->counts));
	for (m->len = HEADER; m->len < len && m->bytes[m->len]; m->len++)
		;
	m->len += 5;
	m->bytes[2] |= 0x80;
}

static void end(struct message *m)
{
	int i;

	for (i = 0; i < 3; i++) {
		m->bytes[6 + 2 * i] = m->counts[i] >> 8;
		m->bytes[7 + 2 * i] = (u8)m->counts[i];
	}
}

size_t resolver_answer(u8 *message, size_t len, const char *address)
{
	static struct message m;

	memcpy(m.bytes, message, len);
	begin(&m, len);
	put_address(&m, ANSWER, NULL, address, 60);
	end(&m);
	memcpy(message, m.bytes, m.len);
	return m.len;
}

static void answer(struct message *m, size_t len)
{
	size_t i;

	begin(m, len);
	for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		size_t size = strlen(lies[i].label);

		if (m->bytes[HEADER] == size &&
		    !strncasecmp((char *)m->bytes + HEADER + 1, lies[i].label,
				 size))
			lies[i].say(m);
	}
	end(m);
}

static void answer_datagram(int fd, int other)
{
	static struct message m;
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	ssize_t len = recvfrom(fd, m.bytes, sizeof(m.bytes), 0,
			       (struct sockaddr *)&from, &size);

	if (len < HEADER)
		return;
	if (!strncmp((char *)m.bytes + HEADER, "\4from", 5)) {
		m.bytes[HEADER] = 4;
		memcpy(m.bytes + HEADER + 1, "good", 4);
		answer(&m, len);
		memcpy(m.bytes + HEADER + 1, "from", 4);
		fd = other;
	} else {
		answer(&m, len);
	}
	sendto(fd, m.bytes, m.len, 0, (struct sockaddr *)&from, size);
}

static bool read_all(int fd, void *bytes, size_t len)
{
	return recv(fd, bytes, len, MSG_WAITALL) == (ssize_t)len;
}

static void answer_stream(int listener)
{
	static struct message m;
	int fd = accept(listener, NULL, NULL);
	u16 len;

	while (fd >= 0 && read_all(fd, &len, 2) &&
	       ntohs(len) >= HEADER && read_all(fd, m.bytes, ntohs(len))) {
		answer(&m, ntohs(len));
		len = htons(m.len);
		resolver_write(fd, (u8 *)&len, 2);
		resolver_write(fd, m.bytes, m.len);
	}
	close(fd);
}

static void serve(int datagram, int other, int stream)
{
	struct pollfd fds[] = { { datagram, POLLIN, 0 },
				{ stream, POLLIN, 0 } };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		poll(fds, 2, -1);
		if (fds[0].revents)
			answer_datagram(datagram, other);
		if (fds[1].revents)
			answer_stream(stream);
	}
}

void resolver_serve(int datagram, int stream, int other)
{
	if (stream >= 0 && listen(stream, 8))
		die("the resolver does not listen");
	if (!fork())
		serve(datagram, other, stream);
	close(datagram);
	close(stream);
	close(other);
}

void resolver_start(void)
{
	resolver_serve(net_bind(RESOLVER, 53, SOCK_DGRAM),
		       net_bind(RESOLVER, 53, SOCK_STREAM),
		       net_bind(RESOLVER_OTHER, 53, SOCK_DGRAM));
}

void resolver_addresses(void)
{
	net_add_network("lo:1", "203.0.113.1");
	net_add_network("lo:2", "10.1.1.1");
	net_add_address(RESOLVED_V6);
}
