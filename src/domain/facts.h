/* domain/facts.h — what is known of an incident: the input of `fengsui grade`, read strictly.
 *
 * Every fact may be unknown (absent or null). leaked_records never stands in for leaked_users. `judged`
 * holds a person's judgement of the words that the law leaves undefined.
 *
 * Layer    domain: pure.
 * Owns     nothing: strings point into the document and the arena, which must outlive the facts.
 * Threads  plain data.
 * Errors   ERR_INVALID naming the field: wrong type, negative or fractional count, unknown region, word or
 *          field. Broken JSON and duplicate keys are refused before, by base/doc.h. *out is untouched.
 * Tests    tests/unit/domain/test_facts.c, tests/prop/prop_grade.c
 */
#ifndef DOMAIN_FACTS_H
#define DOMAIN_FACTS_H

#include "base/arena.h"
#include "domain/pack_law.h"
#include "domain/region.h"

enum fact_id {
    FACT_HAPPENED,
    FACT_CAUSE,
    FACT_KINDS,
    FACT_LEAKED_USERS,
    FACT_LEAKED_RECORDS,
    FACT_NATIONWIDE,
    FACT_PROVINCES,
    FACT_PREFECTURES,
    FACT_MANY_USERS_OFFLINE,
    FACT_CN_TLD_DEGRADED,
    FACT_LARGE_RESOLVER_ABNORMAL,
    FACT_SITE_ABNORMAL,
    FACT_SITE_INFLUENCE,
    FACT_VIRUS_OUTBREAK,
    FACT_OTHER_LEVEL,
    FACT_OTHER_REASON,
    FACT_COUNT
};

enum fact_type { FACT_IS_BOOL, FACT_IS_COUNT, FACT_IS_WORD, FACT_IS_WORDS, FACT_IS_REGIONS, FACT_IS_TEXT };

/* is, min, max, known, unknown, has, lacks ask one fact; above and outside compare two. */
enum fact_op {
    FACT_OP_IS,
    FACT_OP_MIN,
    FACT_OP_MAX,
    FACT_OP_KNOWN,
    FACT_OP_UNKNOWN,
    FACT_OP_HAS,
    FACT_OP_LACKS,
    FACT_OP_ABOVE,   /* a number greater than that of the other fact */
    FACT_OP_OUTSIDE, /* a region that lies in none of the other fact's */
    FACT_OP_COUNT
};

struct fact {
    bool known;
    bool derived;   /* taken from another fact by a derive row */
    int64_t number; /* bool 0/1, count; for lists the number of different entries */
    const char *text;
    const char **items;
    size_t item_count;
};

struct facts {
    struct fact at[FACT_COUNT];
};

/* "scope.provinces"; parse gives -1 for an unknown path. */
const char *fact_path(enum fact_id id);
const char *fact_zh(enum fact_id id);
int fact_parse(const char *path);
enum fact_type fact_type(enum fact_id id);
const char *fact_op_name(enum fact_op op);
/* True when the fact may have this value: "true", a word of its list … Numbers are not asked here. */
bool fact_word_known(enum fact_id id, const char *word);

MUST_USE enum errc facts_read(json_t *doc, const struct region_table *regions, struct arena *arena,
                              struct facts *out, struct err *err);

enum verdict { VERDICT_NOT_MET, VERDICT_UNKNOWN, VERDICT_MET };

/* One question. A fact that is not known makes it unknown, except for the ops that ask just that. */
enum verdict facts_ask(const struct facts *facts, const struct fact_test *test);

#endif
