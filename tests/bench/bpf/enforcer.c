// SPDX-License-Identifier: GPL-2.0-only
/*
 * enforcer OBJECT RULES CGROUP [packets]: loads the programs, fills their maps with the
 * rules that rules/generate writes, for the tasks of CGROUP, a directory, and goes on
 * reading what is refused in the background. With the last word, packets are judged
 * by the cgroup of their socket, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "maps.h"

/* Number of the one policy there is. */
#define POLICY		1
#define POLICY_BITS	32

static void expect(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "enforcer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int map_fd(const struct bpf_object *object, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);

	expect(fd >= 0, name);
	return fd;
}

static __u32 access_of(const char *letters)
{
	static const char known[] = "rwcdem";
	__u32 access = 0;
	const char *found;

	if (!strcmp(letters, "-"))
		return 0;
	for (; *letters; letters++) {
		found = strchr(known, *letters);
		expect(found, "letter");
		access |= 1 << (found - known);
	}
	return access;
}

static void add_path(int fd, const char *line)
{
	char kind[8], allowed[8], denied[8], path[PATH_BYTES];
	struct path_key key = { .policy = POLICY };
	struct path_rule rule;
	size_t length;

	expect(sscanf(line, "path %7s %7s %7s %251s", kind, allowed, denied,
		      path) == 4, line);
	length = strlen(path) + !strcmp(kind, "exact");
	key.bits = POLICY_BITS + 8 * length;
	memcpy(key.path, path, length);
	rule.allowed = access_of(allowed);
	rule.denied = access_of(denied);
	expect(!bpf_map_update_elem(fd, &key, &rule, BPF_NOEXIST), line);
}

static void parse_ports(char *text, struct net_rule *rule)
{
	struct port_range *range = rule->ranges;
	char *word, *rest;

	if (!strcmp(text, "all"))
		return;
	for (word = strtok_r(text, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest), range++) {
		expect(rule->nr++ < MAX_RANGES, text);
		expect(sscanf(word, "%hu:%hu:%hu", &range->protocol,
			      &range->first, &range->last) == 3, word);
	}
}

static void add_address(const struct bpf_object *object, const char *text,
			const struct net_rule *rule)
{
	struct net4_key net4 = { .policy = POLICY };
	struct net6_key net6 = { .policy = POLICY };
	char address[64];
	unsigned int bits;

	expect(sscanf(text, "%63[^/]/%u", address, &bits) == 2, text);
	net4.bits = POLICY_BITS + bits;
	net6.bits = POLICY_BITS + bits;
	if (inet_pton(AF_INET, address, net4.address) == 1)
		bits = bpf_map_update_elem(map_fd(object, "networks4"), &net4,
					   rule, BPF_NOEXIST);
	else if (inet_pton(AF_INET6, address, net6.address) == 1)
		bits = bpf_map_update_elem(map_fd(object, "networks6"), &net6,
					   rule, BPF_NOEXIST);
	expect(!bits, text);
}

static void add_network(const struct bpf_object *object, const char *line)
{
	char effect[8], network[64], ports[64];
	struct net_rule rule = { 0 };

	expect(sscanf(line, "net %7s %63s %63s", effect, network, ports) == 3,
	       line);
	rule.allow = !strcmp(effect, "allow");
	parse_ports(ports, &rule);
	add_address(object, network, &rule);
}

static void add_rules(const struct bpf_object *object, const char *name)
{
	FILE *file = fopen(name, "re");
	char line[512];

	expect(file, name);
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "path ", 5))
			add_path(map_fd(object, "paths"), line);
		else
			add_network(object, line);
	}
	fclose(file);
}

/* A cgroup's id is the number of its directory. */
static void guard_cgroup(const struct bpf_object *object, const char *name)
{
	struct {
		struct file_handle handle;
		__u64 id;
	} cgroup = { .handle.handle_bytes = sizeof(cgroup.id) };
	__u32 policy = POLICY;
	int mount;

	expect(!name_to_handle_at(AT_FDCWD, name, &cgroup.handle, &mount, 0),
	       name);
	expect(!bpf_map_update_elem(map_fd(object, "policies"), &cgroup.id,
				    &policy, BPF_ANY), name);
}

static void attach_hooks(struct bpf_object *object)
{
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)))
		if (bpf_program__type(program) == BPF_PROG_TYPE_LSM)
			expect(bpf_program__attach(program),
			       bpf_program__name(program));
}

static void attach_to_packets(struct bpf_object *object, const char *name)
{
	int cgroup = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct bpf_program *program =
		bpf_object__find_program_by_name(object, "on_packet");

	expect(cgroup >= 0 && bpf_program__attach_cgroup(program, cgroup),
	       name);
}

static int count(void *context, void *event, size_t size)
{
	(void)event;
	(void)size;
	++*(unsigned long *)context;
	return 0;
}

/* The programs are attached as long as this process is there. */
static void read_events(const struct bpf_object *object)
{
	unsigned long refused = 0;
	struct ring_buffer *ring = ring_buffer__new(map_fd(object, "events"),
						    count, &refused, NULL);

	expect(ring, "ring");
	expect(!daemon(0, 0), "daemon");
	while (ring_buffer__poll(ring, -1) >= 0 || errno == EINTR)
		;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;

	expect(argc == 4 || argc == 5, "usage");
	object = bpf_object__open(argv[1]);
	expect(object && !bpf_object__load(object), argv[1]);
	add_rules(object, argv[2]);
	guard_cgroup(object, argv[3]);
	attach_hooks(object);
	if (argc == 5)
		attach_to_packets(object, argv[3]);
	read_events(object);
	return 1;
}
