/* sim/registry.h — what really happened, written down by somebody who sees everything.
 *
 * Every act is entered when its maker's record shows it for the first time, every matter with the chain of
 * its owners. The checks compare what each node believes with this.
 */
#ifndef SIM_REGISTRY_H
#define SIM_REGISTRY_H

#include "domain/catalogue.h"
#include "sim/country.h"

enum { REGISTRY_SLOTS = 1 << 13, MATTERS_MAX = 512 };

/* What becomes of an act made up by a hostile peer. */
enum forgery {
    HONEST,
    FOREIGN_HAND, /* nobody made it as it stands: no honest node may record it */
    BEYOND_POWER, /* truly made by its node, which must not: nobody may act on it */
    PERMITTED     /* odd, and within the hostile node's rights */
};

struct made_act {
    char id[UUID_TEXT_SIZE];
    size_t node;
    const struct act_row *row;
    struct matter_fact *matter; /* NULL for a free act */
    uint64_t to;                /* set of nodes it is for */
    uint64_t waited;            /* where it came before its matter */
    int64_t seq;
    const char *bytes;
    size_t size_bytes;
    uint64_t refused; /* set of nodes whose last answer about it was a refusal */
    enum forgery forgery;
    const char *answers; /* of an acceptance or refusal: the offer its maker had before it */
    const char *why;     /* of a forgery */
};

/* A matter, with its owner by the chain of releases. */
struct matter_fact {
    char id[UUID_TEXT_SIZE];
    const struct subject_row *type;
    struct matter_fact *parent; /* NULL for a root */
    struct matter_fact *root;
    size_t owner;
    int64_t epoch;
    const char *offer; /* id of the open offer; NULL = none */
    size_t offered_to;
    size_t assignee;                             /* of an order; COUNTRY_NODES = nobody */
    uint64_t known;                              /* set of nodes that have it */
    int32_t heard[COUNTRY_NODES][COUNTRY_NODES]; /* at a node: number of the last act of each other */
    bool spoilt;                                 /* the hostile node has had a say in who owns it */
};

struct registry {
    struct made_act *slots[REGISTRY_SLOTS];
    struct made_act **acts; /* in the order of their making */
    size_t act_count;
    size_t act_room;
    struct matter_fact *matters[MATTERS_MAX];
    size_t matter_count;
};

/* NULL when nobody made it. */
struct made_act *registry_act(const struct registry *registry, const char *id);
/* NULL when memory or room is exhausted. */
struct made_act *registry_add(struct registry *registry, const char *id, struct arena *arena);

struct matter_fact *registry_matter(const struct registry *registry, const char *id);
struct matter_fact *registry_add_matter(struct registry *registry, const char *id, struct arena *arena);

#endif
