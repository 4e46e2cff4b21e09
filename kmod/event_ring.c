// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU rings of records.
 *
 * A slot is reserved with interrupts off for a few instructions, and filled with
 * preemption off. A softirq that refuses a packet meanwhile reserves the next
 * slot and commits it first. So slots become ready in any order, and the one
 * consumer takes them in the order of reservation, up to the first that is not
 * ready.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/topology.h>

#include "event_ring.h"

/* A power of two. */
#define RING_RECORDS	128u

/* What is allowed leaves as many to what is refused. */
#define RING_SHARE	(RING_RECORDS / 2)

static_assert((RING_RECORDS & (RING_RECORDS - 1)) == 0, "power of two");

/**
 * struct ring - the ring of one CPU
 * @head: next slot to be reserved; this CPU only
 * @tail: next slot to be consumed; the event worker only
 * @records: RING_RECORDS slots
 */
struct ring {
	u32 head;
	u32 tail;
	struct fng_record *records;
};

static DEFINE_PER_CPU(struct ring, rings);

static struct fng_record *slot(const struct ring *ring, u32 position)
{
	return &ring->records[position & (RING_RECORDS - 1)];
}

/**
 * fng_ring_reserve() - get a record to write
 * @refused: of a refusal, or of what would be one
 *
 * Return: a record for fng_ring_commit(), or NULL if the ring is full, or so full
 *	that the rest is for refusals.
 */
struct fng_record *fng_ring_reserve(bool refused)
{
	u32 room = refused ? RING_RECORDS : RING_SHARE;
	struct fng_record *record = NULL;
	unsigned long flags;
	struct ring *ring;

	local_irq_save(flags);
	ring = this_cpu_ptr(&rings);
	/* Pairs with fng_ring_pop(): the slot is no longer read. */
	if (ring->head - smp_load_acquire(&ring->tail) < room) {
		record = slot(ring, ring->head);
		WRITE_ONCE(ring->head, ring->head + 1);
	}
	local_irq_restore(flags);
	return record;
}

/**
 * fng_ring_commit() - let the worker have a record
 * @record: reserved before, and written
 */
void fng_ring_commit(struct fng_record *record)
{
	/* Pairs with fng_ring_peek(). */
	smp_store_release(&record->ready, true);
}

/**
 * fng_ring_peek() - the oldest record of a CPU
 * @cpu: any possible one, online or not
 *
 * Return: a record, valid until fng_ring_pop(), or NULL.
 */
struct fng_record *fng_ring_peek(int cpu)
{
	struct ring *ring = per_cpu_ptr(&rings, cpu);
	struct fng_record *record = slot(ring, ring->tail);

	if (READ_ONCE(ring->head) == ring->tail)
		return NULL;
	/* Pairs with fng_ring_commit(). */
	return smp_load_acquire(&record->ready) ? record : NULL;
}

/**
 * fng_ring_pop() - give back the record that fng_ring_peek() returned
 * @cpu: the same
 */
void fng_ring_pop(int cpu)
{
	struct ring *ring = per_cpu_ptr(&rings, cpu);

	slot(ring, ring->tail)->ready = false;
	/* Pairs with fng_ring_reserve(). */
	smp_store_release(&ring->tail, ring->tail + 1);
}

int fng_ring_init(void)
{
	struct ring *ring;
	int cpu;

	for_each_possible_cpu(cpu) {
		ring = per_cpu_ptr(&rings, cpu);
		ring->records = kvzalloc_node(RING_RECORDS *
					      sizeof(*ring->records),
					      GFP_KERNEL, cpu_to_node(cpu));
		if (!ring->records) {
			fng_ring_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void fng_ring_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(&rings, cpu)->records);
}
