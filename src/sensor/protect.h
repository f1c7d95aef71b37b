/* sensor/protect.h — names under protection, with the addresses they are known to have.
 *
 * A line of the list is a name and then addresses, prefixes and names it may point to; "#" begins a comment:
 *
 *   www.bank.example  192.0.2.0/24 2001:db8::/32 cdn.example
 *
 * A name without any learns: what PROTECT_LEARN answers have said is good, what comes later is compared.
 *
 * Layer    sensor.
 * Owns     its entries.
 * Threads  one.
 * Errors   ERR_SYNTAX naming the line, ERR_LIMIT.
 * Tests    tests/unit/sensor/test_protect.c
 */
#ifndef SENSOR_PROTECT_H
#define SENSOR_PROTECT_H

#include "intel/ip.h"

enum { PROTECT_MAX = 4096, PROTECT_GOOD_MAX = 32, PROTECT_LEARN = 16, PROTECT_NAME_SIZE = 256 };

struct protect_good {
    struct ip address; /* bits = 0: a name */
    uint8_t length;
    char name[PROTECT_NAME_SIZE];
};

struct protected_name {
    char name[PROTECT_NAME_SIZE];
    bool learns;
    uint32_t seen; /* answers, while it learns */
    size_t good_count;
    struct protect_good good[PROTECT_GOOD_MAX];
};

struct protect {
    size_t count;
    struct protected_name *names; /* sorted */
};

MUST_USE enum errc protect_read(const char *text, size_t size, struct protect *out, struct err *err);
void protect_done(struct protect *protect);

struct protected_name *protect_find(const struct protect *protect, struct str name);

/* True when the address is known to be good, or is learnt now. */
bool protect_address(struct protected_name *name, const struct ip *address);
/* True when the list says that the name may point there. */
bool protect_points(const struct protected_name *name, struct str target);

#endif
