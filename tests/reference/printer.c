// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <stdarg.h>

#include "glob.h"
#include "printer.h"

void ref_put(struct ref_printer *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(p->out, fmt, args);
	va_end(args);
}

bool ref_style_coin(struct ref_printer *p)
{
	p->style = p->style * 1664525u + 1013904223u;
	return p->style >> 31;
}

void ref_put_end(struct ref_printer *p)
{
	if (ref_style_coin(p) && ref_style_coin(p) && ref_style_coin(p))
		fputs(" # it's \"so\": { ${root}", p->out);
	fputs(p->policy->style % 8 ? "\n" : "\r\n", p->out);
	p->line++;
}

/* What needs no quotes; without a blank, neither ": " nor " #" is in it. */
static bool is_plain(const struct ref_printer *p, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789/._-+*?^@!~\\{}[],$'\"";
	size_t len = strspn(text, safe);

	return *text == '/' && !text[len] &&
	       !(p->flow && strpbrk(text, "{}[],"));
}

/* A character by its number, as JSON and YAML both can. */
static void put_number(struct ref_printer *p, const u8 *c, size_t size)
{
	u32 number = size == 1 ? *c : *c & (0x7f >> size);

	for (size_t i = 1; i < size; i++)
		number = number << 6 | (c[i] & 0x3f);
	if (number < 0x80 && ref_style_coin(p))
		ref_put(p, "\\x%02x", number);
	else
		ref_put(p, number > 0xffff ? "\\U%08X" : "\\u%04x", number);
}

static void put_double(struct ref_printer *p, const char *text, bool numbers)
{
	size_t size;

	for (; *text; text += size) {
		size = ref_char_size(text);
		if (numbers && ref_style_coin(p)) {
			put_number(p, (const u8 *)text, size);
			continue;
		}
		if (*text == '"' || *text == '\\')
			fputc('\\', p->out);
		fwrite(text, size, 1, p->out);
	}
}

static void put_single(struct ref_printer *p, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', p->out);
		fputc(*text, p->out);
	}
}

/* libfyaml 0.7.12 misreads two escaped single quotes in a row. */
void ref_put_text(struct ref_printer *p, const char *text)
{
	if (is_plain(p, text) && ref_style_coin(p)) {
		fputs(text, p->out);
	} else if (ref_style_coin(p) && !strstr(text, "''")) {
		fputc('\'', p->out);
		put_single(p, text);
		fputc('\'', p->out);
	} else {
		fputc('"', p->out);
		put_double(p, text, ref_style_coin(p));
		fputc('"', p->out);
	}
}

void ref_put_pattern(struct ref_printer *p, const char *pattern)
{
	char text[REF_PATTERN_SIZE + sizeof("${root}")] = "${root}";
	const char *root = p->policy->root;
	size_t len = strlen(root);

	if (len && !strncmp(pattern, root, len)) {
		strcat(text, pattern + len);
		pattern = text;
	}
	ref_put_text(p, pattern);
}

void ref_put_patterns(struct ref_printer *p, const char *key,
		      const char (*patterns)[REF_PATTERN_SIZE], u32 nr)
{
	ref_put(p, "%s: [", key);
	for (u32 i = 0; i < nr; i++) {
		ref_put(p, "%s", i ? ", " : "");
		ref_put_pattern(p, patterns[i]);
	}
	ref_put(p, "]");
}

static void put_long(struct ref_printer *p, const u8 *addr)
{
	for (u32 i = 0; i < 16; i += 2)
		ref_put(p, "%s%X", i ? ":" : "", addr[i] << 8 | addr[i + 1]);
}

void ref_put_network(struct ref_printer *p, const struct ref_network *network)
{
	const u8 *addr = network->addr;
	bool v4 = network->prefix >= 96 && ref_is_v4(addr) &&
		  network->style == REF_STYLE_PLAIN;
	char text[INET6_ADDRSTRLEN];

	ref_put(p, "\"");
	if (v4)
		ref_put(p, "%u.%u.%u.%u", addr[12], addr[13], addr[14],
			addr[15]);
	else if (network->style == REF_STYLE_LONG)
		put_long(p, addr);
	else
		ref_put(p, "%s", inet_ntop(AF_INET6, addr, text, sizeof(text)));
	if (network->prefix < 128 || ref_style_coin(p))
		ref_put(p, "/%u", network->prefix - (v4 ? 96 : 0));
	ref_put(p, "\"");
}

void ref_put_ports(struct ref_printer *p, const struct ref_ports *ports)
{
	const char *proto = ref_proto_names[ports->proto];

	if (ports->every && ports->proto != REF_OTHER &&
	    (ports->proto == REF_ICMP || ref_style_coin(p))) {
		ref_put(p, "%s", proto);
		return;
	}
	ref_put(p, "\"");
	if (ports->every)
		ref_put(p, "*");
	else if (ports->first == ports->last && ref_style_coin(p))
		ref_put(p, "%u", ports->first);
	else
		ref_put(p, "%u-%u", ports->first, ports->last);
	if (ports->proto != REF_OTHER)
		ref_put(p, "/%s", proto);
	ref_put(p, "\"");
}

void ref_put_words(struct ref_printer *p, const struct ref_words *words,
		   const struct ref_word *names)
{
	ref_put(p, "[");
	for (u32 i = 0; i < words->nr; i++)
		ref_put(p, "%s%s", i ? ", " : "", names[words->word[i]].name);
	ref_put(p, "]");
}

void ref_put_bits(struct ref_printer *p, u32 bits)
{
	const char *comma = "";

	ref_put(p, "[");
	if (bits == REF_FILE_BITS && ref_style_coin(p)) {
		ref_put(p, "all");
		bits = 0;
	}
	for (u32 i = 0; i < REF_NR_BITS; i++) {
		if (!(bits >> i & 1))
			continue;
		ref_put(p, "%s%s", comma, ref_bit_names[i]);
		comma = ", ";
	}
	ref_put(p, "]");
}
