/* domain/catalogue.h — what can be done in this program: subject types, their states, acts and fields.
 *
 * Rows come from api/acts/<type>.yaml. They are not law; a row that rests on a clause names it.
 * A catalogue that loads is sound: one initial state a type, every state reachable, every state either
 * final or left by some act, every name known.
 *
 * Layer    domain: pure.
 * Owns     catalogue_load gives an object freed by catalogue_free; rows are lent.
 * Threads  immutable after loading.
 * Errors   ERR_SYNTAX with the file's name and line for YAML that does not fit; ERR_INVALID for rows
 *          that contradict each other.
 * Data     api/acts
 * Tests    tests/unit/domain/test_catalogue.c
 */
#ifndef DOMAIN_CATALOGUE_H
#define DOMAIN_CATALOGUE_H

#include "base/embed.h"
#include "domain/model.h"

enum field_type {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_BOOL,
    FIELD_TIME,
    FIELD_DATE,
    FIELD_REGION,
    FIELD_REGIONS,
    FIELD_LEVEL,
    FIELD_COLOUR,
    FIELD_ENUM,
    FIELD_ENUMS,
    FIELD_NODE,
    FIELD_NODES,
    FIELD_SUBJECT,
    FIELD_HASH,
    FIELD_FACTS,
    FIELD_TEXTS,
    FIELD_FIGURES,
    FIELD_OBJECT
};

/* "text", "int" …, as the files write it. */
const char *field_type_name(enum field_type type);

struct field_row {
    const char *name;
    enum field_type type;
    bool required;
    bool secret;        /* travels beside the act, only to those who need to know */
    int64_t min;        /* int: least value; 0 when absent */
    int64_t max;        /* text: characters; int: greatest value; lists: entries. 0 = the type's default */
    const char *clause; /* the law that demands the field, or NULL */
    const char *zh;
    const char *en;
    const char *of;      /* subject: the type it must have, or NULL */
    const char **values; /* enum: what it may be */
    uint32_t values_count;
};

/* How the acting node must stand to the subject. */
enum act_by { BY_ANYONE, BY_OWNER, BY_PARTY, BY_ADDRESSEE, BY_ASSIGNEE, BY_OFFERED, BY_SYSTEM };
/* "owner" …, as the files write it. */
const char *act_by_name(enum act_by by);

/* How the act changes the subject's document. */
enum act_fold {
    FOLD_MERGE,  /* body fields replace those of the same name */
    FOLD_APPEND, /* body, with act id, node and time, goes onto the list named by `list` */
    FOLD_NONE,
    FOLD_OFFER, /* ownership: remember whom it was offered to */
    FOLD_ACCEPT,
    FOLD_DECLINE,
    FOLD_RELEASE /* ownership passes */
};

/* Another power is asked under this type of parent: an order under a warning is a measure of it. */
struct power_under {
    const char *parent;
    const char *power;
};

struct act_row {
    const char *kind;
    const char *zh;
    const char *en;
    bool creates;      /* makes a new subject when none is named */
    const char **from; /* states that allow it; none listed = every state that is not final, or, for an
                          * act that creates, no state at all */
    uint32_t from_count;
    const char *to;        /* state afterwards; NULL = unchanged */
    const char *parent_to; /* state of the parent subject afterwards; NULL = unchanged */
    enum act_by by;
    const char *power; /* asked of the packs; NULL = none needed */
    struct power_under *power_under;
    uint32_t power_under_count;
    const char *clause;
    enum act_fold fold;
    const char *list;
    const char **route; /* resolver names */
    uint32_t route_count;
    const char **guards; /* names of domain/guard.h */
    uint32_t guards_count;
    const char **follow; /* acts that the program of the subject's owner makes at once after this one */
    uint32_t follow_count;
    const char *cascade; /* a system act made on every open child that takes it */
    bool free;           /* needs no subject: receipts, refusals */
    bool code;           /* asks a person for a second factor */
    const char *expand;  /* a nodes field: one act for each of its nodes, the node put into `assignee` */
    struct field_row *fields;
    uint32_t fields_count;
};

struct state_row {
    const char *name;
    const char *zh;
    const char *en;
    bool initial;
    bool final;
};

struct subject_row {
    const char *subject;
    const char *zh;
    const char *en;
    const char *parent; /* type it hangs under, "*" = any; NULL = a root */
    bool local;         /* the node's own affair: no peer acts on it, and it is passed to none */
    struct state_row *states;
    uint32_t states_count;
    struct act_row *acts;
    uint32_t acts_count;
};

struct catalogue;

/* The files below "acts/"; their bytes need not outlive the call. */
MUST_USE enum errc catalogue_load(const struct embed_set *files, struct catalogue **out, struct err *err);
void catalogue_free(struct catalogue *cat);

size_t catalogue_count(const struct catalogue *cat);
const struct subject_row *catalogue_at(const struct catalogue *cat, size_t index);

/* NULL when there is no such row. The type "*" holds the acts that fit every subject. */
const struct subject_row *catalogue_subject(const struct catalogue *cat, const char *type);
const struct act_row *catalogue_act(const struct catalogue *cat, const char *kind,
                                    const struct subject_row **out_subject);
const struct state_row *catalogue_state(const struct subject_row *row, const char *name);
const struct field_row *act_row_field(const struct act_row *row, const char *name);

#endif
