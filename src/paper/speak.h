/* paper/speak.h — texts of templates filled in from the act, its matter and the root.
 *
 *   {scope}          field of the entry, when one is spoken of, else of the act
 *   {entry}          the entry itself, when it is a text
 *   {matter.x} {root.x}   title, state, level, colour, owner, opened, updated, or a field of the document
 *   {act.x}          id, node, person, post, date, time, year, number, to
 *   {pack.x} {clause}     title and number of the law; the template's clause
 *   […]              left out when something in it has no value
 *
 * Layer    paper: pure.
 * Owns     nothing; texts go into the caller's buffer.
 * Threads  any.
 * Tests    tests/unit/paper/test_speak.c
 */
#ifndef PAPER_SPEAK_H
#define PAPER_SPEAK_H

#include "paper/words.h"

struct speech {
    const struct paper_facts *facts;
    const struct paper_row *row; /* NULL for registers */
    const json_t *entry;         /* of the list that a part goes through; NULL = none */
    const char *list;            /* its name */
};

/* False, and nothing added, when something outside […] has no value or nothing at all was said. */
bool speak(const struct speech *speech, const char *text, struct buf *out);

/* One name, without braces. */
bool speak_name(const struct speech *speech, const char *name, struct buf *out);

/* A list by its name ("findings", "matter.evidence"); NULL when it is not there or empty. */
const json_t *speak_list(const struct speech *speech, const char *name);

#endif
