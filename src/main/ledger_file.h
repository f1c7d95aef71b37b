/* main/ledger_file.h — a ledger as a file that an auditor can check without the node: JSON lines.
 *
 *   {"fengsui":"ledger","v":1,"node","universe","suite","time"}
 *   {"anchor":{…}}                                     cards that are believed without an act
 *   {"pos":0,"leaf":"<hex>","act":"…","proof":"…","annex":"…"}        the bytes of act and proof, as texts
 *   {"head":{…}}                                       signed, over the acts so far
 *   {"witness":{…}}                                    signed under the head before it
 *   {"end":{"acts":12}}
 *
 * annex (secret values) is left out unless it is asked for; proof stands with acts of peers only.
 *
 * Layer    main.
 * Owns     nothing.
 * Threads  any.
 * Errors   ERR_SYNTAX with the line that is no such file; ERR_IO, ERR_FULL; those of the store. What does not
 *          hold is in the report (desk/audit.h).
 * Tests    tests/unit/main/test_ledger_file.c
 */
#ifndef MAIN_LEDGER_FILE_H
#define MAIN_LEDGER_FILE_H

#include "base/env.h"
#include "desk/audit.h"
#include "store/store.h"

#include <stdio.h>

MUST_USE enum errc ledger_file_write(struct store *store, const struct env *env, bool with_secrets, FILE *out,
                                     struct err *err);

/* *out_report is a new reference, as audit_end gives it. name is for messages. */
MUST_USE enum errc ledger_file_audit(FILE *in, const char *name, json_t **out_report, struct err *err);

#endif
