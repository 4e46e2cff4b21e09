// SPDX-License-Identifier: MIT
/*
 * Large policies: 10,000 path rules and 10,000 networks in time and memory, and
 * patterns that multiply end in an error that names the limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include <compiler/compiler.h>

/* Under the sanitizers everything takes several times as long. */
#ifdef __SANITIZE_ADDRESS__
#define MAX_SECONDS	16
#define MAX_KIB		(2u << 20)
#else
#define MAX_SECONDS	2
#define MAX_KIB		(512u << 10)
#endif

static const char *const words[] = {
	"alpha", "conf", "data", "cache", "lib", "bin", "share", "log", "run",
	"service", "node", "python", "cert", "keys", "static", "media", "doc",
	"model", "index", "shard", "queue", "batch", "event", "user", "bill",
};

static u32 next(u32 *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void add_path(FILE *out, u32 *seed)
{
	static const char *const tops[] = { "srv", "var/lib", "etc", "app" };
	static const char *const tails[] = { "", "", "", "", "/**", "/**",
					     "/*.conf", "/**/x.json" };
	u32 parts = next(seed) % 4 + 2;

	fprintf(out, "    - { path: '/%s", tops[next(seed) % 4]);
	while (parts--)
		fprintf(out, "/%s%u", words[next(seed) % 25],
			next(seed) % 1000);
	fprintf(out, "%s', %s: [read%s] }\n", tails[next(seed) % 8],
		next(seed) % 10 ? "allow" : "deny",
		next(seed) % 2 ? ", write" : "");
}

static void add_networks(FILE *out, u32 *seed, u32 nr)
{
	static const char *const ports[] = { "443/tcp", "53", "8000-8100/tcp",
					     "80/tcp, 443/tcp", "'*/udp'" };

	fprintf(out, "    - { %s: { to: [", next(seed) % 10 ? "allow" : "deny");
	for (u32 i = 0; i < nr; i++) {
		u32 prefix = next(seed) % 20 + 12;
		u32 addr = next(seed) << 16 ^ next(seed);

		addr &= ~0u << (32 - prefix);
		if (next(seed) % 5)
			fprintf(out, "%s%u.%u.%u.%u/%u", i ? ", " : "",
				addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
				addr & 255, prefix);
		else
			fprintf(out, "%s'2001:%x:%x::/48'", i ? ", " : "",
				next(seed) & 0xffff, next(seed) & 0xffff);
	}
	fprintf(out, "], ports: [%s] } }\n", ports[next(seed) % 5]);
}

static char *large_policy(u32 paths, u32 networks, size_t *size)
{
	u32 seed = 7;
	char *text;
	FILE *out = open_memstream(&text, size);

	fputs("policy: large\nattach: { cgroup: [/fn/*] }\n"
	      "exec: { map: ['/usr/lib/**', '/app/**/*.so'] }\n"
	      "files:\n  rules:\n", out);
	for (u32 i = 0; i < paths; i++)
		add_path(out, &seed);
	fputs("egress:\n  rules:\n", out);
	for (u32 i = 0; i < networks; i += 20)
		add_networks(out, &seed, 20);
	fclose(out);
	return text;
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
}

static u32 peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static struct fngc_result *compile(const char *text, size_t size)
{
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	fngc_compile_text(&options, "t.yaml", text, size, &result);
	return result;
}

static void test_large(void **unused)
{
	double start = cpu_seconds();
	struct fngc_result *result;
	size_t size;
	char *text;

	text = large_policy(10000, 10000, &size);
	result = compile(text, size);
	if (!result->image)
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	print_message("%u states, %u slots, %zu bytes, %.2f s, %u KiB\n",
		      result->stats.path_states, result->stats.path_trans,
		      result->image_size, cpu_seconds() - start, peak_kib());
	assert_true(cpu_seconds() - start < MAX_SECONDS);
	assert_true(peak_kib() < MAX_KIB);
	/* A table that is packed well has few slots that nobody owns. */
	assert_true(result->stats.path_trans < 2 * result->stats.path_states);
	fngc_result_free(result);
	free(text);
	(void)unused;
}

static char *multiplying_policy(u32 nr, size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	fputs("policy: t\nfiles:\n  rules:\n", out);
	for (u32 i = 0; i < nr; i++)
		fprintf(out, "    - { path: '/**/d%u/**/x%u', allow: [read] }\n",
			i, i);
	fclose(out);
	return text;
}

static void test_multiplying(void **unused)
{
	struct fngc_result *result;
	size_t size;
	char *text = multiplying_policy(8, &size);

	result = compile(text, size);
	assert_non_null(result->image);
	fngc_result_free(result);
	free(text);
	text = multiplying_policy(200, &size);
	result = compile(text, size);
	assert_null(result->image);
	assert_int_equal(result->nr_errors, 1);
	assert_non_null(strstr(result->diags[0].message, "2097152 states"));
	assert_true(peak_kib() < MAX_KIB);
	fngc_result_free(result);
	free(text);
	(void)unused;
}

/* One network in many rules, with many inside: sets of rules must not explode. */
static void test_overlaps(void **unused)
{
	struct fngc_result *result;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	fputs("policy: t\negress:\n  rules:\n", out);
	for (u32 i = 1; i <= 1000; i++)
		fprintf(out, "    - { allow: { to: [10.0.0.0/8], ports: "
			"[%u/tcp] } }\n    - { deny: { to: [10.%u.0.0/16] } }\n",
			i, i % 256);
	fclose(out);
	result = compile(text, size);
	assert_non_null(result->image);
	assert_true(result->stats.v4 <= 257);
	fngc_result_free(result);
	free(text);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_multiplying),
		cmocka_unit_test(test_overlaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
