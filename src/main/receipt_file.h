/* main/receipt_file.h — one act and who has confirmed to have received it: the proof of reporting, as a file.
 *
 *   {"fengsui":"receipt","v":1,"act":"<bytes>","receipts":[{"card":{…},"act":"<bytes>","proof":"…"}]}
 *
 * Each receipt is an act of the receiver, proven to stand in its signed ledger under the key of the card, and
 * names the hash of the bytes that came.
 *
 * Layer    main.
 * Owns     documents are new references.
 * Threads  any.
 * Errors   ERR_NOT_FOUND no such act, or nobody has confirmed it yet; ERR_SYNTAX, ERR_INVALID a
 *          text that is no
 *          such file; those of the store. What does not hold is in the report.
 * Tests    tests/unit/main/test_receipt_file.c
 */
#ifndef MAIN_RECEIPT_FILE_H
#define MAIN_RECEIPT_FILE_H

#include "base/arena.h"
#include "base/doc.h"
#include "store/store.h"

MUST_USE enum errc receipt_file_make(struct store *store, const char *act, struct arena *arena, json_t **out,
                                     struct err *err);

/* {"ok","acts":1,"tree_size","root","witnesses":[],"act":{"id","kind","node"},
 *  "receipts":[{"node","received","state","key"}],"problems":[{"act","why"}]}
 * Size and root are those of the receiver's head that covers the first receipt. */
MUST_USE enum errc receipt_file_verify(json_t *file, struct arena *arena, json_t **out_report,
                                       struct err *err);

#endif
