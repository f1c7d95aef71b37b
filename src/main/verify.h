/* main/verify.h — offline proof: a data directory, an exported ledger or a receipt, checked without the node.
 *
 * What PATH is, it says itself: a folder with a record in it (real/, or store.db), or a file whose first line
 * names what it is. A running node may be verified too: nothing is written.
 *
 * Layer    main.
 * Owns     the report is a new reference:
 *          {"ok","node",…,"acts","tree_size","root","witnesses":[…],"problems":[…]}.
 * Threads  any.
 * Errors   ERR_NOT_FOUND, ERR_SYNTAX: there is nothing there that could be verified. What does not hold is in
 *          the report.
 * Tests    tests/unit/main/test_verify.c
 */
#ifndef MAIN_VERIFY_H
#define MAIN_VERIFY_H

#include "base/arena.h"
#include "base/doc.h"

MUST_USE enum errc verify_path(const char *path, struct arena *arena, json_t **out_report, struct err *err);

#endif
