/* sensor/flowset.h — NetFlow v9 (RFC 3954) and IPFIX (RFC 7011): sets of templates, and of data read by them.
 *
 *   v9     version count uptime_ms unix_s sequence source | sets      ids: 0 templates, 1 options, ≥ 256 data
 *   IPFIX  version size unix_s sequence domain            | sets      ids: 2 templates, 3 options, ≥ 256 data
 *   set    id size | records
 *
 * Layer    sensor; private to export.c.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_flowset.c, tests/fuzz/fuzz_export.c
 */
#ifndef SENSOR_FLOWSET_H
#define SENSOR_FLOWSET_H

#include "sensor/export.h"
#include "sensor/exporter.h"

void flowset_read9(const struct export_datagram *datagram, struct exporter_book *book,
                   const struct export_sink *sink, struct export_result *out);
void flowset_read_ipfix(const struct export_datagram *datagram, struct exporter_book *book,
                        const struct export_sink *sink, struct export_result *out);

#endif
