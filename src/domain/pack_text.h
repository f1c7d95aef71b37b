/* domain/pack_text.h — rows of a rule pack that are read by people: the document, its clauses, words and
 * gaps. Plain data in the shape of the YAML files; optional texts are NULL when absent.
 *
 * Layer    domain: pure.   Owns nothing.   Threads: immutable after loading.
 * Data     rules/<pack>/; keys in src/domain/pack_schema.c, explained in rules/README.md
 * Tests    tests/unit/domain/test_pack.c
 */
#ifndef DOMAIN_PACK_TEXT_H
#define DOMAIN_PACK_TEXT_H

#include "domain/model.h"

/* How sure we are of a row. Only what stands in the source or was verified may be enforced. */
enum confidence { CONFIDENCE_SOURCE, CONFIDENCE_VERIFIED, CONFIDENCE_MEMORY, CONFIDENCE_DRAFT };

enum modality {
    MODALITY_MUST,
    MODALITY_MUST_NOT,
    MODALITY_MAY,
    MODALITY_POWER, /* gives a power to somebody */
    MODALITY_ENC,   /* encourages */
    MODALITY_DEF,   /* defines */
    MODALITY_GOAL   /* aims */
};

struct names {
    const char **at;
    uint32_t count;
};

struct pack_head {
    const char *id; /* "miit-2017-281" */
    const char *version;
    const char *title;
    const char *en;
    const char *number;     /* 文号 with the bracket 〔〕; NULL when the document has none */
    const char *number_raw; /* as printed */
    const char *issuer;
    const char *signed_on; /* YYYY-MM-DD; NULL = not in the text */
    const char *effective;
    const char *expires;
    const char *provenance; /* where the text comes from and in what state it is */
    const char *checked_by;
    bool complete; /* every clause of the document is here */
    bool main;     /* the one that `fengsui grade` takes when none is named */
    struct names supersedes;
};

struct clause_row {
    const char *id; /* as printed: "4.4", "3.2(4)", "三(三)" */
    const char *title;
    const char *text;
    const char *en;
};

/* The smallest piece of a clause that obliges, allows, defines or aims. */
struct provision_row {
    const char *id; /* "004.4.1b" */
    const char *clause;
    enum modality modality;
    struct names who; /* role codes */
    const char *zh;   /* word for word from the clause */
    const char *en;
};

struct field_item {
    const char *name; /* of the act's body field */
    const char *zh;
    const char *en;
    bool ours; /* not in the clause, asked for by this program */
};

/* The fields that a clause demands of a document. */
struct field_set {
    const char *name;
    const char *provision;
    const char *zh;
    const char *en;
    struct names acts; /* the kinds that carry it */
    struct field_item *fields;
    uint32_t fields_count;
};

struct enum_value {
    const char *id;
    const char *zh;
    const char *en;
    bool open; /* the law's 等 or 其他 */
};

struct enum_row {
    const char *name; /* "incident.cause" */
    const char *clause;
    const char *zh;
    const char *en;
    struct enum_value *values;
    uint32_t values_count;
};

struct document_row {
    const char *id;
    const char *zh;
    const char *en;
    const char *group;
    const char *clause;
    struct names acts;
};

/* Where the law is unclear, contradicts itself or is damaged, and how this program treats it. */
struct ambiguity_row {
    const char *id;    /* "17" */
    const char *where; /* "004§5.5" */
    const char *problem;
    const char *treatment;
    const char *zh;
    bool plan;            /* concerns this pack's document */
    struct names clauses; /* of this pack */
};

/* A provision on which nothing hangs, and why. */
struct gap_row {
    const char *provision;
    const char *kind; /* "goal", "definition", "lost", "outside", "open" */
    const char *reason;
};

struct role_row {
    const char *code; /* "INT-L" */
    const char *zh;
    const char *en;
    const char *of; /* the role that it is a kind of */
    bool large;     /* only those on the regulator's list */
    bool assumed;   /* our reading; see the ambiguity */
    struct names names;
};

struct alias_row {
    const char *name;
    const char *from;  /* YYYY-MM-DD; NULL = unknown or always */
    const char *until; /* the first day on which it is no longer used */
};

struct organisation_row {
    const char *id;
    const char *name; /* today's */
    const char *role;
    struct alias_row *aliases;
    uint32_t aliases_count;
    const char *note;
    enum confidence confidence;
};

#endif
