// SPDX-License-Identifier: MIT
#include "dns_random.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_PLACES	64
/* How many of the names are asked about. */
#define NR_NEAR		4

/**
 * struct writer - writes a message, and remembers what it can point to
 * @m: the message
 * @prng: random numbers
 * @place: what names there are, and where
 * @nr_places: number of them
 */
struct writer {
	struct dns_message *m;
	struct prng *prng;
	struct {
		const char *name;
		size_t at;
	} place[MAX_PLACES];
	u32 nr_places;
};

static const char *const names[] = {
	"www.a.b", "a.b", "one.a.b", "c", "b", "two.a.b", "x.c", "y.x.c",
	"a!b", "A.b", "",
	"123456789012345678901234567890123456789012345678901234567890123.a.b",
};

static const u32 ttls[] = {
	0, 1, 60, 300, 0x7fffffff, 0x80000000, 0xffffffff
};

static const u16 types[] = {
	FNG_DNS_TYPE_CNAME, FNG_DNS_TYPE_CNAME, FNG_DNS_TYPE_A, FNG_DNS_TYPE_A,
	FNG_DNS_TYPE_AAAA, FNG_DNS_TYPE_AAAA, DNS_TYPE_TXT, DNS_TYPE_DNAME
};

#define PICK(prng, array)	((array)[prng_below(prng, NR(array))])

/* Where a pointer can lead for the rest of a name; 0 for nowhere. */
static size_t find_place(const struct writer *w, const char *name)
{
	for (u32 i = 0; i < w->nr_places; i++)
		if (!strcmp(w->place[i].name, name))
			return w->place[i].at;
	return 0;
}

static void put_label(struct writer *w, const char *name, u8 len)
{
	if (w->nr_places < MAX_PLACES) {
		w->place[w->nr_places].name = name;
		w->place[w->nr_places++].at = w->m->len;
	}
	dns_put(w->m, &len, 1);
	for (u8 i = 0; i < len; i++) {
		char c = name[i];

		if (c >= 'a' && c <= 'z' && !prng_below(w->prng, 8))
			c = (char)(c - 32);
		dns_put(w->m, &c, 1);
	}
}

static void put_name(struct writer *w, const char *name)
{
	while (*name) {
		size_t place = find_place(w, name);
		u8 len = (u8)strcspn(name, ".");

		if (place && prng_below(w->prng, 4)) {
			dns_put_u16(w->m, (u16)(DNS_POINTER | place));
			return;
		}
		put_label(w, name, len);
		name += len + (name[len] == '.');
	}
	dns_put(w->m, "", 1);
}

/* Mostly those that are asked about, so that they meet. */
static const char *any_name(struct writer *w)
{
	return prng_below(w->prng, 8) ? names[prng_below(w->prng, NR_NEAR)] :
	       PICK(w->prng, names);
}

static void put_record(struct writer *w, u16 asked)
{
	u16 type = prng_below(w->prng, 2) ? asked : PICK(w->prng, types);
	u8 address[16];
	size_t at;

	for (at = 0; at < sizeof(address); at++)
		address[at] = (u8)prng_next(w->prng);
	put_name(w, any_name(w));
	if (type == FNG_DNS_TYPE_CNAME || type == DNS_TYPE_DNAME) {
		dns_put_rest(w->m, type, PICK(w->prng, ttls), "", 0);
		at = w->m->len;
		put_name(w, any_name(w));
		dns_set(w->m, at - 2, (u16)(w->m->len - at));
	} else {
		dns_put_rest(w->m, type, PICK(w->prng, ttls), address,
			     type == FNG_DNS_TYPE_A ? 4 : 16);
	}
	/* Now and then of another class. */
	if (!prng_below(w->prng, 16))
		w->m->bytes[w->m->len - 7] ^= (u8)(1 << prng_below(w->prng, 8));
}

void dns_generate(struct dns_message *m, struct prng *prng)
{
	struct fng_dns_question question = {
		.id = (u16)prng_next(prng),
		.type = prng_below(prng, 8) ?
			(prng_below(prng, 2) ? FNG_DNS_TYPE_A :
			 FNG_DNS_TYPE_AAAA) : PICK(prng, types),
	};
	struct writer w = { .m = m, .prng = prng };
	u32 nr = prng_below(prng, 64) ? prng_below(prng, 12) :
		 prng_below(prng, 300);

	dns_start(m, DNS_ANSWER, &question);
	m->len = DNS_AT_NAME;
	put_name(&w, names[prng_below(prng, NR_NEAR)]);
	dns_put_u16(m, question.type);
	dns_put_u16(m, DNS_CLASS_IN);
	while (nr--)
		put_record(&w, question.type);
	if (prng_below(prng, 2))
		dns_put(m, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11);
}

/* One change, in place. Return: the length, which is no longer. */
size_t dns_mutate(u8 *bytes, size_t len, struct prng *prng)
{
	static const u8 hurtful[] = {
		0, 1, 3, 4, 5, 12, 16, 28, 39, 63, 64, 127, 128, 191, 192, 193,
		255
	};
	size_t at, from, nr;

	if (len < 4)
		return len;
	at = prng_below(prng, (u32)len - 1);
	from = prng_below(prng, (u32)len - 1);
	nr = 1 + prng_below(prng, (u32)(len - (at > from ? at : from)));
	switch (prng_below(prng, 8)) {
	case 0:
		return at;
	case 1:
		memmove(bytes + at, bytes + from, nr);
		return len;
	case 2:
		bytes[at] = (u8)(0xc0 | (from >> 8 & 0x3f));
		bytes[at + 1] = (u8)from;
		return len;
	case 3:
		bytes[prng_below(prng, 12) % len] = PICK(prng, hurtful);
		return len;
	case 4:
		bytes[at] ^= (u8)(1 << prng_below(prng, 8));
		return len;
	case 5:
		bytes[at]++;
		return len;
	case 6:
		bytes[at]--;
		return len;
	default:
		bytes[at] = PICK(prng, hurtful);
		return len;
	}
}

static bool same_questions(const u8 *bytes, size_t len, bool response)
{
	struct fng_dns_question a, b;
	int err = dns_run_question(bytes, len, response, &a);

	if (dns_reference_question(bytes, len, response, &b) != err)
		return false;
	return err || (fng_dns_question_equal(&a, &b) &&
		       !strcmp(a.name, b.name) && strlen(a.name) == a.len);
}

/* Whether the reference says the same about a message; what is found, and how, is set. */
bool dns_agree(const u8 *bytes, size_t len,
	       const struct fng_dns_question *question, struct dns_found *found,
	       int *result)
{
	struct dns_found wanted;

	*result = dns_run_answer(bytes, len, question, found);

	if (!same_questions(bytes, len, true) ||
	    !same_questions(bytes, len, false) ||
	    dns_reference_answer(bytes, len, question, &wanted) != *result ||
	    found->nr != (u32)(*result > 0 ? *result : 0) ||
	    found->nr != wanted.nr)
		return false;
	for (u32 i = 0; i < found->nr; i++)
		if (found->address[i].family != wanted.address[i].family ||
		    found->address[i].ttl != wanted.address[i].ttl ||
		    memcmp(found->address[i].addr, wanted.address[i].addr, 16) != 0)
			return false;
	return true;
}
