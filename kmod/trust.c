// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates, and what they vouch for: a keyring that nobody but this module can
 * write to, and the kernel's own check of PKCS#7 signatures against it.
 *
 * The root user is the keyring's owner and may look at it. Nobody may link, search,
 * change or clear it: permissions of keys are no question of capabilities, and
 * what is kept cannot be taken out either.
 */
#include <crypto/hash.h>
#include <crypto/public_key.h>
#include <keys/asymmetric-type.h>
#include <linux/cred.h>
#include <linux/crypto.h>
#include <linux/fs.h>
#include <linux/key.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uidgid.h>
#include <linux/verification.h>

#include "trust.h"

/* Whoever holds a reference in his hands, which is only this module. */
#define TRUST_PERMISSIONS	((KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW)

/**
 * fng_trust_create() - make a keyring that trusts nobody yet
 * @extack: told why not
 *
 * Return: for fng_trust_drop(), or ERR_PTR().
 */
struct key *fng_trust_create(struct netlink_ext_ack *extack)
{
	return keyring_alloc(".fnguard", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
			     current_cred(), TRUST_PERMISSIONS,
			     KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_SET_KEEP, NULL,
			     NULL);
}

static int refuse_kind(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "This kernel cannot check signatures by keys of the certificate's kind");
	return -ENOPKG;
}

/*
 * Other things are taken for keys as well: one that is private is not told apart
 * by its parser, but has no issuer. And a certificate that somebody else signed is
 * read even if nothing here can check what its holder signs.
 */
static int check_key(const struct key *key, struct netlink_ext_ack *extack)
{
	if (!asymmetric_key_ids(key)) {
		NL_SET_ERR_MSG(extack, "It is a key, but no certificate");
		return -EBADMSG;
	}
	if (!crypto_has_alg(asymmetric_key_public_key(key)->pkey_algo, 0, 0))
		return refuse_kind(extack);
	return 0;
}

/* Its own signature is checked, with a cipher that there may not be. */
static int explain_certificate(struct netlink_ext_ack *extack, int err)
{
	switch (err) {
	case -ENOMEM:
		return err;
	case -ENOENT:
	case -ENOPKG:
		return refuse_kind(extack);
	case -EKEYREJECTED:
		NL_SET_ERR_MSG(extack,
			       "The certificate is on the kernel's blacklist, or its own signature is wrong");
		return err;
	default:
		NL_SET_ERR_MSG(extack,
			       "Not an X.509 certificate in DER that this kernel can read");
		return err;
	}
}

/**
 * fng_trust_add() - trust the holder of one more certificate
 * @ring: from fng_trust_create(); on failure, to be dropped
 * @number: of the certificate; another than those before
 * @certificate: X.509, in DER
 * @size: bytes of it
 * @extack: told why not
 *
 * A certificate may have the subject and the key of another, when it was renewed:
 * keys of the same description would replace each other.
 */
int fng_trust_add(struct key *ring, u32 number, const void *certificate,
		  u32 size, struct netlink_ext_ack *extack)
{
	char description[32];
	key_ref_t ref;
	int err;

	snprintf(description, sizeof(description), "certificate %u", number);
	ref = key_create_or_update(make_key_ref(ring, 1), "asymmetric",
				   description, certificate, size,
				   TRUST_PERMISSIONS, KEY_ALLOC_NOT_IN_QUOTA);
	if (IS_ERR(ref))
		return explain_certificate(extack, PTR_ERR(ref));
	err = check_key(key_ref_to_ptr(ref), extack);
	key_ref_put(ref);
	return err;
}

/**
 * fng_trust_drop() - forget a keyring that was not used for anything yet
 * @ring: from fng_trust_create()
 */
void fng_trust_drop(struct key *ring)
{
	key_put(ring);
}

static void explain_signature(struct netlink_ext_ack *extack, int err)
{
	switch (err) {
	case -ENOMEM:
		break;
	case -ENOKEY:
		NL_SET_ERR_MSG(extack,
			       "None of the certificates that the guard was sealed with signed this policy");
		break;
	case -EKEYREJECTED:
		NL_SET_ERR_MSG(extack,
			       "The signature is not one of these bytes, or was made when its certificate was not valid");
		break;
	case -ENOPKG:
		NL_SET_ERR_MSG(extack,
			       "The signature is of a kind that this kernel cannot check");
		break;
	default:
		NL_SET_ERR_MSG(extack,
			       "The signature is not a detached one in DER, as fnguard policy sign makes it");
	}
}

/**
 * fng_trust_check() - did the holder of a certificate sign this?
 * @ring: which certificates
 * @data: what is said to be signed
 * @size: bytes of @data
 * @signature: PKCS#7 in DER, without the data
 * @signature_size: bytes of @signature
 * @extack: told why not
 *
 * Neither may change meanwhile. A certificate in the signature counts if one in
 * @ring signed it.
 */
int fng_trust_check(struct key *ring, const void *data, u32 size,
		    const void *signature, u32 signature_size,
		    struct netlink_ext_ack *extack)
{
	int err;

	/* Without a keyring, the kernel's own certificates would do. */
	if (WARN_ON_ONCE(!ring))
		return -EPERM;
	err = verify_pkcs7_signature(data, size, signature, signature_size,
				     ring, VERIFYING_UNSPECIFIED_SIGNATURE,
				     NULL, NULL);
	if (err)
		explain_signature(extack, err);
	return err;
}

/* All of it, from the beginning, wherever the sender has read to. */
static int add_file(struct shash_desc *desc, struct file *file, void *buffer)
{
	loff_t pos = 0;
	ssize_t n;
	int err;

	while ((n = kernel_read(file, buffer, SZ_64K, &pos))) {
		if (n < 0)
			return n;
		err = crypto_shash_update(desc, buffer, n);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int digest(struct crypto_shash *hash, struct file *file, u8 *sha256)
{
	struct shash_desc *desc;
	void *buffer;
	int err = -ENOMEM;

	desc = kzalloc(sizeof(*desc) + crypto_shash_descsize(hash), GFP_KERNEL);
	buffer = kvmalloc(SZ_64K, GFP_KERNEL);
	if (!desc || !buffer)
		goto out;
	desc->tfm = hash;
	err = crypto_shash_init(desc) ?: add_file(desc, file, buffer) ?:
	      crypto_shash_final(desc, sha256);
out:
	kvfree(buffer);
	kfree(desc);
	return err;
}

/**
 * fng_trust_digest() - see for oneself what is in a file
 * @file: regular, on a file system that only the kernel answers for
 * @sha256: set to the digest of all that is in it
 * @extack: told why there is none
 */
int fng_trust_digest(struct file *file, u8 sha256[FNG_TRUST_DIGEST_SIZE],
		     struct netlink_ext_ack *extack)
{
	struct crypto_shash *hash;
	int err;

	/* What is executed is what is in memory, not what is on the disk. */
	if (!(file->f_mode & FMODE_READ) || file->f_flags & O_DIRECT) {
		NL_SET_ERR_MSG(extack,
			       "The file is not open for reading, or with O_DIRECT");
		return -EBADF;
	}
	hash = crypto_alloc_shash("sha256", 0, 0);
	if (IS_ERR(hash))
		return PTR_ERR(hash);
	err = digest(hash, file, sha256);
	if (err && err != -ENOMEM && err != -EINTR)
		NL_SET_ERR_MSG(extack, "The file could not be read");
	crypto_free_shash(hash);
	return err;
}
