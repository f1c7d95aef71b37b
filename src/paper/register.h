/* paper/register.h — matters as a table: the cells of a register, in the words of the papers.
 *
 * Layer    paper: pure.
 * Owns     nothing; cells live in the caller's arena.
 * Threads  any.
 * Errors   ERR_NOMEM, ERR_LIMIT.
 * Data     documents/registers.yaml
 * Tests    tests/unit/paper/test_register.c
 */
#ifndef PAPER_REGISTER_H
#define PAPER_REGISTER_H

#include "base/arena.h"
#include "paper/words.h"
#include "paper/xlsx.h"

/* The table of these matters, each with its document. facts without matter and act. */
MUST_USE enum errc register_table(const struct paper_facts *facts, const struct register_row *row,
                                  const struct subject *matters, size_t count, struct arena *arena,
                                  struct xlsx_table *out, struct err *err);

#endif
