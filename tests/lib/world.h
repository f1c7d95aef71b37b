/* lib/world.h — the shipped law and catalogue, and a few nodes of a country, for tests of the upper layers.
 *
 * A node of the world is a real one: a store on disk (or in memory), a signer, a desk. Messages are handed
 * over by world_deliver, which does what the link does, without a network.
 */
#ifndef LIB_WORLD_H
#define LIB_WORLD_H

#include "desk/desk.h"
#include "lib/law.h"

enum { WORLD_NODES_MAX = 64 };

struct world_node {
    char id[NODE_ID_MAX + 1];
    char dir[300];
    struct store *store;
    struct seal *seal;
    struct desk *desk;
    struct node_card card;
    bool cut; /* no message goes in or out */
};

struct world {
    struct law law;
    struct env env;
    int64_t now_ms;
    uint64_t random;
    char dir[300];
    struct world_node nodes[WORLD_NODES_MAX];
    size_t count;
};

/* Only law and catalogue, and a clock that stands at 2009-05-19T21:50+08:00. Fails the test on any error. */
void world_open(struct world *world);
void world_close(struct world *world);

/* A node to be; its texts must outlive the world. */
struct world_person {
    const char *id;
    const char *name;
    enum tier tier;
    const char *region;
    const char *parent; /* "" for the top */
    const char *role;
    bool large;
};

void world_add(struct world *world, const struct world_person *person);
/* Gives every node the cards of all. */
void world_introduce(struct world *world);

/* The ministry `miit`, provinces `pca-330000` and `pca-320000`, enterprises `tel-zj` and `inet-zj` (large)
 * below the first, `tel-js` below the second, the institution `cncert` below the ministry. */
void world_people(struct world *world);

struct world_node *world_node(struct world *world, const char *id);

/* One act by a person of that node. body is JSON text. Returns the answer's code; *out may be NULL. */
enum errc world_act(struct world *world, const char *node, const char *kind, const char *subject,
                    const char *parent, const char *body, struct submission *out);

/* Hands over everything that waits in outboxes, until nothing does. Returns the number of acts moved. */
size_t world_deliver(struct world *world);

/* A document of the node's copy of a matter; the caller drops it. NULL when the node does not know it. */
json_t *world_subject(struct world *world, const char *node, const char *id);

/* How many duties of that rule the node knows in that state; rule NULL = any. */
size_t world_duties(struct world *world, const char *node, const char *rule, enum duty_state state);

#endif
