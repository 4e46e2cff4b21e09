// SPDX-License-Identifier: MIT
/*
 * How two policies are said to differ: what is shown of a difference, and where
 * one would be missed if an end of something were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>

#include <compiler/diff.h>

/**
 * struct both - two policies and how they differ
 * @result: of compiling each
 * @diff: the differences
 */
struct both {
	struct fngc_result *result[2];
	struct fngc_diff *diff;
};

static struct fngc_result *compile(const char *text)
{
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	fngc_compile_text(&options, "t.yaml", text, strlen(text), &result);
	if (!result->image)
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	return result;
}

static struct both compare(const char *before, const char *after)
{
	struct both both = { { compile(before), compile(after) }, NULL };

	assert_int_equal(fngc_diff(&both.result[0]->view, &both.result[1]->view,
				   &both.diff), 0);
	return both;
}

static void end(struct both *both)
{
	fngc_diff_free(both->diff);
	fngc_result_free(both->result[0]);
	fngc_result_free(both->result[1]);
}

/* One line for each: a, r or o, and the example. */
static void assert_lists(const char *before, const char *after,
			 const char *const *lines)
{
	struct both both = compare(before, after);
	char line[512];

	for (size_t i = 0; i < both.diff->nr; i++) {
		const struct fngc_difference *d = &both.diff->differences[i];

		snprintf(line, sizeof(line), "%c %s %s: %s: %s",
			 "aro"[d->change], d->section, d->operation, d->what,
			 d->text);
		if (!lines[i] || strcmp(line, lines[i]))
			fail_msg("it says \"%s\", and not \"%s\"", line,
				 lines[i] ?: "");
	}
	assert_null(lines[both.diff->nr]);
	end(&both);
}

#define LIST(...)	((const char *const[]){ __VA_ARGS__, NULL })

static void the_rule_that_came_or_went_is_named(void **state)
{
	assert_lists("policy: t\nfiles: { default: deny, rules: ["
		     "{ path: '/a/**', allow: [read] }] }",
		     "policy: t\nfiles: { default: deny, rules: ["
		     "{ path: '/a/**', allow: [read] },"
		     "{ path: '/a/b', deny: [read] }] }",
		     LIST("r files move or remove a directory: : /a",
			  "r files read: files deny read /a/b: /a/b"));
	(void)state;
}

static void an_absent_section_allows(void **state)
{
	assert_lists("policy: t",
		     "policy: t\nmemory: { write-exec: deny }",
		     LIST("r memory write-exec: memory write-exec deny: "));
	assert_lists("policy: t\nlisten: { default: deny }", "policy: t",
		     LIST("a listen listen tcp,udp,icmp,sctp,other: "
			  "listen default deny: 1/tcp",
			  "a floor capability: net_admin: net_admin",
			  "a floor floor: socket: socket"));
	(void)state;
}

static void every_byte_is_shown(void **state)
{
	assert_lists("policy: t\nunix: { default: deny }",
		     "policy: t\nunix: { default: deny, allow: "
		     "[\"@\\u00e9[^\\\\!-~]\"] }",
		     LIST("a unix unix: unix allow @\xc3\xa9[^\\!-~]: "
			  "@\xc3\xa9\\x01"));
	(void)state;
}

static void more_is_allowed_and_less(void **state)
{
	static const char *const rates[] = {
		"10/s", "20/s", "10/s burst 50", "20/s burst 10", "0/s", "0/m",
	};
	/* By row and column: allowed, refused. */
	static const char *const changes[6][6] = {
		{ "", "a", "a", "a", "r", "r" },
		{ "r", "", "ar", "r", "r", "r" },
		{ "r", "ar", "", "ar", "r", "r" },
		{ "r", "a", "ar", "", "r", "r" },
		{ "a", "a", "a", "a", "", "" },
		{ "a", "a", "a", "a", "", "" },
	};
	char text[2][64];

	for (u32 i = 0; i < 36; i++) {
		struct both both;
		char said[8] = "";

		sprintf(text[0], "policy: t\nlimits: { connect: %s }",
			rates[i / 6]);
		sprintf(text[1], "policy: t\nlimits: { connect: %s }",
			rates[i % 6]);
		both = compare(text[0], text[1]);
		for (size_t j = 0; j < both.diff->nr; j++)
			said[j] = "aro"[both.diff->differences[j].change];
		assert_string_equal(said, changes[i / 6][i % 6]);
		end(&both);
	}
	(void)state;
}

/*
 * Leaves no addresses open but those of a network. What is denied of IPv4 is denied
 * inside of IPv6, too, so the other family is allowed.
 */
static char *close_others(const char *network, char *to)
{
	u8 addr[16] = { 0 }, other[16];
	char name[64], text[INET6_ADDRSTRLEN];
	int family = strchr(network, ':') ? AF_INET6 : AF_INET;
	u32 bits = strtoul(strchr(network, '/') + 1, NULL, 10);

	snprintf(name, sizeof(name), "%s", network);
	*strchr(name, '/') = '\0';
	inet_pton(family, name, addr);
	to += sprintf(to, "  - allow: { to: [%s] }\n  - deny: { to: [",
		      family == AF_INET ? "\"::/0\"" : "0.0.0.0/0");
	for (u32 bit = 0; bit < bits; bit++) {
		memset(other, 0, sizeof(other));
		for (u32 i = 0; i <= bit; i++)
			other[i / 8] |= addr[i / 8] & 0x80 >> i % 8;
		other[bit / 8] ^= 0x80 >> bit % 8;
		inet_ntop(family, other, text, sizeof(text));
		to += sprintf(to, "%s\"%s/%u\"", bit ? ", " : "", text,
			      bit + 1);
	}
	return to + sprintf(to, "] }\n");
}

static bool differs_by_name(const char *network, const char *before,
			    const char *after)
{
	static const char head[] = "policy: t\negress:\n  default: deny\n"
				   "  resolvers: [192.0.2.1]\n  rules:\n";
	char texts[2][16384];
	bool found = false;
	struct both both;

	for (u32 side = 0; side < 2; side++)
		sprintf(close_others(network, stpcpy(texts[side], head)),
			"  - allow: { host: h.example%s }\n",
			side ? after : before);
	both = compare(texts[0], texts[1]);
	for (size_t i = 0; i < both.diff->nr; i++)
		found |= both.diff->differences[i].about == FNGC_ABOUT_HOST;
	end(&both);
	return found;
}

/* Half of each of these networks is special, and the other half is not. */
static const char *const halves[] = {
	"0.0.0.0/7", "10.0.0.0/7", "100.0.0.0/9", "126.0.0.0/7",
	"169.254.0.0/15", "172.0.0.0/11", "192.0.0.0/23", "192.168.0.0/15",
	"198.16.0.0/14", "192.0.0.0/2", "::/15", "64:ff9b::/47", "100::/63",
	"2001::/22", "fc00::/6", "fe00::/8", "fe00::/7", "64:ff9b::a00:0/103",
	"64:ff9b::7e00:0/103", "2002:a00::/23", "2002:a9fe::/31",
};

static void no_end_of_special_addresses_is_missed(void **state)
{
	for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++) {
		if (!differs_by_name(halves[i], "", ", answers: any"))
			fail_msg("of %s, none is special", halves[i]);
		if (!differs_by_name(halves[i], ", ports: [1/tcp]",
				     ", ports: [2/tcp]"))
			fail_msg("of %s, all are special", halves[i]);
	}
	/* All of them are, or none. */
	assert_false(differs_by_name("11.0.0.0/8", "", ", answers: any"));
	assert_false(differs_by_name("10.0.0.0/8", ", ports: [1/tcp]",
				     ", ports: [2/tcp]"));
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule_that_came_or_went_is_named),
		cmocka_unit_test(an_absent_section_allows),
		cmocka_unit_test(every_byte_is_shown),
		cmocka_unit_test(more_is_allowed_and_less),
		cmocka_unit_test(no_end_of_special_addresses_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
