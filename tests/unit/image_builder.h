/* SPDX-License-Identifier: MIT */
/*
 * Valid images made by hand, without the compiler: the engine's tests must not
 * rest on what they will be used to judge.
 */
#ifndef IMAGE_BUILDER_H
#define IMAGE_BUILDER_H

#include <engine/engine.h>

/**
 * struct image_bytes - a section that grows
 * @data: bytes
 * @size: number of them
 * @room: bytes that there is room for
 */
struct image_bytes {
	u8 *data;
	u32 size;
	u32 room;
};

/**
 * struct image_node - one node of a trie of literal names
 * @child: per byte, the node it leads to, 0 for none
 * @parent: node that leads here
 * @exact: accept of a name that ends here, -1 for none
 * @below: accept of every longer name, -1 for none
 */
struct image_node {
	u32 child[256];
	u32 parent;
	s32 exact;
	s32 below;
};

/**
 * struct image_trie - literal names
 * @nodes: nodes; the first is the root
 * @nr: number of @nodes
 */
struct image_trie {
	struct image_node *nodes;
	u32 nr;
};

/**
 * struct image_blob - an image or a base
 * @data: bytes, alone in their allocation so that one too many is noticed
 * @size: number of them
 */
struct image_blob {
	u8 *data;
	u32 size;
};

/**
 * struct image_builder - an image before it is one
 * @base: what it extends; empty if it is flat
 * @first_rule: id of its first rule
 * @hand_over: state of the base that names go to which none here starts like
 * @meta: free to change
 * @classes: free to change; all present, enforcing and denying at first
 * @strings: see image_string()
 * @rules: see image_rule()
 * @accepts: see image_accept()
 * @v4: see image_v4()
 * @v6: see image_v6()
 * @portsets: see image_portset()
 * @ports: see image_port()
 * @paths: see image_path()
 * @digests: see image_digest()
 * @templates: see image_template()
 * @devices: see image_device()
 * @hosts: see image_host()
 * @names: see image_name()
 * @resolvers: see image_resolver()
 * @limits: see image_limit()
 */
struct image_builder {
	struct image_blob base;
	u32 first_rule;
	u32 hand_over;
	struct fng_image_meta meta;
	struct fng_image_class classes[FNG_NR_CLASSES];
	struct image_bytes strings;
	struct image_bytes rules;
	struct image_bytes accepts;
	struct image_bytes v4;
	struct image_bytes v6;
	struct image_bytes portsets;
	struct image_bytes ports;
	struct image_bytes digests;
	struct image_trie paths;
	struct image_trie templates;
	struct image_trie devices;
	struct image_bytes hosts;
	struct image_trie names;
	struct image_bytes resolvers;
	struct image_bytes limits;
};

/* How a name of image_path(), image_template() and their like matches. */
enum image_match {
	IMAGE_EXACT,
	IMAGE_BELOW,
};

void image_begin(struct image_builder *b, const char *name);
/* The base is given away. */
void image_begin_over(struct image_builder *b, const char *name,
		      struct image_blob base, u32 hand_over);
/* Make a class absent. Before its rules are used. */
void image_absent(struct image_builder *b, u8 class);
u32 image_string(struct image_builder *b, const char *text);
u32 image_rule(struct image_builder *b, u8 class, u8 effect, const char *text);
/* An accept entry; @rule decides every access of a class that is present. */
u32 image_accept(struct image_builder *b, u16 granted, u16 denied, u32 rule);
void image_path(struct image_builder *b, const char *name,
		enum image_match match, u32 accept);
/* What a file has to be, by its rule; in the order of their paths. */
void image_digest(struct image_builder *b, const char *path, u32 rule);
void image_template(struct image_builder *b, const char *name,
		    enum image_match match);
void image_device(struct image_builder *b, const char *name,
		  enum image_match match);
/* A set of ports; image_port() adds to the last, in order of protocols. */
u32 image_portset(struct image_builder *b);
void image_port(struct image_builder *b, u8 proto, u16 first, u16 last,
		u8 effect, u32 rule);
void image_v4(struct image_builder *b, u32 first, u32 last, u32 portset);
void image_v6(struct image_builder *b, const char *first, const char *last,
	      u32 portset);
/* What a name leads to, by sets of ports; returns what the name accepts. */
u32 image_host(struct image_builder *b, u32 portset, u32 special);
/* Its last label first, as "/com/example/api". */
void image_name(struct image_builder *b, const char *name,
		enum image_match match, u32 accept);
/* In the order of their bytes, those of IPv4 first. */
void image_resolver(struct image_builder *b, const char *addr);
/* In the order of their kinds. */
void image_limit(struct image_builder *b, u32 kind, u64 cost, u64 most,
		 u32 rule);
/* Write it out; the builder is freed. */
struct image_blob image_end(struct image_builder *b);
/* The same as a base, with the rule of its defaults hidden in entry 0. */
struct image_blob image_end_base(struct image_builder *b);

struct image_blob image_copy(struct image_blob blob);
void image_free(struct image_blob blob);

/* Where a section starts, and bytes in it. */
u32 image_offset(struct image_blob blob, u32 section);
u32 image_size(struct image_blob blob, u32 section);

#endif /* IMAGE_BUILDER_H */
