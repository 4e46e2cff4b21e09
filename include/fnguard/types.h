/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The fixed-width types that the image format and the decision engine are
 * written in, on both sides of the kernel boundary.
 */
#ifndef FNGUARD_TYPES_H
#define FNGUARD_TYPES_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif
#endif

/* An image is little-endian and is used in place, without conversion. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "fnguard supports little-endian machines only"
#endif

#endif /* FNGUARD_TYPES_H */
