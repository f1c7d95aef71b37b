/* http/address.h — how many connections each address holds. IPv6 counts by /64, which one customer owns
 * whole.
 *
 * Layer    http.
 * Owns     its table, allocated once: room for as many addresses as there may be connections.
 * Threads  one table, one thread.
 * Errors   ERR_NOMEM at the start; afterwards nothing is allocated.
 * Tests    tests/unit/http/test_address.c
 */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "base/err.h"

struct sockaddr;

enum { ADDRESS_KEY_SIZE = 16, ADDRESS_TEXT_SIZE = 46 };

struct address_key {
    unsigned char bytes[ADDRESS_KEY_SIZE];
};

struct address_row {
    struct address_key key;
    uint32_t count; /* 0 = free */
};

struct address_table {
    struct address_row *rows;
    size_t mask;
    uint64_t seed;
};

/* seed: random, so that nobody outside can choose addresses that collide. */
MUST_USE enum errc address_table_init(struct address_table *table, size_t connections_max, uint64_t seed,
                                      struct err *err);
void address_table_done(struct address_table *table);

struct address_key address_key(const struct sockaddr *address);
/* "192.0.2.7", "2001:db8::1"; "local" for anything that is not IP. */
void address_text(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE], uint16_t *port);

/* Counts one connection more; false when the address has max of them already. */
MUST_USE bool address_take(struct address_table *table, struct address_key key, size_t max);
void address_give(struct address_table *table, struct address_key key);

#endif
