/* sensor/flow_open.h — a detection in flows while it is open: its limits, its numbers, its evidence.
 *
 * Layer    sensor; private to flow_watch.c.
 * Owns     nothing.   Threads: one, its watch's.
 * Tests    tests/unit/sensor/test_flow_open.c
 */
#ifndef SENSOR_FLOW_OPEN_H
#define SENSOR_FLOW_OPEN_H

#include "intel/sketch.h"
#include "sensor/cells.h"
#include "sensor/flow_rule.h"
#include "sensor/top.h"

/* A rule in counts of one window. */
struct flow_limit {
    const struct flow_rule *rule;
    uint64_t packets; /* 0 = packets do not begin it */
    uint64_t bytes;
    uint64_t near_packets; /* half of that: what keeps it open */
    uint64_t near_bytes;
    uint64_t notable; /* what is worth learning from */
    bool learns;
};

void flow_limit_init(struct flow_limit *limit, const struct flow_rule *rule, uint64_t start_pps);
bool flow_limit_near(const struct flow_limit *limit, const struct cell *cell);
/* factor times the start, and over what is usual. */
bool flow_limit_passed(const struct flow_limit *limit, const struct cell *cell, uint64_t factor,
                       uint64_t usual);

struct flow_open {
    bool used;
    bool told;      /* that it began */
    uint8_t common; /* bits that all targets of a scan share */
    struct cell_key key;
    const struct flow_limit *limit;
    char kind[24];
    const char *service; /* NULL = none */
    struct ip target;
    int64_t first_ms;
    int64_t last_ms;
    int64_t loud_ms; /* when it was last over half of its start */
    int64_t opened_ms;
    int64_t peak_ms;
    uint64_t packets;
    uint64_t bytes;
    uint64_t peak_pps;
    uint64_t peak_bps;
    uint32_t sampling; /* widest */
    struct top sources;
    struct top targets;
    struct top source_ports;
    struct top ports;
    struct sketch distinct;
};

void flow_open_begin(struct flow_open *open, const struct cell_key *key, const struct flow_limit *limit,
                     const struct flow *flow, int64_t now_ms);
/* The key apart from its time. */
bool flow_open_is(const struct flow_open *open, const struct cell_key *key);
/* All that a cell has counted. */
void flow_open_take(struct flow_open *open, const struct cell *cell);
void flow_open_count(struct flow_open *open, uint64_t packets, uint64_t bytes);
/* Who and what; seen is the hash of what is distinct. */
void flow_open_see(struct flow_open *open, const struct flow *flow, uint64_t seen, uint64_t packets);
void flow_open_peak(struct flow_open *open, const struct cell *cell, int64_t now_ms);

void flow_open_target(const struct flow_open *open, char *out, size_t size);
void flow_open_evidence(struct flow_open *open, const char *state, struct buf *out);

#endif
