/* sensor/dns_open.h — a detection in DNS while it is open: its numbers and its evidence.
 *
 * Layer    sensor; private to the watches over DNS.
 * Owns     nothing.   Threads: one.
 * Tests    tests/unit/sensor/test_dns_open.c
 */
#ifndef SENSOR_DNS_OPEN_H
#define SENSOR_DNS_OPEN_H

#include "intel/sketch.h"
#include "sensor/detection.h"
#include "sensor/top.h"

enum { DNS_OPEN_MAX = 256, DNS_OPEN_NAMES = 5, DNS_OPEN_NAME_SIZE = 256 };

struct dns_open {
    bool used;
    bool told; /* that it began */
    const char *kind;
    const char *reason; /* NULL = none */
    uint64_t key;
    char target[DNS_OPEN_NAME_SIZE];
    int64_t first_ms;
    int64_t last_ms;
    int64_t loud_ms;
    int64_t opened_ms;
    int64_t end_ms; /* quiet time that ends it */
    uint64_t counted;
    uint64_t bad;
    uint64_t peak; /* bad ones of a window */
    struct top clients;
    struct top servers;
    struct top answers;
    size_t name_count;
    char names[DNS_OPEN_NAMES][DNS_OPEN_NAME_SIZE];
    struct sketch distinct; /* names */
};

struct dns_open_list {
    size_t count;        /* places in use or used before */
    struct dns_open *at; /* DNS_OPEN_MAX */
    uint64_t detections;
    uint64_t suppressed; /* no place was left */
    bool tell_starts;
    detection_fn *tell;
    void *context;
};

MUST_USE enum errc dns_open_list_init(struct dns_open_list *list, struct err *err);
void dns_open_list_done(struct dns_open_list *list);

/* The one of this kind and key; NULL = none. */
struct dns_open *dns_open_find(const struct dns_open_list *list, const char *kind, uint64_t key);
/* A new one; NULL when there is no place. */
struct dns_open *dns_open_begin(struct dns_open_list *list, const char *kind, uint64_t key,
                                const char *target, int64_t first_ms, int64_t now_ms);
/* One of the names in it. */
void dns_open_name(struct dns_open *open, const char *name, size_t size);

/* Tells what began, and ends what was quiet for its time. */
MUST_USE enum errc dns_open_tick(struct dns_open_list *list, int64_t now_ms, const struct loss *lost,
                                 struct err *err);
MUST_USE enum errc dns_open_end(struct dns_open_list *list, const struct loss *lost, struct err *err);

#endif
