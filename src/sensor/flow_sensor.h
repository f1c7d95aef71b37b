/* sensor/flow_sensor.h — packets and datagrams of exporters in, detections out.
 *
 *   packet ──► is it a datagram of an exporter? ──► its records ──► watch
 *              no ──► a flow of one packet ───────────────────────► watch
 *
 * Layer    sensor.
 * Owns     its exporters and its watch.
 * Threads  one sensor, one thread.
 * Errors   those of tell.
 * Tests    tests/unit/sensor/test_flow_sensor.c
 */
#ifndef SENSOR_FLOW_SENSOR_H
#define SENSOR_FLOW_SENSOR_H

#include "sensor/capture.h"
#include "sensor/export.h"
#include "sensor/exporter.h"
#include "sensor/flow_watch.h"

struct flow_sensor_options {
    struct flow_watch_options watch;
    bool packets_only;     /* datagrams of exporters are traffic like any other */
    flow_visit_fn *record; /* sees every record; may be NULL */
    void *context;
};

struct flow_sensor_totals {
    uint64_t packets; /* captured, or datagrams received */
    uint64_t other;   /* that are not IP */
    uint64_t datagrams;
    uint64_t malformed;
    struct export_result exports;
    struct flow_watch_totals watch;
    struct loss lost;
};

struct flow_sensor;

MUST_USE enum errc flow_sensor_new(const struct flow_sensor_options *options, struct flow_sensor **out,
                                   struct err *err);
void flow_sensor_free(struct flow_sensor *sensor);

MUST_USE enum errc flow_sensor_frame(struct flow_sensor *sensor, const struct frame *frame, struct err *err);
MUST_USE enum errc flow_sensor_datagram(struct flow_sensor *sensor, const struct export_datagram *datagram,
                                        struct err *err);
/* Time goes on without traffic; kernel_lost = what the kernel has dropped in all. */
MUST_USE enum errc flow_sensor_tick(struct flow_sensor *sensor, int64_t now_ms, uint64_t kernel_lost,
                                    struct err *err);
MUST_USE enum errc flow_sensor_end(struct flow_sensor *sensor, struct err *err);

struct flow_sensor_totals flow_sensor_totals(const struct flow_sensor *sensor);

#endif
