/* SPDX-License-Identifier: MIT */
/*
 * The images that the engine's tests and the fuzzer's seeds start from.
 */
#ifndef IMAGE_SAMPLES_H
#define IMAGE_SAMPLES_H

#include "image_builder.h"

/**
 * enum sample - an image
 * @SAMPLE_FULL: every section has records, every class is present
 * @SAMPLE_SPARSE: only files is present, allows by default and has denials
 * @SAMPLE_BARE: no class is present and no section has more than it must
 * @SAMPLE_AUDIT: SAMPLE_FULL with files auditing and exec enforcing
 * @SAMPLE_OVER: over a base that has the rules of SAMPLE_FULL, with some more
 * @NR_SAMPLES: number of samples
 */
enum sample {
	SAMPLE_FULL,
	SAMPLE_SPARSE,
	SAMPLE_BARE,
	SAMPLE_AUDIT,
	SAMPLE_OVER,
	NR_SAMPLES
};

/* Rules of SAMPLE_FULL, after the defaults of the nine sections. */
enum full_rule {
	FULL_EXEC_DEFAULT,
	FULL_MEMORY_DEFAULT,
	FULL_FILES_DEFAULT,
	FULL_EGRESS_DEFAULT,
	FULL_SOCKETS_DEFAULT,
	FULL_PRIVILEGES_DEFAULT,
	FULL_LISTEN_DEFAULT,
	FULL_UNIX_DEFAULT,
	FULL_LIMITS_DEFAULT,
	FULL_USR,
	FULL_BIN,
	FULL_TMP,
	FULL_SECRETS,
	FULL_MOTD,
	FULL_NO_CODE,
	FULL_WEB,
	FULL_LOCAL,
	FULL_METADATA,
	FULL_FILELESS,
	FULL_WRITE_EXEC,
	FULL_FAMILIES,
	FULL_TYPES,
	FULL_CAPABILITIES,
	FULL_PRIVILEGES,
	FULL_LISTEN,
	FULL_DEAF,
	FULL_PEERS,
	FULL_DOCKER,
	FULL_MODIFIED,
	FULL_DIGEST,
	FULL_DIGEST_LONGER,
	FULL_DNS,
	FULL_API,
	FULL_INSIDE,
	FULL_NO_ADMIN,
	FULL_RATE,
	FULL_LABEL,
	FULL_NR_RULES
};

/* Rules of SAMPLE_OVER after those of its base, see image_begin(). */
enum over_rule {
	OVER_EXEC_DEFAULT = FULL_NR_RULES,
	OVER_MEMORY_DEFAULT,
	OVER_FILES_DEFAULT,
	OVER_EGRESS_DEFAULT,
	OVER_SOCKETS_DEFAULT,
	OVER_PRIVILEGES_DEFAULT,
	OVER_LISTEN_DEFAULT,
	OVER_UNIX_DEFAULT,
	OVER_LIMITS_DEFAULT,
	OVER_OWN,
	OVER_SECRETS,
	OVER_NET,
	OVER_NR_RULES
};

/* States of SAMPLE_OVER: of its base behind "/", and what hands over to that. */
#define OVER_BASE_STATE		2
#define OVER_HANDED		13

/* Rules of SAMPLE_SPARSE that matter, see image_begin(). */
#define SPARSE_FILES_DEFAULT	FULL_FILES_DEFAULT
#define SPARSE_SECRETS		FULL_USR

struct image_blob sample_build(enum sample sample);
const char *sample_name(enum sample sample);

#endif /* IMAGE_SAMPLES_H */
