/* lib/wires.h — links between the nodes of a world (world.h), and a wire that does what a test wants. */
#ifndef LIB_WIRES_H
#define LIB_WIRES_H

#include "lib/world.h"
#include "link/link.h"

/* What becomes of one call. */
enum wire {
    WIRE_GOOD,
    WIRE_CUT,        /* the request does not arrive */
    WIRE_REPLY_LOST, /* it arrives and is answered, and the answer does not come back */
    WIRE_TWICE       /* the request arrives twice; the second answer comes back */
};

struct wires {
    struct world *world;
    struct link *links[WORLD_NODES_MAX]; /* as world->nodes */
};

void wires_open(struct wires *wires, struct world *world);
void wires_close(struct wires *wires);

struct link *wires_link(struct wires *wires, const char *node);

/* One call. Returns what the caller's side made of it: 0, or the code of the failure it was told. */
enum errc wires_call(struct wires *wires, const char *from, const char *to, enum wire wire);

/* Calls whoever is due, everywhere, until nobody is; then the clock moves on a little. Returns the calls. */
size_t wires_run(struct wires *wires);

/* The node's process ends and starts again: its link forgets what it had in memory. */
void wires_restart(struct wires *wires, const char *node);

/* Gives a node's card another address, everywhere. "" = it cannot be called. */
void wires_url(struct wires *wires, const char *node, const char *url);

#endif
