/* domain/pack_law.h — rows of a rule pack that the program evaluates: levels, powers, duties, routes.
 * Plain data in the shape of the YAML files. Members marked "linked" are filled after loading.
 *
 * Layer    domain: pure.   Owns nothing.   Threads: immutable after loading.
 * Data     rules/<pack>/; keys in src/domain/pack_schema.c, explained in rules/README.md
 * Tests    tests/unit/domain/test_pack.c
 */
#ifndef DOMAIN_PACK_LAW_H
#define DOMAIN_PACK_LAW_H

#include "domain/pack_text.h"

enum answer { ANSWER_UNKNOWN, ANSWER_YES, ANSWER_NO };

/* All listed keys must match; the values of one key are alternatives. Nothing listed matches all. */
struct pack_when {
    enum tier *tier; /* of the acting node */
    uint32_t tier_count;
    struct names role; /* of the acting node */
    enum level *level;
    uint32_t level_count;
    enum colour *colour;
    uint32_t colour_count;
    enum level *graded; /* what this pack itself proposes for the facts of the matter */
    uint32_t graded_count;
    bool newly; /* and did not before this act: the moment at which it was found */
    enum answer happened;
    const char *field;  /* a field of the act's body, else of the matter … */
    struct names value; /* … and what it, or one of its entries, may be; "none" = it is absent */
};

struct level_row {
    enum level level;
    const char *name; /* 重大 */
    const char *en;
    enum colour colour;
    const char *clause;
};

/* One question to the facts, such as `leaked_users min 10000000`. */
struct fact_test {
    const char *fact;
    int op; /* enum fact_op of domain/facts.h */
    const char *value;
    int fact_id;    /* linked: enum fact_id */
    int other_id;   /* linked: the other fact, for ops that compare two */
    int64_t number; /* linked: value as a number */
};

struct tests {
    struct fact_test *at;
    uint32_t count;
};

/* A condition of a level: met when all its tests are. */
struct condition_row {
    const char *id; /* "L2-4" */
    enum level level;
    const char *provision;
    bool machine;       /* decided by a number, without anybody's judgement */
    struct tests tests; /* none only where it is not enforced */
    struct names wants; /* facts that should come with it, though it does not depend on them */
    const char *figure; /* a figure that was never confirmed: told, never applied */
    enum confidence confidence;
    bool enforce;
    const struct provision_row *law; /* linked */
};

/* While `fact` is unknown and `from` has at least `min` entries, their provinces stand for it. */
struct derive_row {
    const char *fact;
    const char *from;
    int64_t min;
    const char *ambiguity;
    const char *zh;
    const char *en;
    int fact_id; /* linked */
    int from_id; /* linked */
};

/* Said beside a grade when all its tests are met. */
struct note_row {
    const char *id;
    struct tests tests;
    const char *ambiguity;
    const char *zh;
    const char *en;
};

struct said {
    const char *zh;
    const char *en;
};

struct sayings {
    struct said *at;
    uint32_t count;
};

/* What a power asks of its user. in: the answers that will do, in the words of `fengsui may`. */
struct power_need {
    int what; /* enum power_what of domain/power.h */
    struct names in;
    const char *provision; /* when it is not the row's own */
    const char *zh;        /* why it is refused without */
    const char *en;
    struct sayings then;             /* what to do instead */
    const struct provision_row *law; /* linked */
};

struct power_row {
    const char *id;
    const char *act; /* "warning.publish" */
    const char *provision;
    struct pack_when when; /* which warnings, responses … the row is about */
    struct power_need *needs;
    uint32_t needs_count;
    const char *zh; /* what it allows */
    const char *en;
    struct sayings then; /* what is owed afterwards */
    enum confidence confidence;
    bool enforce;
    const struct provision_row *law; /* linked */
};

struct pack_deadline {
    enum deadline_kind kind;
    int64_t n;
    const char *from; /* "happened", "recorded", "body.<field>"; NULL = happened */
};

struct duty_row {
    const char *id; /* "004.6.1a"; a provision with several has "004.5.4a.1" … */
    const char *provision;
    struct names opened_by; /* act kinds */
    struct pack_when when;
    struct names owners;      /* resolvers: every node found owes it … */
    struct names owner_roles; /* … that has one of these roles, when some are listed */
    struct names receivers;   /* resolvers: one duty a node found; none = nobody receives */
    struct pack_deadline deadline;
    struct names performed_by; /* act kinds, by the owner, in the same matter */
    struct names cancelled_by;
    bool anywhere;  /* performed by such an act in any matter of the owner: duties of readiness */
    bool repeats;   /* is owed again after each performance, until cancelled */
    const char *en; /* when the provision's gloss is not enough */
    const char *ambiguity;
    enum confidence confidence;
    bool enforce;
    const struct provision_row *law; /* linked: clause, modality, text */
};

struct route_row {
    const char *id;
    const char *act;
    const char *provision;
    struct pack_when when;
    struct names to;       /* resolvers */
    const char *ambiguity; /* when it is our reading or policy, not the letter */
    const char *en;
    const struct provision_row *law; /* linked */
};

#endif
