/* link/planted.h — what planted bugs of the link need beyond a condition (base/plant.h).
 *
 * A build without FENGSUI_PLANT has nothing of it.
 *
 * Layer    link. Only src/link includes it.   Owns nothing.   Threads the writer's.
 * Errors   those of the store.
 * Tests    tests/sim
 */
#ifndef LINK_PLANTED_H
#define LINK_PLANTED_H

#include "link/link_internal.h"

#ifdef FENGSUI_PLANT
/* Counts as delivered what waits for that peer, or for all. */
MUST_USE enum errc planted_forget(struct link *link, const char *node, struct err *err);
MUST_USE enum errc planted_forget_all(struct link *link, struct err *err);
#else
static inline enum errc planted_forget(struct link *link, const char *node, struct err *err)
{
    (void)link;
    (void)node;
    (void)err;
    return ERR_OK;
}

static inline enum errc planted_forget_all(struct link *link, struct err *err)
{
    (void)link;
    (void)err;
    return ERR_OK;
}
#endif

#endif
