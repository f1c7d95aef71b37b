#include "sensor/flow_sensor.h"

#include "sensor/packet.h"

#include <stdlib.h>

enum { TICK_MS = 250 };

struct flow_sensor {
    struct flow_sensor_options options;
    struct exporter_book *book;
    struct flow_watch *watch;
    struct flow_sensor_totals totals;
    int64_t now_ms;
    int64_t ticked_ms;
};

enum errc flow_sensor_new(const struct flow_sensor_options *options, struct flow_sensor **out,
                          struct err *err)
{
    struct flow_sensor *sensor = calloc(1, sizeof *sensor);
    if (!sensor)
        return err_set(err, ERR_NOMEM, "no memory for a sensor");
    sensor->options = *options;
    enum errc rc = exporter_book_new(&sensor->book, err);
    if (rc == ERR_OK)
        rc = flow_watch_new(&options->watch, &sensor->watch, err);
    if (rc < 0)
        flow_sensor_free(sensor);
    else
        *out = sensor;
    return rc;
}

void flow_sensor_free(struct flow_sensor *sensor)
{
    if (!sensor)
        return;
    exporter_book_free(sensor->book);
    flow_watch_free(sensor->watch);
    free(sensor);
}

static struct loss loss_of(const struct flow_sensor *sensor)
{
    struct loss lost = {.kernel = sensor->totals.lost.kernel};
    const struct exporter *exporter;
    for (size_t i = 0; (exporter = exporter_nth(sensor->book, i)) != NULL; i++)
        lost.sequence += exporter->lost;
    return lost;
}

static void take(void *context, const struct flow *flow)
{
    struct flow_sensor *sensor = context;
    if (sensor->options.record)
        sensor->options.record(sensor->options.context, flow);
    flow_watch_add(sensor->watch, flow, sensor->now_ms);
    if (flow->reverse_packets == 0)
        return;
    struct flow back = *flow;
    back.source = flow->target;
    back.target = flow->source;
    back.source_port = flow->target_port;
    back.target_port = flow->source_port;
    back.packets = flow->reverse_packets;
    back.bytes = flow->reverse_bytes;
    back.tcp_flags |= TCP_ACK; /* an answer is no attempt */
    flow_watch_add(sensor->watch, &back, sensor->now_ms);
}

static enum errc go_on(struct flow_sensor *sensor, struct err *err)
{
    if (sensor->now_ms - sensor->ticked_ms < TICK_MS)
        return ERR_OK;
    sensor->ticked_ms = sensor->now_ms;
    struct loss lost = loss_of(sensor);
    return flow_watch_tick(sensor->watch, sensor->now_ms, &lost, err);
}

static void set_now(struct flow_sensor *sensor, int64_t now_ms)
{
    if (now_ms > sensor->now_ms)
        sensor->now_ms = now_ms;
}

enum errc flow_sensor_frame(struct flow_sensor *sensor, const struct frame *frame, struct err *err)
{
    struct packet packet;
    sensor->totals.packets++;
    set_now(sensor, frame->time_ms);
    switch (packet_read(frame->link, frame->bytes, frame->size, frame->time_ms, &packet)) {
    case PACKET_OTHER: sensor->totals.other++; return go_on(sensor, err);
    case PACKET_MALFORMED: sensor->totals.malformed++; return go_on(sensor, err);
    case PACKET_OK: break;
    }
    const struct export_datagram datagram = {packet.flow.source, frame->time_ms, packet.payload.p,
                                             packet.payload.n};
    bool exports = !sensor->options.packets_only && packet.flow.protocol == FLOW_UDP &&
                   export_plausible(packet.flow.target_port, datagram.bytes, datagram.size);
    if (exports) {
        const struct export_sink sink = {take, sensor};
        sensor->totals.datagrams++;
        export_read(sensor->book, &datagram, &sink, &sensor->totals.exports);
    } else {
        take(sensor, &packet.flow);
        sensor->totals.exports.records++;
    }
    return go_on(sensor, err);
}

enum errc flow_sensor_datagram(struct flow_sensor *sensor, const struct export_datagram *datagram,
                               struct err *err)
{
    const struct export_sink sink = {take, sensor};
    sensor->totals.packets++;
    sensor->totals.datagrams++;
    set_now(sensor, datagram->now_ms);
    export_read(sensor->book, datagram, &sink, &sensor->totals.exports);
    return go_on(sensor, err);
}

enum errc flow_sensor_tick(struct flow_sensor *sensor, int64_t now_ms, uint64_t kernel_lost, struct err *err)
{
    set_now(sensor, now_ms);
    sensor->totals.lost.kernel = kernel_lost;
    return go_on(sensor, err);
}

enum errc flow_sensor_end(struct flow_sensor *sensor, struct err *err)
{
    struct loss lost = loss_of(sensor);
    return flow_watch_end(sensor->watch, &lost, err);
}

struct flow_sensor_totals flow_sensor_totals(const struct flow_sensor *sensor)
{
    struct flow_sensor_totals totals = sensor->totals;
    totals.watch = flow_watch_totals(sensor->watch);
    totals.lost = loss_of(sensor);
    return totals;
}
