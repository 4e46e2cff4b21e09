// SPDX-License-Identifier: MIT
/*
 * listen and unix: who may talk to the function, and which sockets on this host it
 * may talk to.
 */
#include <compiler/address.h>
#include <compiler/glob.h>

static struct fngc_entry entry_of(const struct fngc_scope *scope,
				  const struct fngc_key *key,
				  const struct fngc_node *node,
				  const char *text)
{
	return (struct fngc_entry){
		.class = scope->class,
		.effect = strcmp(key->name, "allow") ? FNG_EFFECT_DENY :
			  FNG_EFFECT_ALLOW,
		.layer = scope->layer,
		.place = node->place,
		.text = fngc_sprintf(&scope->c->arena, "%s %s %s",
				     fngc_class_name(scope->class), key->name,
				     text),
	};
}

static bool names_icmp(const char *text)
{
	const char *slash = strrchr(text, '/');

	return !strcmp(slash ? slash + 1 : text, "icmp");
}

void fngc_parse_listen_ports(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node), *bad;
	struct fngc_ports *ports;
	struct fngc_entry entry;

	if (!text)
		return;
	ports = fngc_alloc(&scope->c->arena, sizeof(*ports));
	bad = names_icmp(text) ? "icmp has no ports to listen on" :
	      fngc_ports_parse(scope->c, text, 0, ports);
	if (bad) {
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
		return;
	}
	entry = entry_of(scope, key, node, text);
	entry.ports = ports;
	entry.nr_ports = 1;
	*FNGC_PUSH(&scope->c->model.entries) = entry;
}

void fngc_parse_unix_peers(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);
	struct fngc_entry entry;

	if (!text)
		return;
	entry = entry_of(scope, key, node, text);
	entry.access = FNG_ACCESS_UNIX;
	entry.pattern = text;
	if (fngc_glob_parse_peer(scope->c, &node->place, text, &entry.globs,
				 &entry.nr_globs))
		*FNGC_PUSH(&scope->c->model.entries) = entry;
}
