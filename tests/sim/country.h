/* sim/country.h — the country that every seed starts from: who there is, the law, and a prepared record each.
 *
 * Made once a process: keys, cards, catalogue, packs, and for every node a store in which all cards are
 * installed. A seed copies the record of the nodes it touches.
 */
#ifndef SIM_COUNTRY_H
#define SIM_COUNTRY_H

#include "base/sign.h"
#include "domain/catalogue.h"
#include "domain/pack_set.h"
#include "seal/seal.h"
#include "store/store.h"
#include "store/vfs_mem.h"

enum { COUNTRY_PROVINCES = 11, COUNTRY_NODES = 4 + 3 * COUNTRY_PROVINCES, COUNTRY_PATH = 64 };

#define COUNTRY_DISK "country"
/* 2025-11-03T09:00:00+08:00, a Monday: the calendar of the following weeks is announced. */
#define COUNTRY_START_MS INT64_C(1762131600000)

struct country_keys {
    struct sign_key *real;
    struct sign_key *drill;
};

struct country {
    struct catalogue *catalogue;
    struct pack_set *packs;
    struct vfs_mem *disk;
    struct node_card cards[COUNTRY_NODES];
    struct country_keys keys[COUNTRY_NODES];
    struct arena arena; /* texts of the cards */
};

/* Ends the program when it cannot be made: nothing can be simulated then. */
void country_open(struct country *country);
void country_close(struct country *country);

/* The number of a node; COUNTRY_NODES when nobody has that id. */
size_t country_find(const struct country *country, const char *id);

/* A signer with that node's keys and no memory; the caller stops it. */
struct seal *country_seal(const struct country *country, size_t node);

/* Where a node's prepared record lies, or the one of the running seed. */
void country_path(const struct country *country, size_t node, bool running, char out[COUNTRY_PATH]);
struct store_options country_options(const char *path);

/* Ends the program with the error's story. */
void country_must(enum errc rc, const struct err *err);

#endif
