// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each allocation fails once while the module is loaded: it is there and can be
 * removed, or it is not and has left nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "deeds.h"
#include "fault.h"
#include "manage.h"
#include "sample.h"
#include "torture.h"

/*
 * To make a cache, whatever that is called, the kernel makes an object of sysfs,
 * and loses its name if it cannot. Where a module has branches that are patched,
 * it warns that these may not work.
 */
#define SHELTER								\
	"insmod /share/torture-modules-*/shelter.ko "				\
	"functions=kmem_cache_create_usercopy,__kmem_cache_create_args,"	\
	"jump_label_module_notify"

static int file;
static u64 injected, refused;

static int insert(u32 n)
{
	int err;

	fault_begin(n);
	err = manage_insert_file(file);
	fault_left = fault_end();
	return err;
}

static void remove_it(void)
{
	int err = manage_remove();

	if (err)
		die("the module cannot be removed: %d", err);
}

/* Somebody may still answer for what is said not to be there. */
static void check_gone(u32 n)
{
	struct fng_client client;

	torture_check(!manage_inserted(), "after fault %u, the module is there",
		      n);
	torture_check(fng_client_open(&client) == -ENOENT,
		      "after fault %u, its family is there", n);
	fng_client_close(&client);
}

static void check_answers(u32 n)
{
	struct fng_client_status status;
	struct fng_client client;

	torture_check(!fng_client_open(&client) &&
		      !fng_client_status(&client, false, &status),
		      "with fault %u it was loaded, and does not answer: %s", n,
		      client.error);
	fng_client_close(&client);
	remove_it();
}

static bool fail(u32 n, void *data)
{
	int err = insert(n);
	bool hit = !fault_left;

	(void)data;
	torture_check(!err || err == ENOMEM,
		      "with fault %u it is refused with %d", n, err);
	if (err)
		check_gone(n);
	else
		check_answers(n);
	injected += hit;
	refused += !!err;
	return hit;
}

static u32 rehearse(void)
{
	int err = insert(FAULT_NEVER);

	if (err)
		die("the module cannot be loaded: %d", err);
	check_answers(FAULT_NEVER);
	return FAULT_NEVER - fault_left;
}

/* After all that, it works. */
static void check_works(void)
{
	const struct rules rules = { .name = "torture-init", .lenient = true };
	const struct attempt attempt = { .act = deeds_open_bad };
	struct outcome outcome;

	deeds_setup();
	rules_load(&rules);
	run_guarded(rules.name, &attempt, &outcome);
	torture_check(outcome.err == EACCES && outcome.nr == 1,
		      "what is denied ends with %d", outcome.err);
	deeds_cleanup();
}

/* Most of what a load allocates, the kernel can do without: few are fatal. */
static void refuse_once(u32 total)
{
	u32 n;

	for (n = 1; !refused && n <= total; n++)
		fail(n, NULL);
}

int main(int argc, char **argv)
{
	u32 total;

	torture_begin(argc, argv);
	if (!fault_setup())
		return torture_skip("this kernel cannot inject faults");
	if (system(SHELTER))
		die("no shelter");
	file = manage_open_file();
	remove_it();
	total = rehearse();
	torture_start();
	sample("load of the module", total, fail, NULL);
	refuse_once(total);
	close(file);
	if (system("rmmod shelter"))
		die("the shelter stays");
	if (manage_insert())
		die("the module cannot be loaded");
	check_works();
	torture_work("faults injected", injected);
	torture_work("of them refused", refused);
	return torture_end("a module whose memory runs out is not there");
}
