/* sensor/sflow.h — sFlow version 5 (sflow.org): samples of packets with the rate they were taken at.
 *
 *   version, agent type and address, sub-agent, sequence, uptime, count, then samples: type, size, body
 *   flow sample: sequence, source, rate, pool, drops, input, output, count, then records: type, size, body
 *
 * A sample becomes a flow of one packet. Counters of interfaces are counted and passed by.
 *
 * Layer    sensor; private to export.c.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_sflow.c, tests/fuzz/fuzz_export.c
 */
#ifndef SENSOR_SFLOW_H
#define SENSOR_SFLOW_H

#include "sensor/export.h"
#include "sensor/exporter.h"

void sflow_read(const struct export_datagram *datagram, struct exporter_book *book,
                const struct export_sink *sink, struct export_result *out);

#endif
