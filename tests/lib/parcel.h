/* lib/parcel.h — one act of a node of the world, handed to another by the test itself, in whatever order
 * it likes. */
#ifndef LIB_PARCEL_H
#define LIB_PARCEL_H

#include "desk/receive.h"
#include "lib/world.h"
#include "store/acts.h"

struct parcel {
    struct world *world;
    const char *from;
    const char *to;
    struct arena arena;
    struct incoming item;
    struct stored_act stored;
};

/* The last act of a node, ready to be handed to another as number n; for that one alone until the test
 * says so. */
void parcel_pack(struct parcel *parcel, struct world *world, const char *from, const char *to, int64_t n);
void parcel_done(struct parcel *parcel);

/* Returns what became of it; *last is the number that the receiver has taken by then. */
enum received parcel_hand_over(struct parcel *parcel, int64_t *last);

#endif
