// SPDX-License-Identifier: MIT
/*
 * The JSON writer: escapes, UTF-8 and running out of room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include <client/json.h>

static void structure_has_its_commas(void **state)
{
	struct fng_json json;
	char buf[256];

	(void)state;
	fng_json_init(&json, buf, sizeof(buf));
	fng_json_open(&json, NULL, '{');
	fng_json_number(&json, "a", UINT64_MAX);
	fng_json_open(&json, "b", '[');
	fng_json_open(&json, NULL, '{');
	fng_json_close(&json, '}');
	fng_json_string(&json, NULL, "{");
	fng_json_string(&json, NULL, "[");
	fng_json_close(&json, ']');
	fng_json_true(&json, "c");
	fng_json_hex(&json, "d", "\x00\xff", 2);
	fng_json_close(&json, '}');
	buf[json.len] = '\0';
	assert_string_equal(buf, "{\"a\":18446744073709551615,\"b\":[{},\"{\",\"[\"],\"c\":true,\"d\":\"00ff\"}");
}

/* Jansson is strict about UTF-8: it is asked about every pair of bytes. */
static void utf8_is_what_others_take_for_it(void **state)
{
	unsigned int a, b, tail;
	char text[5] = { 0 };
	json_t *string;

	(void)state;
	for (a = 0x80; a < 0x100; a++) {
		for (b = 0; b < 0x100; b++) {
			for (tail = 0; tail < 3; tail++) {
				size_t size = 2 + tail, length;

				text[0] = a;
				text[1] = b;
				memset(text + 2, 0x80, 2);
				string = json_stringn(text, size);
				length = fng_utf8_length((u8 *)text, size);
				if (length == size)
					assert_non_null(string);
				else if (!length)
					assert_null(string);
				json_decref(string);
			}
		}
	}
}

static void every_byte_can_be_read_back(void **state)
{
	char buf[128], text[3] = "x";
	struct fng_json json;
	json_t *array;
	int byte;

	(void)state;
	for (byte = 1; byte < 0x100; byte++) {
		text[1] = byte;
		fng_json_init(&json, buf, sizeof(buf));
		fng_json_open(&json, NULL, '[');
		assert_int_equal(fng_json_bytes(&json, NULL, text, 2),
				 byte < 0x80);
		fng_json_close(&json, ']');
		array = json_loadb(buf, json.len, 0, NULL);
		assert_non_null(array);
		if (byte < 0x80)
			assert_string_equal(json_string_value(
						json_array_get(array, 0)), text);
		json_decref(array);
		for (size_t i = 0; i < json.len; i++)
			assert_true((u8)buf[i] >= 0x20 && buf[i] != 0x7f);
	}
}

static void control_characters_of_two_bytes_are_escaped(void **state)
{
	struct fng_json json;
	char buf[64];

	(void)state;
	fng_json_init(&json, buf, sizeof(buf));
	assert_true(fng_json_bytes(&json, NULL, "\xc2\x9b", 2));
	assert_int_equal(json.len, 8);
	assert_memory_equal(buf, "\"\\u009b\"", 8);
}

/* Whatever the room, nothing is written beyond it, and it is said. */
static void overflow_is_noticed(void **state)
{
	struct fng_json json;
	char buf[64];
	size_t size;

	(void)state;
	for (size = 0; size < 40; size++) {
		memset(buf, '#', sizeof(buf));
		fng_json_init(&json, buf, size);
		fng_json_open(&json, NULL, '{');
		fng_json_string(&json, "key", "a\n\xff\xc3\xa9z");
		fng_json_number(&json, "n", 12345);
		fng_json_close(&json, '}');
		assert_true(json.len <= size);
		assert_int_equal(buf[size], '#');
		if (!json.overflow)
			break;
	}
	assert_int_equal(size, strlen("{\"key\":\"a\\u000a\\ufffd\xc3\xa9z\",\"n\":12345}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure_has_its_commas),
		cmocka_unit_test(utf8_is_what_others_take_for_it),
		cmocka_unit_test(every_byte_can_be_read_back),
		cmocka_unit_test(control_characters_of_two_bytes_are_escaped),
		cmocka_unit_test(overflow_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
