/* lib/http/office.h — a node of a world (lib/world.h) with its writer and its API, serving on a free port.
 *
 * While it is open, its desk belongs to the writer: world_act and world_deliver must not touch that node. The
 * clock of a world is not for threads: office_open puts the machine's clock and randomness in its place.
 */
#ifndef LIB_HTTP_OFFICE_H
#define LIB_HTTP_OFFICE_H

#include "http/api.h"
#include "lib/world.h"

struct office;

struct office_options {
    size_t readers;     /* 0: 2 */
    size_t waiting_max; /* 0: 64 */
    size_t streams_max; /* 0: 16 */
    const struct access_policy *policy;
};

struct office *office_open(struct world *world, const char *node, const struct office_options *options);
void office_close(struct office *office);

uint16_t office_port(const struct office *office);
/* A new token of that role; its text. */
const char *office_token(struct office *office, const char *role);
/* Runs a job with the desk, and waits for it. */
void office_run(struct office *office, enum errc (*run)(void *context, struct desk *desk, struct err *err),
                void *context);
/* What /readyz says from now on. */
void office_set_ready(struct office *office, bool ready);

#endif
