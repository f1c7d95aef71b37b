/* sensor/netflow5.h — NetFlow version 5: a header of 24 bytes, then records of 48.
 *
 *   0 version 2 count 4 uptime_ms 8 unix_s 12 unix_ns 16 sequence (flows) 20 engine 22 sampling (14 bits)
 *   0 source 4 target 8 hop 12 input 14 output 16 packets 20 bytes 24 first 28 last (uptime)
 *   32 source port 34 target port 36 - 37 flags 38 protocol 39 tos 40 source AS 42 target AS 44 masks
 *
 * Layer    sensor; private to export.c.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_netflow5.c, tests/fuzz/fuzz_export.c
 */
#ifndef SENSOR_NETFLOW5_H
#define SENSOR_NETFLOW5_H

#include "sensor/export.h"
#include "sensor/exporter.h"

void netflow5_read(const struct export_datagram *datagram, struct exporter_book *book,
                   const struct export_sink *sink, struct export_result *out);

#endif
