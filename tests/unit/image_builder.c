// SPDX-License-Identifier: MIT
/*
 * Sections grow side by side; then the automata are laid out and all is written.
 *
 * More than 500 lines: an image has many parts, each of which takes a few.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "image_builder.h"

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void *append(struct image_bytes *bytes, const void *data, size_t size)
{
	void *start;

	while (bytes->room < bytes->size + size + 1) {
		bytes->room = bytes->room ? 2 * bytes->room : 64;
		bytes->data = must(realloc(bytes->data, bytes->room));
	}
	start = memcpy(bytes->data + bytes->size, data, size);
	bytes->size += (u32)size;
	return start;
}

static u32 add_node(struct image_trie *trie, u32 parent)
{
	struct image_node *node;

	trie->nodes = must(realloc(trie->nodes,
				   (trie->nr + 1) * sizeof(*trie->nodes)));
	node = memset(&trie->nodes[trie->nr], 0, sizeof(*node));
	node->parent = parent;
	node->exact = -1;
	node->below = -1;
	return trie->nr++;
}

static void add_name(struct image_trie *trie, const char *name,
		     enum image_match match, u32 accept)
{
	u32 at = 0;
	u32 next;

	if (!trie->nr)
		add_node(trie, 0);
	for (; *name; name++) {
		next = trie->nodes[at].child[(u8)*name];
		if (!next) {
			next = add_node(trie, at);
			trie->nodes[at].child[(u8)*name] = next;
		}
		at = next;
	}
	if (match == IMAGE_EXACT)
		trie->nodes[at].exact = (s32)accept;
	else
		trie->nodes[at].below = (s32)accept;
}

static void begin_class(struct image_builder *b, u8 class, u32 err)
{
	static const char *const names[] = FNG_CLASS_NAMES;
	char text[64];

	b->classes[class] = (struct fng_image_class) {
		.present = 1,
		.mode = FNG_MODE_ENFORCE,
		.dflt = FNG_EFFECT_DENY,
		.err = err,
		.rule = FNG_RULE_NONE,
	};
	if (class == FNG_CLASS_FLOOR || class == FNG_CLASS_SUBJECT)
		return;
	snprintf(text, sizeof(text), "%s: default: deny", names[class]);
	b->classes[class].rule = image_rule(b, class, FNG_EFFECT_DENY, text);
}

static void begin(struct image_builder *b, const char *name)
{
	append(&b->strings, "", 1);
	begin_class(b, FNG_CLASS_EXEC, EACCES);
	begin_class(b, FNG_CLASS_MEMORY, EPERM);
	begin_class(b, FNG_CLASS_FILES, EACCES);
	begin_class(b, FNG_CLASS_EGRESS, ECONNREFUSED);
	begin_class(b, FNG_CLASS_SOCKETS, EAFNOSUPPORT);
	begin_class(b, FNG_CLASS_PRIVILEGES, EPERM);
	begin_class(b, FNG_CLASS_LISTEN, EPERM);
	begin_class(b, FNG_CLASS_UNIX, EPERM);
	begin_class(b, FNG_CLASS_LIMITS, EAGAIN);
	begin_class(b, FNG_CLASS_FLOOR, EPERM);
	begin_class(b, FNG_CLASS_SUBJECT, EPERM);
	snprintf(b->meta.name, sizeof(b->meta.name), "%s", name);
	b->meta.version = 1;
	b->meta.floor = (1u << FNG_NR_FLOORS) - 1;
	b->meta.fileless_rule = b->classes[FNG_CLASS_EXEC].rule;
	b->meta.modified = FNG_EFFECT_ALLOW;
	b->meta.modified_rule = FNG_RULE_NONE;
	b->meta.dns = FNG_EFFECT_ALLOW;
	b->meta.dns_rule = FNG_RULE_NONE;
	b->meta.write_exec_rule = b->classes[FNG_CLASS_MEMORY].rule;
	b->meta.families_rule = b->classes[FNG_CLASS_SOCKETS].rule;
	b->meta.types_rule = b->classes[FNG_CLASS_SOCKETS].rule;
	b->meta.privileges_rule = b->classes[FNG_CLASS_PRIVILEGES].rule;
	b->meta.capabilities_rule = b->classes[FNG_CLASS_PRIVILEGES].rule;
	add_node(&b->paths, 0);
}

void image_begin(struct image_builder *b, const char *name)
{
	*b = (struct image_builder) { 0 };
	begin(b, name);
}

void image_begin_over(struct image_builder *b, const char *name,
		      struct image_blob base, u32 hand_over)
{
	*b = (struct image_builder) {
		.base = base,
		.first_rule = image_size(base, FNG_SECTION_RULES) /
			      (u32)sizeof(struct fng_image_rule),
		.hand_over = hand_over,
	};
	begin(b, name);
}

void image_absent(struct image_builder *b, u8 class)
{
	b->classes[class].present = 0;
	b->classes[class].dflt = FNG_EFFECT_ALLOW;
	b->classes[class].rule = FNG_RULE_NONE;
	if (class == FNG_CLASS_EXEC)
		b->meta.fileless_rule = FNG_RULE_NONE;
	if (class == FNG_CLASS_MEMORY)
		b->meta.write_exec_rule = FNG_RULE_NONE;
	if (class == FNG_CLASS_SOCKETS) {
		b->meta.families_rule = FNG_RULE_NONE;
		b->meta.types_rule = FNG_RULE_NONE;
	}
	if (class == FNG_CLASS_PRIVILEGES) {
		b->meta.privileges_rule = FNG_RULE_NONE;
		b->meta.capabilities_rule = FNG_RULE_NONE;
	}
}

u32 image_string(struct image_builder *b, const char *text)
{
	u32 offset = b->strings.size;

	append(&b->strings, text, strlen(text) + 1);
	return offset;
}

u32 image_rule(struct image_builder *b, u8 class, u8 effect, const char *text)
{
	struct fng_image_rule rule = {
		.file = image_string(b, "test.yaml"),
		.line = b->rules.size / sizeof(rule) + 1,
		.text = image_string(b, text),
		.class = class,
		.effect = effect,
	};

	append(&b->rules, &rule, sizeof(rule));
	return b->first_rule + rule.line - 1;
}

void image_digest(struct image_builder *b, const char *path, u32 rule)
{
	struct fng_image_digest digest = {
		.path = image_string(b, path),
		.rule = rule,
		.sha256 = { (u8)rule },
	};

	append(&b->digests, &digest, sizeof(digest));
}

void image_limit(struct image_builder *b, u32 kind, u64 cost, u64 most,
		 u32 rule)
{
	struct fng_image_limit limit = {
		.kind = kind,
		.rule = rule,
		.cost = cost,
		.most = most,
	};

	append(&b->limits, &limit, sizeof(limit));
}

static u16 absent_access(const struct image_builder *b)
{
	u32 absent = 0;
	u32 i;

	for (i = 0; i < FNG_NR_CLASSES; i++)
		if (!b->classes[i].present)
			absent |= fng_class_access(i);
	return (u16)absent;
}

u32 image_accept(struct image_builder *b, u16 granted, u16 denied, u32 rule)
{
	u16 absent = absent_access(b);
	struct fng_image_accept accept = {
		.granted = granted | absent,
		.denied = denied & (u16)~absent,
	};
	u32 i;

	for (i = 0; i < FNG_NR_ACCESS; i++)
		accept.rule[i] = absent & 1u << i ? FNG_RULE_NONE : rule;
	append(&b->accepts, &accept, sizeof(accept));
	return b->accepts.size / (u32)sizeof(accept) - 1;
}

void image_path(struct image_builder *b, const char *name,
		enum image_match match, u32 accept)
{
	add_name(&b->paths, name, match, accept);
}

void image_template(struct image_builder *b, const char *name,
		    enum image_match match)
{
	add_name(&b->templates, name, match, 1);
}

void image_device(struct image_builder *b, const char *name,
		  enum image_match match)
{
	add_name(&b->devices, name, match,
		 match == IMAGE_EXACT ? FNG_DEVICE_NAMED : FNG_DEVICE_MATCHED);
}

u32 image_portset(struct image_builder *b)
{
	u32 next = b->ports.size / (u32)sizeof(struct fng_image_port);
	struct fng_image_portset set;
	u32 i;

	for (i = 0; i <= FNG_PROTO_OTHER; i++)
		set.start[i] = next;
	append(&b->portsets, &set, sizeof(set));
	return b->portsets.size / (u32)sizeof(set) - 1;
}

void image_port(struct image_builder *b, u8 proto, u16 first, u16 last,
		u8 effect, u32 rule)
{
	struct fng_image_port port = {
		.first = first,
		.last = last,
		.effect = effect,
		.rule = rule,
	};
	struct fng_image_portset *set;
	u32 i;

	append(&b->ports, &port, sizeof(port));
	set = (struct fng_image_portset *)(b->portsets.data +
					   b->portsets.size) - 1;
	for (i = proto + 1u; i <= FNG_PROTO_OTHER; i++)
		set->start[i]++;
}

void image_v4(struct image_builder *b, u32 first, u32 last, u32 portset)
{
	struct fng_image_v4 range = { first, last, portset };

	append(&b->v4, &range, sizeof(range));
}

void image_v6(struct image_builder *b, const char *first, const char *last,
	      u32 portset)
{
	struct fng_image_v6 range = { .portset = portset };

	if (inet_pton(AF_INET6, first, range.first) != 1 ||
	    inet_pton(AF_INET6, last, range.last) != 1)
		abort();
	append(&b->v6, &range, sizeof(range));
}

u32 image_host(struct image_builder *b, u32 portset, u32 special)
{
	struct fng_image_host host = { portset, special };

	append(&b->hosts, &host, sizeof(host));
	return b->hosts.size / (u32)sizeof(host);
}

void image_name(struct image_builder *b, const char *name,
		enum image_match match, u32 accept)
{
	add_name(&b->names, name, match, accept);
}

void image_resolver(struct image_builder *b, const char *addr)
{
	struct fng_image_resolver resolver = {
		.family = strchr(addr, ':') ? 6 : 4,
	};

	if (inet_pton(resolver.family == 6 ? AF_INET6 : AF_INET, addr,
		      resolver.addr) != 1)
		abort();
	append(&b->resolvers, &resolver, sizeof(resolver));
}

/* An automaton while its tables are laid out. */
struct layout {
	const struct image_trie *trie;
	u32 hand_over;
	const struct fng_image_state *base_states;
	const struct fng_image_accept *accepts;
	u8 map[256];
	u32 nr_eq;
	u32 *sink;
	u32 nr_states;
	struct fng_image_state *states;
	struct image_bytes trans;
};

/* Each byte that some name has is a class, all others together another one. */
static void find_classes(struct layout *l)
{
	u32 node, byte;

	l->nr_eq = 1;
	for (byte = 0; byte < 256; byte++)
		for (node = 0; node < l->trie->nr; node++)
			if (l->trie->nodes[node].child[byte]) {
				l->map[byte] = (u8)l->nr_eq++;
				break;
			}
}

/* A new state that hands over to one of the base's. */
static u32 hand_over(struct layout *l)
{
	struct fng_image_state *state = &l->states[l->nr_states];

	*state = l->base_states[l->hand_over];
	state->base = 0;
	state->accept = 0;
	state->dflt = l->nr_states;
	return l->nr_states++;
}

/* Node n is state n + 1; the states of what only a prefix matches follow. */
static void number_states(struct layout *l)
{
	const struct image_node *nodes = l->trie->nodes;
	u32 node, outer;
	u32 accept;

	l->sink = must(calloc(l->trie->nr, sizeof(*l->sink)));
	l->states = must(calloc(2 * l->trie->nr + 2, sizeof(*l->states)));
	l->nr_states = l->trie->nr + 1;
	for (node = 0; node < l->trie->nr; node++) {
		/* What the root hands over is not handed over half read. */
		outer = node && (nodes[node].parent || !l->hand_over) ?
			l->sink[nodes[node].parent] : FNG_STATE_DEAD;
		accept = l->states[outer].accept;
		l->sink[node] = outer;
		if (nodes[node].below >= 0) {
			l->sink[node] = l->nr_states++;
			l->states[l->sink[node]].dflt = l->sink[node];
			l->states[l->sink[node]].accept =
				(u32)nodes[node].below;
		}
		if (!node && l->hand_over)
			l->sink[node] = hand_over(l);
		l->states[node + 1].dflt = l->sink[node];
		l->states[node + 1].accept = nodes[node].exact >= 0 ?
			(u32)nodes[node].exact : accept;
	}
}

static struct fng_image_trans *slots(const struct layout *l)
{
	return (struct fng_image_trans *)l->trans.data;
}

static void reserve_slots(struct layout *l, u32 nr)
{
	static const struct fng_image_trans unowned = {
		.check = FNG_STATE_UNOWNED
	};

	while (l->trans.size / sizeof(unowned) < nr)
		append(&l->trans, &unowned, sizeof(unowned));
}

static bool fits(const struct layout *l, const struct image_node *node,
		 u32 base)
{
	u32 byte;

	for (byte = 0; byte < 256; byte++)
		if (node->child[byte] &&
		    slots(l)[base + l->map[byte]].check != FNG_STATE_UNOWNED)
			return false;
	return true;
}

/* Rows are laid into each other's gaps, so that owners are told apart. */
static void place(struct layout *l, u32 index)
{
	const struct image_node *node = &l->trie->nodes[index];
	u32 base = 0;
	u32 byte;

	reserve_slots(l, l->nr_eq);
	while (!fits(l, node, base))
		reserve_slots(l, ++base + l->nr_eq);
	l->states[index + 1].base = base;
	for (byte = 0; byte < 256; byte++)
		if (node->child[byte])
			slots(l)[base + l->map[byte]] =
				(struct fng_image_trans) {
					.next = node->child[byte] + 1,
					.check = index + 1,
				};
}

static bool widen(struct fng_image_state *state, u16 any, u16 every, u16 deny)
{
	struct fng_image_state old = *state;

	state->any |= any;
	state->every &= every;
	state->deny |= deny;
	return memcmp(&old, state, sizeof(old)) != 0;
}

static bool widen_by(struct fng_image_state *state,
		     const struct fng_image_state *next)
{
	return widen(state, next->any, next->every, next->deny);
}

static bool is_handed(const struct layout *l, u32 state)
{
	return l->hand_over && state == l->sink[0];
}

static void find_masks(struct layout *l)
{
	const struct fng_image_accept *accept;
	bool changed = true;
	u32 i;

	for (i = 0; i < l->nr_states; i++) {
		accept = &l->accepts[l->states[i].accept];
		if (!is_handed(l, i))
			l->states[i].every = FNG_ACCESS_ALL;
		widen(&l->states[i], accept->granted, accept->granted,
		      accept->denied);
	}
	while (changed) {
		changed = false;
		for (i = 0; i < l->nr_states; i++)
			changed |= widen_by(&l->states[i],
					    &l->states[l->states[i].dflt]);
		for (i = 0; i < l->trans.size / sizeof(*slots(l)); i++)
			if (slots(l)[i].check != FNG_STATE_UNOWNED)
				changed |= widen_by(&l->states[slots(l)[i].check],
						    &l->states[slots(l)[i].next]);
	}
}

/* Once masks are known: until then, the state has led to itself. */
static void lead_out(struct layout *l)
{
	u32 i;

	for (i = 0; i < l->nr_states; i++)
		if (is_handed(l, i))
			l->states[i].dflt = FNG_STATE_BASE | l->hand_over;
}

static void lay_out(struct layout *l)
{
	u32 i;

	if (!l->trie->nr)
		return;
	find_classes(l);
	number_states(l);
	for (i = 0; i < l->trie->nr; i++)
		place(l, i);
	if (l->accepts)
		find_masks(l);
	lead_out(l);
}

static void put(struct image_bytes *out, u32 section, const void *data,
		size_t size)
{
	static const u8 zero[FNG_IMAGE_ALIGN];
	struct fng_image_header *header;

	append(out, zero, -out->size % FNG_IMAGE_ALIGN);
	header = (struct fng_image_header *)out->data;
	header->section[section].offset = out->size;
	header->section[section].size = (u32)size;
	append(out, data ? data : zero, size);
}

static void put_bytes(struct image_bytes *out, u32 section,
		      struct image_bytes *bytes)
{
	put(out, section, bytes->data, bytes->size);
	free(bytes->data);
}

/* @section is that of the map; states and transitions follow it. */
static void put_automaton(struct image_bytes *out, u32 section,
			  struct layout *l)
{
	bool empty = !l->trie->nr;

	put(out, section, l->map, empty ? 0 : sizeof(l->map));
	put(out, section + 1, l->states, l->nr_states * sizeof(*l->states));
	put_bytes(out, section + 2, &l->trans);
	free(l->states);
	free(l->sink);
	free(l->trie->nodes);
}

static const void *records(struct image_blob blob, u32 section)
{
	return blob.data ? blob.data + image_offset(blob, section) : NULL;
}

static void put_rules(struct image_bytes *out, struct image_builder *b,
		      u32 magic)
{
	struct fng_image_header header = {
		.magic = magic,
		.abi = FNG_IMAGE_ABI,
		.nr_sections = FNG_NR_SECTIONS,
	};
	struct layout paths = {
		.trie = &b->paths,
		.hand_over = b->hand_over,
		.base_states = records(b->base, FNG_SECTION_PATH_STATES),
		.accepts = (const struct fng_image_accept *)b->accepts.data,
	};

	lay_out(&paths);
	append(out, &header, sizeof(header));
	put(out, FNG_SECTION_CLASSES, b->classes, sizeof(b->classes));
	put_bytes(out, FNG_SECTION_STRINGS, &b->strings);
	put_bytes(out, FNG_SECTION_RULES, &b->rules);
	put_automaton(out, FNG_SECTION_PATH_MAP, &paths);
	put_bytes(out, FNG_SECTION_PATH_ACCEPT, &b->accepts);
	put_bytes(out, FNG_SECTION_V4, &b->v4);
	put_bytes(out, FNG_SECTION_V6, &b->v6);
	put_bytes(out, FNG_SECTION_PORTSETS, &b->portsets);
	put_bytes(out, FNG_SECTION_PORTS, &b->ports);
}

static struct image_blob finish(struct image_bytes *out)
{
	((struct fng_image_header *)out->data)->size = out->size;
	return (struct image_blob) {
		must(realloc(out->data, out->size)), out->size
	};
}

struct image_blob image_end(struct image_builder *b)
{
	struct layout templates = { .trie = &b->templates };
	struct layout devices = { .trie = &b->devices };
	struct layout names = { .trie = &b->names };
	struct image_bytes out = { 0 };

	put_rules(&out, b, FNG_IMAGE_MAGIC);
	lay_out(&templates);
	lay_out(&devices);
	lay_out(&names);
	put(&out, FNG_SECTION_META, &b->meta, sizeof(b->meta));
	put_automaton(&out, FNG_SECTION_CGROUP_MAP, &templates);
	put_automaton(&out, FNG_SECTION_DEVICE_MAP, &devices);
	put_bytes(&out, FNG_SECTION_DIGESTS, &b->digests);
	put_automaton(&out, FNG_SECTION_HOST_MAP, &names);
	put_bytes(&out, FNG_SECTION_HOSTS, &b->hosts);
	put_bytes(&out, FNG_SECTION_RESOLVERS, &b->resolvers);
	put_bytes(&out, FNG_SECTION_LIMITS, &b->limits);
	put(&out, FNG_SECTION_BASE, b->base.data, b->base.size);
	free(b->base.data);
	return finish(&out);
}

struct image_blob image_end_base(struct image_builder *b)
{
	struct fng_image_accept *accept = (void *)b->accepts.data;
	struct image_bytes out = { 0 };
	u32 i;

	for (i = 0; i < FNG_NR_CLASSES; i++) {
		if (!fng_class_access(i)) {
			b->classes[i].present = i == FNG_CLASS_EGRESS;
			b->classes[i].dflt = FNG_EFFECT_ALLOW;
		}
		b->classes[i].mode = 0;
		b->classes[i].err = 0;
		b->classes[i].rule = FNG_RULE_NONE;
	}
	for (i = 0; i < FNG_NR_ACCESS; i++)
		if (accept->rule[i] != FNG_RULE_NONE)
			accept->rule[i] = FNG_RULE_DEFAULT;
	put_rules(&out, b, FNG_BASE_MAGIC);
	for (i = FNG_NR_BASE_SECTIONS; i < FNG_NR_SECTIONS; i++)
		put(&out, i, NULL, 0);
	free(b->templates.nodes);
	free(b->devices.nodes);
	return finish(&out);
}

struct image_blob image_copy(struct image_blob blob)
{
	u8 *data = must(malloc(blob.size));

	return (struct image_blob) {
		memcpy(data, blob.data, blob.size), blob.size
	};
}

void image_free(struct image_blob blob)
{
	free(blob.data);
}

static const struct fng_image_span *span(struct image_blob blob, u32 section)
{
	return &((struct fng_image_header *)blob.data)->section[section];
}

u32 image_offset(struct image_blob blob, u32 section)
{
	return span(blob, section)->offset;
}

u32 image_size(struct image_blob blob, u32 section)
{
	return span(blob, section)->size;
}
