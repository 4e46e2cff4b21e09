// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking for the address of a name, of a server that is this program as well.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>

#include "operations.h"
#include "sockets.h"

#define SERVER		"127.0.0.1"
#define SERVER_PORT	53
/* The server knows it beforehand: whom it answers is not to be judged. */
#define CLIENT_PORT	5353
/* The server's socket in the program that is inside, which has not made it. */
#define SERVER_FD	200

#define NAME		"host-%05u.bench.test"
#define LIFETIME	86400

/* 127.2.0.0 and what follows, by number of the name. */
#define FIRST_ADDRESS	0x7f020000u

/**
 * struct message - a question, or an answer
 * @bytes: of it
 * @len: number of them
 */
struct message {
	unsigned char bytes[512];
	size_t len;
};

static struct message question, answer;
static int client;

static void put(struct message *message, const void *bytes, size_t len)
{
	memcpy(message->bytes + message->len, bytes, len);
	message->len += len;
}

static void put16(struct message *message, unsigned short value)
{
	value = htons(value);
	put(message, &value, sizeof(value));
}

static void put_name(struct message *message, char *name)
{
	unsigned char len;
	char *label, *rest;

	for (label = strtok_r(name, ".", &rest); label;
	     label = strtok_r(NULL, ".", &rest)) {
		len = strlen(label);
		put(message, &len, 1);
		put(message, label, len);
	}
	put(message, "", 1);
}

/* Its number, recursion desired, and one question for an address. */
static void write_question(unsigned int number)
{
	char name[64];

	question.len = 0;
	put16(&question, number);
	put16(&question, 0x0100);
	put16(&question, 1);
	put(&question, "\0\0\0\0\0", 6);
	snprintf(name, sizeof(name), NAME, number);
	put_name(&question, name);
	put16(&question, 1);
	put16(&question, 1);
}

/* The question, and one record with an address. */
static void write_answer(unsigned int number)
{
	unsigned int lifetime = htonl(LIFETIME);
	unsigned int address = htonl(FIRST_ADDRESS + number);

	answer = question;
	answer.bytes[2] |= 0x80;
	answer.bytes[7] = 1;
	put16(&answer, 0xc00c);
	put16(&answer, 1);
	put16(&answer, 1);
	put(&answer, &lifetime, sizeof(lifetime));
	put16(&answer, sizeof(address));
	put(&answer, &address, sizeof(address));
}

void names_serve(void)
{
	struct sockaddr_in address = address_of(SERVER, SERVER_PORT);
	struct sockaddr_in asks = address_of(SERVER, CLIENT_PORT);
	int fd;

	if (fcntl(SERVER_FD, F_GETFD) >= 0)
		return;
	fd = bound_socket(SOCK_DGRAM, &address);
	expect(!try_to_connect(fd, &asks), "connect");
	expect(dup2(fd, SERVER_FD) == SERVER_FD, "dup2");
}

static void prepare_client(void)
{
	struct sockaddr_in own = address_of(SERVER, CLIENT_PORT);
	struct sockaddr_in server = address_of(SERVER, SERVER_PORT);

	if (client)
		return;
	client = bound_socket(SOCK_DGRAM, &own);
	expect(!try_to_connect(client, &server), "connect");
}

static void transfer(int from, const struct message *message, int to)
{
	char buffer[sizeof(message->bytes)];
	ssize_t len = message->len;

	expect(write(from, message->bytes, len) == len, "write");
	expect(read(to, buffer, sizeof(buffer)) == len, "read");
}

static void resolve(void)
{
	transfer(client, &question, SERVER_FD);
	transfer(SERVER_FD, &answer, client);
}

static void prepare_name(unsigned int number)
{
	prepare_client();
	write_question(number);
	write_answer(number);
}

/* The name that is used comes first: no other was learned longer ago. */
void names_learn(unsigned int number)
{
	unsigned int i;

	for (i = 1; i <= number; i++) {
		prepare_name(i);
		resolve();
	}
}

static void prepare_resolve(void)
{
	prepare_name(1);
}

const struct operation name_operations[] = {
	{ .name = "resolve", .prepare = prepare_resolve, .run = resolve },
	{ }
};
