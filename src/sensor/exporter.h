/* sensor/exporter.h — what is remembered of who sends flow records: templates, sampling, sequence numbers.
 *
 *   book ──► exporter (address, domain, version) ──► templates, samplers, the next sequence number
 *
 * Layer    sensor.
 * Owns     the book owns its exporters and their templates.
 * Threads  one book, one thread.
 * Errors   limits replace the exporter that was silent longest, or refuse a template; both are counted.
 * Tests    tests/unit/sensor/test_exporter.c
 */
#ifndef SENSOR_EXPORTER_H
#define SENSOR_EXPORTER_H

#include "sensor/flow.h"
#include "sensor/wire.h"

enum {
    EXPORTERS_MAX = 1024,
    TEMPLATES_MAX = 256, /* of one exporter */
    TEMPLATE_FIELDS_MAX = 256,
    SAMPLERS_MAX = 32,
    SEQUENCE_GAP_MAX = 1 << 20 /* a wider step is a restart */
};

struct template_field {
    uint32_t enterprise;
    uint16_t id;
    uint16_t size;   /* FIELD_VARIABLE = told in the record */
    uint8_t meaning; /* enum flow_meaning */
};
enum { FIELD_VARIABLE = 65535 };

struct template
{
    uint16_t id;
    bool options;
    bool variable;
    uint32_t record_size; /* least */
    uint16_t count;
    struct template_field fields[];
};

struct sampler {
    uint64_t id;
    uint32_t interval;
};

struct exporter {
    struct ip address;
    uint32_t domain;
    uint16_t version;
    bool used;
    bool in_step; /* next_sequence is known */
    uint32_t next_sequence;
    uint32_t sampling; /* what no sampler states otherwise; 0 = not told */
    int64_t first_ms;
    int64_t seen_ms;
    int64_t boot_ms;
    uint64_t datagrams;
    uint64_t records;
    uint64_t lost; /* numbers that never came */
    size_t template_count;
    struct template *templates[TEMPLATES_MAX];
    size_t sampler_count;
    struct sampler samplers[SAMPLERS_MAX];
};

struct exporter_book;

MUST_USE enum errc exporter_book_new(struct exporter_book **out, struct err *err);
void exporter_book_free(struct exporter_book *book);

/* Finds or makes it. */
struct exporter *exporter_get(struct exporter_book *book, const struct ip *address, uint32_t domain,
                              uint16_t version, int64_t now_ms);
/* The n-th that is known, NULL behind the last. */
const struct exporter *exporter_nth(const struct exporter_book *book, size_t n);

/* A datagram says number; steps = how far it moves the sequence. Counts what is missing before it. */
void exporter_step(struct exporter *exporter, uint32_t number, uint32_t steps);

/* Replaces a template of the same id. Takes it over; false, and frees it, when there is no room. */
bool exporter_learn(struct exporter *exporter, struct template *template);
void exporter_forget(struct exporter *exporter, uint16_t id);
const struct template *exporter_template(const struct exporter *exporter, uint16_t id);

void exporter_set_sampler(struct exporter *exporter, uint64_t id, uint32_t interval);
/* 0 = not told. */
uint32_t exporter_sampling(const struct exporter *exporter, uint64_t id);

#endif
