/* domain/grade.h — propose a level from facts, under one pack.
 *
 * The program proposes; a named person adopts it or gives a reason for another. Every condition of the
 * pack is answered, so that one sees why, and what is still missing.
 *
 * Layer    domain: pure.
 * Owns     nothing: texts belong to the pack, the facts or the arena.
 * Threads  any.
 * Errors   ERR_NOMEM when the arena is exhausted; ERR_INVALID for a pack without levels.
 * Data     rules/<pack>/levels.yaml
 * Tests    tests/unit/domain/test_grade.c, tests/prop/prop_grade.c
 */
#ifndef DOMAIN_GRADE_H
#define DOMAIN_GRADE_H

#include "domain/facts.h"
#include "domain/pack.h"

struct grade_condition {
    const struct condition_row *row;
    enum verdict verdict;
};

struct grade {
    const struct pack *pack;
    struct facts facts;            /* with what was derived from them */
    const struct level_row *level; /* the highest with a condition met; NULL when there is none */
    bool machine;                  /* a numeric condition of that level is met */
    const struct grade_condition *conditions;
    size_t condition_count;
    const char *const *missing; /* paths of unknown facts that could still matter, each once */
    size_t missing_count;
    const char *const *notes;
    size_t note_count;
};

MUST_USE enum errc grade_facts(const struct pack *pack, const struct facts *facts, struct arena *arena,
                               struct grade *out, struct err *err);

enum grade_detail {
    GRADE_ALL, /* every condition, with why it is met, is not, or is not known: contracts/cli.md */
    GRADE_MET  /* those that are met: what a matter keeps */
};

/* A new reference, NULL when out of memory. */
json_t *grade_json(const struct grade *grade, enum grade_detail detail);

#endif
