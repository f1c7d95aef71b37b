/* sim/sim.h — one seed being run: nodes, network, clock, and the verdict. What its parts share.
 *
 *   agenda ─► people act ─► desk ─► inspect (check_step)        the first promise that is broken ends the run
 *          ─► calls, requests, replies ─► link, desk ─► inspect
 *          ─► power cuts, full disks, restarts ─► inspect
 *          ─► heal: no more faults, everything is delivered ─► check_end
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "sim/agenda.h"
#include "sim/country.h"
#include "sim/dice.h"
#include "sim/node.h"
#include "sim/options.h"
#include "sim/registry.h"

enum { WHY_SIZE = 600, WISHES_MAX = 256 };

struct wish;

struct cut {
    uint64_t from; /* sets of nodes, a bit each: nothing goes from these to those */
    uint64_t to;
    int64_t starts_ms;
    int64_t ends_ms;
};

/* What a run did, so that a summary can show that the seeds reach what they should. */
struct tally {
    uint64_t events;
    uint64_t submitted;
    uint64_t acts;
    uint64_t refused;
    uint64_t requests;
    uint64_t lost;
    uint64_t repeated;
    uint64_t power_cuts;
    uint64_t transfers;
    uint64_t duties;
    uint64_t hostile;
    int64_t simulated_ms;
};

struct sim {
    const struct country *country;
    struct options options;
    struct dice people;
    struct dice net;
    struct dice disk;
    struct dice foe;
    int64_t now_ms;
    struct agenda agenda;
    struct cut cuts[CUTS_MAX];
    struct node nodes[COUNTRY_NODES];
    struct node *active; /* whose disk is in use */
    struct registry registry;
    uint64_t calls;
    uint64_t step;      /* number of the event being handled */
    struct arena arena; /* lives as long as the run */
    struct tally tally;
    uint64_t digest; /* of everything that happened: equal seeds, equal digests */
    size_t hostile;  /* the node that is; COUNTRY_NODES = nobody */
    struct wish *wishes[WISHES_MAX];
    size_t wish_count;
    bool healing;
    bool failed;
    char why[WHY_SIZE];
    FILE *trace; /* NULL = quiet */
};

/* Runs one seed; true when every promise held. trace may be NULL. */
bool sim_run(struct sim *sim, const struct country *country, uint64_t seed, FILE *trace);

/* A promise was broken: the first one is the verdict. */
void sim_fail(struct sim *sim, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* fails when rc is an error that must not happen. */
bool sim_must(struct sim *sim, enum errc rc, const struct err *err, const char *what);
/* A line of the story, which also goes into the digest. */
void sim_say(struct sim *sim, const char *fmt, ...) PRINTF_LIKE(2, 3);

static inline uint64_t bit(size_t node)
{
    return UINT64_C(1) << node;
}

#endif
