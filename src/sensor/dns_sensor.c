#include "sensor/dns_sensor.h"

#include "sensor/dns_efficiency.h"
#include "sensor/dns_hijack.h"
#include "sensor/dns_imitation.h"
#include "sensor/dns_tcp.h"
#include "sensor/dns_watch.h"

#include <stdlib.h>

enum { PORT_DNS = 53, TICK_MS = 250 };

struct dns_sensor {
    struct dns_sensor_options options;
    struct dns_open_list list;
    struct dns_watch watch;
    struct dns_efficiency efficiency;
    struct dns_tcp tcp;
    struct dns_sensor_totals totals;
    const struct packet *packet; /* at hand */
    struct dns_message message;
    int64_t now_ms;
    int64_t ticked_ms;
};

static const struct loss NOTHING_LOST = {0, 0}; /* a capture does not tell */

enum errc dns_sensor_new(const struct dns_sensor_options *options, struct dns_sensor **out, struct err *err)
{
    struct dns_sensor *sensor = calloc(1, sizeof *sensor);
    if (!sensor)
        return err_set(err, ERR_NOMEM, "no memory for a sensor");
    sensor->options = *options;
    sensor->list.tell_starts = options->tell_starts;
    sensor->list.tell = options->tell;
    sensor->list.context = options->context;
    enum errc rc = dns_open_list_init(&sensor->list, err);
    if (rc == ERR_OK)
        rc = dns_watch_init(&sensor->watch, options->buckets, &sensor->list, err);
    if (rc == ERR_OK)
        rc = dns_efficiency_init(&sensor->efficiency, &sensor->list, err);
    if (rc == ERR_OK)
        rc = dns_tcp_init(&sensor->tcp, err);
    if (rc < 0)
        dns_sensor_free(sensor);
    else
        *out = sensor;
    return rc;
}

void dns_sensor_free(struct dns_sensor *sensor)
{
    if (!sensor)
        return;
    dns_tcp_done(&sensor->tcp);
    dns_efficiency_done(&sensor->efficiency);
    dns_watch_done(&sensor->watch);
    dns_open_list_done(&sensor->list);
    free(sensor);
}

static void take(void *context, const uint8_t *bytes, size_t size)
{
    struct dns_sensor *sensor = context;
    const struct flow *flow = &sensor->packet->flow;
    struct dns_message *message = &sensor->message;
    if (!dns_message_read(bytes, size, message)) {
        sensor->totals.malformed++;
        return;
    }
    sensor->totals.messages++;
    if (sensor->options.record)
        sensor->options.record(sensor->options.context, message);
    if (message->opcode != 0 || message->questions == 0)
        return;
    const struct dns_event event = {
        .message = message,
        .zone = dns_zone_of((struct str){message->name.text, message->name.size}),
        .client = message->response ? flow->target : flow->source,
        .server = message->response ? flow->source : flow->target,
        .client_port = message->response ? flow->target_port : flow->source_port,
        .now_ms = sensor->now_ms,
    };
    dns_watch_add(&sensor->watch, &event);
    dns_efficiency_add(&sensor->efficiency, &event);
    if (sensor->options.protect)
        dns_hijack_look(sensor->options.protect, &sensor->list, &event);
    if (sensor->options.lookalike)
        dns_imitation_look(sensor->options.lookalike, &sensor->list, &event);
}

static bool is_dns(const struct flow *flow)
{
    return flow->source_port == PORT_DNS || flow->target_port == PORT_DNS;
}

static void take_packet(struct dns_sensor *sensor, const struct packet *packet)
{
    const struct flow *flow = &packet->flow;
    sensor->packet = packet;
    if (flow->fragment)
        sensor->totals.fragments++;
    else if (is_dns(flow) && flow->protocol == FLOW_UDP)
        take(sensor, packet->payload.p, packet->payload.n);
    else if (is_dns(flow) && flow->protocol == FLOW_TCP)
        dns_tcp_add(&sensor->tcp, packet, take, sensor);
    else
        sensor->totals.other++;
}

enum errc dns_sensor_frame(struct dns_sensor *sensor, const struct frame *frame, struct err *err)
{
    struct packet packet;
    sensor->totals.packets++;
    if (frame->time_ms > sensor->now_ms)
        sensor->now_ms = frame->time_ms;
    switch (packet_read(frame->link, frame->bytes, frame->size, frame->time_ms, &packet)) {
    case PACKET_OTHER: sensor->totals.other++; break;
    case PACKET_MALFORMED: sensor->totals.malformed++; break;
    case PACKET_OK: take_packet(sensor, &packet); break;
    }
    if (sensor->now_ms - sensor->ticked_ms < TICK_MS)
        return ERR_OK;
    sensor->ticked_ms = sensor->now_ms;
    dns_efficiency_tick(&sensor->efficiency, sensor->now_ms);
    return dns_open_tick(&sensor->list, sensor->now_ms, &NOTHING_LOST, err);
}

enum errc dns_sensor_end(struct dns_sensor *sensor, struct err *err)
{
    return dns_open_end(&sensor->list, &NOTHING_LOST, err);
}

struct dns_sensor_totals dns_sensor_totals(const struct dns_sensor *sensor)
{
    struct dns_sensor_totals totals = sensor->totals;
    totals.holes = sensor->tcp.holes;
    totals.detections = sensor->list.detections;
    totals.suppressed = sensor->list.suppressed;
    totals.crowded = sensor->watch.cells.crowded;
    return totals;
}
