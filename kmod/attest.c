// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that userspace has digested.
 *
 * What is kept is a fact about a file: what was in it as long as it has not
 * changed. Whose policy asks for it does not matter, so that replacing a policy
 * loses nothing, and one file may be known by many names.
 *
 * Between the beginning and the end, nobody may have written it. Who had it open
 * is found at the beginning, and whoever opens it later moves the change time, to
 * one that cannot have been there before the beginning. Who had it open may have
 * left pages of it to be written by a device or another file: they are taken from
 * the file at the beginning.
 */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "attest.h"
#include "drift.h"
#include "ruleset.h"

#define ATTEST_HASH_BITS	12

/**
 * struct fact - what is known of one file
 * @node: in the hash, by the inode's number; RCU readers
 * @age: in the list of all, oldest first
 * @state: of the file when that was known
 * @moment: from fng_clock_now(), before it was read
 * @sha256: digest of its content
 * @rcu: for freeing after the last reader
 *
 * Immutable once in the hash; writers hold fng_control_mutex.
 */
struct fact {
	struct hlist_node node;
	struct list_head age;
	struct fng_file_state state;
	struct fng_moment moment;
	u8 sha256[FNG_SHA256_SIZE];
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(facts, ATTEST_HASH_BITS);
static LIST_HEAD(ages);
static u32 nr_facts;

static struct fact *find(const struct fng_file_state *state)
{
	struct fact *fact;

	hash_for_each_possible_rcu(facts, fact, node, state->ino,
				   lockdep_is_held(&fng_control_mutex))
		if (fng_file_same(&fact->state, state))
			return fact;
	return NULL;
}

static void drop(struct fact *fact)
{
	hash_del_rcu(&fact->node);
	list_del(&fact->age);
	nr_facts--;
	kfree_rcu(fact, rcu);
}

/* There may be an older fact about the file. */
static void insert(struct fact *fact)
{
	struct fact *old = find(&fact->state);

	if (old)
		drop(old);
	hash_add_rcu(facts, &fact->node, fact->state.ino);
	list_add_tail(&fact->age, &ages);
	if (++nr_facts > FNG_MAX_ATTESTED)
		drop(list_first_entry(&ages, struct fact, age));
}

/* All its subvolumes, and their snapshots, have the same device and numbers. */
static bool is_ambiguous(struct file *file)
{
	const struct inode *inode = fng_drift_inode(file);

	return inode && inode->i_sb->s_magic == BTRFS_SUPER_MAGIC;
}

static int look(struct file *file, struct fng_file_state *state,
		struct netlink_ext_ack *extack)
{
	if (!S_ISREG(file_inode(file)->i_mode)) {
		NL_SET_ERR_MSG(extack, "Only regular files have a digest");
		return -EINVAL;
	}
	if (is_ambiguous(file)) {
		NL_SET_ERR_MSG(extack,
			       "On btrfs, files of different subvolumes cannot be told apart");
		return -EOPNOTSUPP;
	}
	if (fng_drift_look(file, state))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The file is open for writing, or its file system does not tell when a file changes");
	return -ETXTBSY;
}

/* The pages of these are the file. */
static bool is_in_memory(const struct inode *inode)
{
	return inode->i_sb->s_magic == TMPFS_MAGIC ||
	       inode->i_sb->s_magic == RAMFS_MAGIC;
}

/*
 * Whatever still refers to a page of the file is left with one that is not. What
 * is stored through a mapping while this goes on moves the change time.
 */
static int renew_pages(struct file *file, struct netlink_ext_ack *extack)
{
	struct inode *inode = fng_drift_inode(file);
	struct address_space *mapping = inode ? inode->i_mapping : NULL;

	if (!inode || is_in_memory(inode))
		return 0;
	if (!filemap_write_and_wait(mapping) && !invalidate_inode_pages2(mapping))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The file's pages are being written, or cannot be; try again");
	return -EAGAIN;
}

/**
 * fng_attest_begin() - somebody is going to digest a file
 * @file: the file
 * @moment: set to what has to be handed to fng_attest()
 * @extack: told why it cannot be relied on
 */
int fng_attest_begin(struct file *file, struct fng_moment *moment,
		     struct netlink_ext_ack *extack)
{
	struct fng_file_state state;

	*moment = fng_clock_now();
	/* Whoever opens it from here on leaves a stamp that is not older. */
	smp_mb();
	return look(file, &state, extack) ?: renew_pages(file, extack) ?:
	       look(file, &state, extack);
}

static int check(const struct fng_file_state *state,
		 const struct fng_attestation *said,
		 struct netlink_ext_ack *extack)
{
	if (fng_moment_before(fng_clock_now(), said->moment)) {
		NL_SET_ERR_MSG(extack, "The moment is yet to come");
		return -EINVAL;
	}
	if (said->size != state->size || said->ctime != state->ctime) {
		NL_SET_ERR_MSG(extack,
			       "The file has changed since it was looked at");
		return -ESTALE;
	}
	if (state->stamp >= fng_clock_stamp(said->moment)) {
		NL_SET_ERR_MSG(extack,
			       "The file changed just before it was digested; try again");
		return -EAGAIN;
	}
	return 0;
}

/**
 * fng_attest() - somebody has digested a file
 * @file: the file
 * @said: what he has seen
 * @extack: told why it is not believed
 */
int fng_attest(struct file *file, const struct fng_attestation *said,
	       struct netlink_ext_ack *extack)
{
	struct fng_file_state state;
	struct fact *fact;
	int err;

	lockdep_assert_held(&fng_control_mutex);
	err = look(file, &state, extack) ?: check(&state, said, extack);
	if (err)
		return err;
	fact = kmalloc(sizeof(*fact), GFP_KERNEL_ACCOUNT);
	if (!fact)
		return -ENOMEM;
	fact->state = state;
	fact->moment = said->moment;
	memcpy(fact->sha256, said->sha256, sizeof(fact->sha256));
	insert(fact);
	return 0;
}

/**
 * fng_attested() - is a file known to have a digest?
 * @file: open, or mapped
 * @sha256: the digest
 *
 * Return: false also if it is being written, or has changed since it was known.
 */
bool fng_attested(struct file *file, const u8 *sha256)
{
	const struct fact *fact;
	struct fng_file_state state;

	if (!fng_drift_look(file, &state))
		return false;
	fact = find(&state);
	return fact && fact->state.size == state.size &&
	       fact->state.ctime == state.ctime &&
	       state.stamp < fng_clock_stamp(fact->moment) &&
	       !memcmp(fact->sha256, sha256, sizeof(fact->sha256));
}

/* No command can arrive and no hook can run any more. */
void fng_attest_exit(void)
{
	struct fact *fact, *next;

	mutex_lock(&fng_control_mutex);
	list_for_each_entry_safe(fact, next, &ages, age)
		drop(fact);
	mutex_unlock(&fng_control_mutex);
}
