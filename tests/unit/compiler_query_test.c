// SPDX-License-Identifier: MIT
/*
 * Questions as people write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include <compiler/compiler.h>

static int parse(const char *verb, const char *target, const char *access,
		 struct fngc_query *query)
{
	char reason[256] = "";
	int err = fngc_query_parse(verb, target, access, query, reason,
				   sizeof(reason));

	/* A refusal always says why. */
	assert_int_equal(!!err, !!*reason);
	return err;
}

static void test_access(void **unused)
{
	struct fngc_query q;

	assert_int_equal(parse("open", "/a", NULL, &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_READ);
	assert_int_equal(parse("open", "/a", "read,write", &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_READ | FNG_ACCESS_WRITE);
	assert_int_equal(parse("open", "/a", "create delete", &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_CREATE | FNG_ACCESS_DELETE);
	assert_int_equal(parse("open", "/", "all", &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_FILES);
	assert_int_equal(parse("exec", "/a", NULL, &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_EXEC);
	assert_int_equal(parse("map", "/a", NULL, &q), 0);
	assert_int_equal(q.access, FNG_ACCESS_MAP);
	assert_true(parse("open", "/a", "", &q) < 0);
	assert_true(parse("open", "/a", "reed", &q) < 0);
	assert_true(parse("open", "a", NULL, &q) < 0);
	assert_true(parse("open", "", NULL, &q) < 0);
	assert_true(parse("open", "/a/", NULL, &q) < 0);
	assert_true(parse("open", "//a", NULL, &q) < 0);
	assert_true(parse("open", "/a/./b", NULL, &q) < 0);
	assert_true(parse("open", "/a/..", NULL, &q) < 0);
	assert_true(parse("exec", "/a", "read", &q) < 0);
	assert_true(parse("run", "/a", NULL, &q) < 0);
	(void)unused;
}

static void test_rename(void **unused)
{
	struct fngc_query q;

	assert_int_equal(parse("rename", "/a", "/b/c", &q), 0);
	assert_string_equal(q.path, "/a");
	assert_string_equal(q.to, "/b/c");
	assert_true(parse("rename", "/a", NULL, &q) < 0);
	assert_true(parse("rename", "/a", "b", &q) < 0);
	assert_true(parse("rename", "a", "/b", &q) < 0);
	assert_false(q.tree);
	assert_int_equal(parse("rename-dir", "/a", "/b", &q), 0);
	assert_true(q.tree);
	assert_int_equal(q.access, FNG_ACCESS_DELETE);
	assert_int_equal(parse("link", "/a", "/b", &q), 0);
	assert_int_equal(q.verb, FNGC_MOVE);
	assert_int_equal(q.access, FNG_ACCESS_LINK);
	assert_int_equal(parse("link", "/a", NULL, &q), 0);
	assert_int_equal(q.verb, FNGC_ACCESS);
	(void)unused;
}

static void test_limit(void **unused)
{
	struct fngc_query q;

	assert_int_equal(parse("limit", "connect", NULL, &q), 0);
	assert_int_equal(q.part, FNG_LIMIT_CONNECT);
	assert_true(parse("limit", "sleep", NULL, &q) < 0);
	assert_true(parse("limit", "connect", "/a", &q) < 0);
	(void)unused;
}

static void test_connect(void **unused)
{
	struct fngc_query q;

	assert_int_equal(parse("connect", "1.2.3.4:443/udp", NULL, &q), 0);
	assert_int_equal(q.endpoint.family, 4);
	assert_int_equal(q.endpoint.proto, FNG_PROTO_UDP);
	assert_int_equal(q.endpoint.port, 443);
	assert_memory_equal(q.endpoint.addr, "\1\2\3\4", 4);
	assert_int_equal(parse("connect", "1.2.3.4:443", NULL, &q), 0);
	assert_int_equal(q.endpoint.proto, FNG_PROTO_TCP);
	assert_int_equal(parse("connect", "[::1]:53/udp", NULL, &q), 0);
	assert_int_equal(q.endpoint.family, 6);
	assert_int_equal(q.endpoint.addr[15], 1);
	assert_int_equal(parse("connect", "1.2.3.4/icmp", NULL, &q), 0);
	assert_int_equal(q.endpoint.port, 0);
	assert_int_equal(parse("connect", "[::1]/icmp", NULL, &q), 0);
	assert_true(parse("connect", "1.2.3.4", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:0", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:65536", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:80x", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:80/", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:80/icmp", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3.4:80/other", NULL, &q) < 0);
	assert_true(parse("connect", "1.2.3:80", NULL, &q) < 0);
	assert_true(parse("connect", "[::1:80", NULL, &q) < 0);
	assert_true(parse("connect", "::1:80", NULL, &q) < 0);
	assert_true(parse("connect", "[", NULL, &q) < 0);
	assert_true(parse("connect", "", NULL, &q) < 0);
	(void)unused;
}

static void test_hosts(void **unused)
{
	char longest[300] = "";
	struct fngc_query q;

	assert_int_equal(parse("connect", "Api.Example.COM.:443", NULL, &q), 0);
	assert_int_equal(q.verb, FNGC_CONNECT);
	assert_string_equal(q.host, "api.example.com");
	assert_int_equal(q.endpoint.port, 443);
	assert_int_equal(q.endpoint.proto, FNG_PROTO_TCP);
	assert_false(fng_address_special(&q.endpoint));
	assert_int_equal(parse("connect", "host:53/udp", NULL, &q), 0);
	assert_int_equal(q.endpoint.proto, FNG_PROTO_UDP);
	assert_int_equal(parse("connect", "host/icmp", NULL, &q), 0);
	assert_int_equal(parse("connect", "1.2.3.4:443", NULL, &q), 0);
	assert_string_equal(q.host, "");
	assert_true(parse("connect", "host", NULL, &q) < 0);
	assert_true(parse("connect", "host:", NULL, &q) < 0);
	assert_true(parse("connect", "a..b:80", NULL, &q) < 0);
	assert_true(parse("connect", "*.b:80", NULL, &q) < 0);
	assert_true(parse("connect", "[host]:80x", NULL, &q) < 0);
	assert_true(parse("connect", ":80", NULL, &q) < 0);
	assert_int_equal(parse("resolve", "Example.COM.", NULL, &q), 0);
	assert_int_equal(q.verb, FNGC_RESOLVE);
	assert_string_equal(q.host, "example.com");
	assert_true(parse("resolve", "1.2.3.4", NULL, &q) < 0);
	assert_true(parse("resolve", "example.com:53", NULL, &q) < 0);
	assert_true(parse("resolve", "", NULL, &q) < 0);
	assert_true(parse("resolve", ".", NULL, &q) < 0);
	for (int i = 0; i < 126; i++)
		strcat(longest, "a.");
	strcat(longest, "a.");
	assert_int_equal(parse("resolve", longest, NULL, &q), 0);
	assert_int_equal(strlen(q.host), FNG_MAX_HOST_NAME);
	strcat(longest, ":80");
	assert_int_equal(parse("connect", longest, NULL, &q), 0);
	(void)unused;
}

static void test_others(void **unused)
{
	struct fngc_query q;

	assert_int_equal(parse("socket", "inet6/dgram", NULL, &q), 0);
	assert_int_equal(q.family, AF_INET6);
	assert_int_equal(q.type, SOCK_DGRAM);
	assert_int_equal(parse("socket", "unix", NULL, &q), 0);
	assert_int_equal(q.type, SOCK_STREAM);
	assert_int_equal(parse("floor", "io_uring", NULL, &q), 0);
	assert_int_equal(q.part, FNG_FLOOR_IO_URING);
	assert_int_equal(parse("fileless", "exec", NULL, &q), 0);
	assert_int_equal(parse("modified", "map", NULL, &q), 0);
	assert_int_equal(q.verb, FNGC_MODIFIED);
	assert_int_equal(parse("write-exec", "mmap", NULL, &q), 0);
	assert_true(parse("socket", "inet/", NULL, &q) < 0);
	assert_true(parse("socket", "/stream", NULL, &q) < 0);
	assert_true(parse("floor", "roof", NULL, &q) < 0);
	assert_true(parse("fileless", "", NULL, &q) < 0);
	assert_true(parse("modified", "write", NULL, &q) < 0);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_rename),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
