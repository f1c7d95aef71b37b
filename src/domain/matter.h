/* domain/matter.h — everything a decision about one act can see, and the roles of the law turned into nodes.
 *
 * Resolvers (domain/resolve table in matter.c) are the words that catalogue and packs use for people of
 * the law: "meo", "pca_relevant", "reporter" … Outside parties ("x:NCEO") resolve to themselves.
 *
 * Layer    domain: pure.
 * Owns     nothing. A node list lives in the caller's arena.
 * Threads  any.
 * Errors   ERR_NOMEM; an unknown resolver is ERR_INVALID (the packs are checked at load).
 * Tests    tests/unit/domain/test_matter.c
 */
#ifndef DOMAIN_MATTER_H
#define DOMAIN_MATTER_H

#include "base/arena.h"
#include "domain/catalogue.h"
#include "domain/directory.h"
#include "domain/pack_set.h"

struct matter {
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    const struct directory *dir;
    const struct node_card *actor; /* the node whose act it is */
    const struct subject_row *type;
    const struct act_row *row;
    const struct subject *subject; /* NULL while the act makes it */
    const struct subject *parent;  /* NULL when there is none */
    const struct subject *root;    /* the subject itself when it is a root; NULL while it is made */
    json_t *body;
    json_t *commits; /* secret fields of an act that came without them; NULL = none */
    const char **to; /* addressees, once they are known */
    size_t to_count;
    bool from_peer; /* its maker knows the nodes that it names; not everybody knows every node */
    const json_t *gradings_before; /* what the packs proposed before the act; NULL = nothing */
};

struct node_list {
    const char **ids;
    size_t count;
    size_t room;
};

/* Appends the nodes (and outside parties) that the resolver names, without repeating one. */
MUST_USE enum errc matter_resolve(const struct matter *matter, const char *resolver, struct arena *arena,
                                  struct node_list *out, struct err *err);
MUST_USE enum errc node_list_add(struct node_list *list, const char *id, struct arena *arena,
                                 struct err *err);
bool node_list_has(const struct node_list *list, const char *id);

/* True for a name that matter_resolve knows. */
bool resolver_known(const char *resolver);

/* Outside parties have ids that begin with "x:". */
bool node_is_outside(const char *id);

/* The node where it happened, else the one that reported; NULL when the matter has none. */
const char *matter_reporter(const struct matter *matter);

/* Text of a member of the subject's, then the root's document; NULL when neither has it. */
const char *matter_text(const struct matter *matter, const char *name);

#endif
