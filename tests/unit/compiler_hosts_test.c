// SPDX-License-Identifier: MIT
/*
 * What rules on names of hosts compile to: which names are told apart, what is
 * shared, and what many of them take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

#define HEAD	"policy: t\negress:\n  rules:\n"

static struct fngc_result *compile_bytes(const char *text, size_t size)
{
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	fngc_compile_text(&options, "t.yaml", text, size, &result);
	return result;
}

static struct fngc_result *compile(const char *text)
{
	struct fngc_result *result = compile_bytes(text, strlen(text));

	if (!result->image)
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	return result;
}

static const struct fng_image_host *find(const struct fngc_result *r,
					 const char *name)
{
	return fng_host_find(&r->view, name, strlen(name));
}

/* Line of the rule that allows it, 0 if none does. */
static u32 allowed_by(const struct fngc_result *r, const char *name,
		      const char *addr, u16 port)
{
	const struct fng_image_host *host = find(r, name);
	struct fng_endpoint end = { .family = 4, .port = port };
	struct fng_decision decision;
	struct fngc_origin origin;

	memcpy(end.addr, addr, 4);
	fng_egress_decide(&r->view, &end, &decision);
	assert_true(fng_egress_open(&r->view, &decision));
	if (!host)
		return 0;
	fng_host_decide(&r->view, host, &end, &decision);
	if (decision.refused)
		return 0;
	fngc_origin(&r->view, decision.rule, &origin);
	return origin.line;
}

#define ORDINARY	"\xcb\x00\x71\x01"
#define PRIVATE		"\x0a\x00\x00\x01"

static void a_denial_is_inside_a_wildcard(void **unused)
{
	struct fngc_result *r = compile(HEAD
		"    - { allow: { host: '**.example.com', ports: [443/tcp] } }\n"
		"    - { deny: { host: '*.in.example.com' } }\n"
		"    - { allow: { host: www.in.example.com, ports: [80/tcp] } }\n"
		"    - { deny: { host: api.example.com, ports: [443/tcp] } }\n"
		"    - { allow: { host: api.example.com, ports: [80/tcp] } }\n");

	assert_null(find(r, "example.com"));
	assert_int_equal(allowed_by(r, "a.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "a.example.com", ORDINARY, 80), 0);
	assert_int_equal(allowed_by(r, "a.example.com", PRIVATE, 443), 0);
	assert_int_equal(allowed_by(r, "in.example.com", ORDINARY, 443), 4);
	assert_null(find(r, "a.in.example.com"));
	assert_null(find(r, "www.in.example.com"));
	assert_int_equal(allowed_by(r, "b.a.in.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "api.example.com", ORDINARY, 443), 0);
	assert_int_equal(allowed_by(r, "api.example.com", ORDINARY, 80), 8);
	assert_int_equal(allowed_by(r, "x.api.example.com", ORDINARY, 443), 4);
	/* Those of the first rule, and api.example.com. */
	assert_int_equal(r->view.nr_hosts, 2);
	fngc_result_free(r);
	(void)unused;
}

static void special_addresses_are_those_of_rules_that_say_so(void **unused)
{
	struct fngc_result *r = compile(HEAD
		"    - { allow: { host: '*.example.com', ports: [443/tcp] } }\n"
		"    - { allow: { host: a.example.com, ports: [80/tcp],"
		" answers: any } }\n"
		"    - { allow: { host: b.example.com, ports: [443/tcp],"
		" answers: any } }\n"
		"    - { allow: { host: '*.example.com', ports: [53/tcp],"
		" answers: any } }\n"
		"    - { deny: { host: c.example.com, ports: [53/tcp] } }\n");

	assert_int_equal(allowed_by(r, "a.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "a.example.com", PRIVATE, 443), 0);
	assert_int_equal(allowed_by(r, "a.example.com", ORDINARY, 80), 5);
	assert_int_equal(allowed_by(r, "a.example.com", PRIVATE, 80), 5);
	assert_int_equal(allowed_by(r, "b.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "b.example.com", PRIVATE, 443), 6);
	assert_int_equal(allowed_by(r, "b.example.com", PRIVATE, 53), 7);
	/* On ordinary addresses, the same as b.example.com. */
	assert_int_equal(allowed_by(r, "d.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "d.example.com", PRIVATE, 443), 0);
	assert_int_equal(allowed_by(r, "c.example.com", PRIVATE, 53), 0);
	assert_int_equal(allowed_by(r, "c.example.com", ORDINARY, 443), 4);
	assert_int_equal(find(r, "c.example.com")->special, FNG_HOST_NO_PORTS);
	fngc_result_free(r);
	(void)unused;
}

/* What differs in its answers alone is no double. */
static void rules_that_mean_other_answers_are_two(void **unused)
{
	struct fngc_result *r = compile(HEAD
		"    - { allow: { host: a.example.com } }\n"
		"    - { allow: { host: a.example.com, answers: any } }\n");

	assert_int_equal(allowed_by(r, "a.example.com", ORDINARY, 443), 4);
	assert_int_equal(allowed_by(r, "a.example.com", PRIVATE, 443), 5);
	fngc_result_free(r);
	(void)unused;
}

/* Names of which the same rules hold are one host, with one set for both. */
static void what_is_the_same_is_shared(void **unused)
{
	struct fngc_result *r = compile(HEAD
		"    - { allow: { host: '**.example.com', ports: [443/tcp],"
		" answers: any } }\n"
		"    - { allow: { to: [192.0.2.0/24], ports: [443/tcp] } }\n");
	const struct fng_image_host *host = find(r, "a.example.com");

	assert_non_null(host);
	assert_ptr_equal(find(r, "c.b.example.com"), host);
	assert_int_equal(host->portset, host->special);
	assert_int_equal(r->view.nr_hosts, 1);
	assert_int_equal(r->view.nr_portsets, 2);
	fngc_result_free(r);
	(void)unused;
}

static void resolvers_are_in_order(void **unused)
{
	struct fngc_result *r = compile("policy: t\negress:\n"
		"  resolvers: ['fd00::2', 10.0.0.9, '::ffff:10.0.0.2',"
		" 10.0.0.9/32]\n");
	const struct fng_image_resolver *resolvers = r->view.resolvers;

	assert_int_equal(r->view.nr_resolvers, 3);
	assert_int_equal(resolvers[0].family, 4);
	assert_memory_equal(resolvers[0].addr, "\x0a\0\0\x02\0\0\0\0", 8);
	assert_memory_equal(resolvers[1].addr, "\x0a\0\0\x09\0\0\0\0", 8);
	assert_int_equal(resolvers[2].family, 6);
	assert_int_equal(resolvers[2].addr[0], 0xfd);
	assert_int_equal(r->view.meta->dns, FNG_EFFECT_ALLOW);
	fngc_result_free(r);
	(void)unused;
}

static void without_host_rules_there_is_no_automaton(void **unused)
{
	static const char *const texts[] = {
		"policy: t\n",
		"policy: t\negress: { dns: strict, resolvers: [10.0.0.2] }\n",
		HEAD "    - { allow: { to: [10.0.0.1] } }\n",
	};

	for (size_t i = 0; i < 3; i++) {
		struct fngc_result *r = compile(texts[i]);

		assert_int_equal(r->view.nr_hosts, 0);
		assert_int_equal(r->view.host.nr_states, 0);
		assert_null(find(r, "example.com"));
		fngc_result_free(r);
	}
	(void)unused;
}

static char *many_hosts(u32 nr, u32 pad, size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	fputs(HEAD, out);
	for (u32 i = 0; i < nr; i++)
		fprintf(out, "    - { allow: { host: h%u%.*s.d%u.example.com,"
			" ports: [%u/tcp] } }\n", i, pad,
			"-0123456789-0123456789-0123456789-0123456789", i % 10,
			443 + i % 3);
	fclose(out);
	return text;
}

/* States of names are shared from their ends on: they grow with what differs. */
static void many_hosts_take_linear_space(void **unused)
{
	u32 states[2];
	size_t bytes[2];

	for (u32 i = 0; i < 2; i++) {
		size_t size;
		char *text = many_hosts(1000 << i, 0, &size);
		struct fngc_result *r = compile(text);

		assert_int_equal(r->view.nr_hosts, 1000 << i);
		for (u32 j = 0; j < 1000; j += 37) {
			char name[64];

			snprintf(name, sizeof(name), "h%u.d%u.example.com", j,
				 j % 10);
			assert_int_equal(allowed_by(r, name, ORDINARY,
						    443 + j % 3), 4 + j);
			assert_int_equal(allowed_by(r, name, ORDINARY,
						    443 + (j + 1) % 3), 0);
		}
		states[i] = r->view.host.nr_states;
		bytes[i] = r->image_size;
		fngc_result_free(r);
		free(text);
	}
	print_message("# %u and %u states, %zu and %zu bytes\n", states[0],
		      states[1], bytes[0], bytes[1]);
	assert_true(states[0] < 3000);
	assert_true(states[1] < states[0] * 5 / 2);
	assert_true(bytes[1] < bytes[0] * 5 / 2);
	(void)unused;
}

/* No name can be told from another for longer than the automaton can be. */
static void too_many_hosts_are_told(void **unused)
{
	size_t size;
	char *text = many_hosts(65000, 40, &size);
	struct fngc_result *r = compile_bytes(text, size);

	assert_null(r->image);
	assert_int_equal(r->nr_errors, 1);
	assert_non_null(strstr(r->diags[0].message, "the host rules need"));
	fngc_result_free(r);
	free(text);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denial_is_inside_a_wildcard),
		cmocka_unit_test(
			special_addresses_are_those_of_rules_that_say_so),
		cmocka_unit_test(rules_that_mean_other_answers_are_two),
		cmocka_unit_test(what_is_the_same_is_shared),
		cmocka_unit_test(resolvers_are_in_order),
		cmocka_unit_test(without_host_rules_there_is_no_automaton),
		cmocka_unit_test(many_hosts_take_linear_space),
		cmocka_unit_test(too_many_hosts_are_told),
	};

	return cmocka_run_group_tests_name("compiler_hosts", tests, NULL,
					   NULL);
}
