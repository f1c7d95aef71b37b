/* sensor/export.h — datagrams of exporters, told by their first bytes: NetFlow v5 and v9, IPFIX, sFlow.
 *
 * Layer    sensor.
 * Owns     struct exports: what is remembered of exporters.
 * Threads  one struct exports, one thread.
 * Errors   a datagram is never an error: what is wrong with it is counted.
 * Tests    tests/unit/sensor/test_export.c, tests/fuzz/fuzz_export.c, tests/oracle/flow_oracle.py
 */
#ifndef SENSOR_EXPORT_H
#define SENSOR_EXPORT_H

#include "sensor/flow.h"

struct exporter_book;

struct export_datagram {
    struct ip from;
    int64_t now_ms;
    const uint8_t *bytes;
    size_t size;
};

struct export_sink {
    flow_visit_fn *visit;
    void *context;
};

struct export_result {
    uint64_t records;
    uint64_t malformed;   /* datagrams, sets and samples that could not be read */
    uint64_t untemplated; /* sets of data whose template has not come */
    uint64_t options;     /* records about the exporter itself, and counters of interfaces */
};

/* True when the bytes begin as such a datagram and go to a port where these are sent, or are a whole one. */
bool export_plausible(uint16_t port, const uint8_t *bytes, size_t size);

/* Adds to *out. */
void export_read(struct exporter_book *book, const struct export_datagram *datagram,
                 const struct export_sink *sink, struct export_result *out);

#endif
