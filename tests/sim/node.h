/* sim/node.h — one node of the country while a seed runs: a real desk, store and signer, with a clock and a
 * disk that the simulation owns.
 *
 * A node gets a record of its own (a copy of the prepared one) when it is first needed. Between events its
 * process is either up or down. A power cut takes the process in the middle of what it does: at the n-th call
 * to its disk everything fails, and what was not synced may be gone when it comes back.
 */
#ifndef SIM_NODE_H
#define SIM_NODE_H

#include "base/env.h"
#include "link/link.h"
#include "sim/country.h"
#include "sim/dice.h"

struct sim;

/* What goes to one peer and comes from it. */
struct line {
    uint64_t call; /* number of the call under way; 0 = none */
    int64_t taken; /* what this node has answered the peer to have taken, by number */
};

struct node {
    struct sim *sim;
    size_t number;
    const char *id;
    struct env env;
    struct dice random;
    int64_t skew_ms;
    struct store *store;
    struct seal *seal;
    struct desk *desk;
    struct link *link;
    int64_t wake_ms; /* when its link looks next whom to call; 0 = not planned */
    bool touched;    /* has a record of its own */
    bool down;
    bool full;    /* some writes find no room on the disk */
    int64_t fuse; /* calls to the disk before the power goes; 0 = it has gone; -1 = it stays */
    int64_t seen; /* acts that were inspected */
    int64_t seq;  /* of its last own act inspected */
    struct merkle_claim promised; /* what it has acknowledged: it must be there for ever */
    struct line lines[COUNTRY_NODES];
};

void node_init(struct node *node, struct sim *sim, size_t number);
/* Closes it and drops its record. */
void node_done(struct node *node);

/* Ends its process in good order. */
void node_close(struct node *node);

/* Makes it ready for work, and its disk the one in use. False when it is down, or the run has failed. */
bool node_wake(struct node *node);

/* The power goes at the n-th call to the disk from now on. */
void node_light_fuse(struct node *node, int64_t calls);
/* After each piece of work: when the fuse has burnt down, the process is no more. True = it lives. */
bool node_lives(struct node *node);
/* Starts the process again and checks that nothing it acknowledged is missing. */
void node_restart(struct node *node);

/* The moment as this node's clock shows it. */
int64_t node_now_ms(const struct node *node);

/* From here on the country's disk fails as this run wants it. The run outlives all calls to the disk. */
void node_watch_disk(struct sim *sim);

#endif
