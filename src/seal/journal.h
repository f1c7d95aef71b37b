/* seal/journal.h — the signer's memory on disk: a small file of fixed places, rewritten in turns.
 *
 *   file    ┌ slot 0: A │ B ┐┌ slot 1: A │ B ┐ …        one slot a ledger (guard_row.slot)
 *   place   "fsl1" · writes (8, big-endian) · node (65) · universe (65) · size (8) · root (32) · SHA-256
 *
 * A row is written to its two places alternately, so a torn write leaves the one before. What was written
 * survives the end of any process at once. It is synced when a ledger is new and at least once a second of
 * the heads' own times; after a power cut the heads that the store shows (seal_keep) make up for the rest.
 *
 * Layer    seal.
 * Owns     journal_open gives an object freed by journal_close.
 * Threads  one at a time.
 * Errors   ERR_DAMAGED the file is not what the signer wrote; ERR_IO, ERR_FULL.
 * Tests    tests/unit/seal/test_journal.c
 */
#ifndef SEAL_JOURNAL_H
#define SEAL_JOURNAL_H

#include "seal/guard.h"

struct journal;

/* Opens or makes the file (0600) and puts its rows into the empty guard. */
MUST_USE enum errc journal_open(const char *path, struct guard *guard, struct journal **out, struct err *err);
void journal_close(struct journal *journal);

/* The file, for the sandbox: the only one that the signer keeps open. */
int journal_fd(const struct journal *journal);

MUST_USE enum errc journal_write(struct journal *journal, struct guard_row *row, int64_t time_ms,
                                 struct err *err);

#endif
