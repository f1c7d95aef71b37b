/* paper/words.h — values of acts and matters as Chinese official prose says them.
 *
 *   time 2009年5月19日21时50分 · level Ⅱ级 · colour 红色 · regions and nodes by their names, joined by 、
 *
 * Layer    paper: pure.
 * Owns     nothing; texts go into the caller's buffer.
 * Threads  any.
 * Tests    tests/unit/paper/test_words.c
 */
#ifndef PAPER_WORDS_H
#define PAPER_WORDS_H

#include "base/buf.h"
#include "domain/directory.h"
#include "domain/pack_set.h"
#include "paper/papers.h"

/* What a document is made from. body of the act: with the secret values that are known here. */
struct paper_facts {
    const struct papers *papers;
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    const struct directory *dir;
    const struct subject *matter;
    const struct subject *root; /* the matter itself when it is one */
    const struct act *act;
};

/* False when the value says nothing: absent, null, "" or an empty list. */
bool words_value(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                 struct buf *out);

void words_date(int64_t ms, struct buf *out); /* 2009年5月19日 */
void words_time(int64_t ms, struct buf *out);
void words_level(enum level level, struct buf *out);
void words_colour(enum colour colour, struct buf *out);
void words_node(const struct paper_facts *facts, const char *id, struct buf *out);
void words_region(const struct paper_facts *facts, const char *code, struct buf *out);
/* The word of a code in that field; the code itself when there is none. */
const char *words_code(const struct paper_facts *facts, const char *field, const char *code);
/* 一 … 九十九. */
void words_number(size_t number, struct buf *out);

#endif
