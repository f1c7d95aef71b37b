/* sim/net.h — calls between nodes over a network that loses, repeats, delays and reorders, and that can be
 * cut in one direction for days.
 *
 * A caller has one call to a peer under way at a time and gives up after a while; what arrives later than
 * that is still served, but its reply is no longer heard.
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "sim/sim.h"

struct message {
    const char *bytes; /* NULL: the other side refuses the exchange as a whole */
    size_t size_bytes;
    const char *never; /* why nothing of it may be taken; NULL = it may */
};

/* Draws the partitions of this seed. */
void net_plan(struct sim *sim);
/* The node's link is to look soon whom to call. */
void net_wake(struct node *node);

/* A request that no link has made. */
void net_post(struct node *from, size_t to, const struct buf *bytes, const char *never);

void net_calls(struct node *node);
void net_request(struct node *node, const struct event *event);
void net_reply(struct node *node, const struct event *event);
void net_timeout(struct node *node, const struct event *event);

#endif
