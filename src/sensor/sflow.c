#include "sensor/sflow.h"

#include "sensor/packet.h"

enum { SAMPLE_FLOW = 1, SAMPLE_COUNTERS = 2, SAMPLE_FLOW_WIDE = 3, SAMPLE_COUNTERS_WIDE = 4 };
enum { RECORD_HEADER = 1, RECORD_IP4 = 3, RECORD_IP6 = 4 };
enum { HEADER_ETHERNET = 1, HEADER_IP4 = 11, HEADER_IP6 = 12, SAMPLES_MAX = 4096, PORT_MASK = 0x3FFFFFFF };

static struct ip take_address(struct wire *wire, size_t size)
{
    struct ip ip = {.bits = (uint8_t)(8 * size)};
    const uint8_t *p = wire_take(wire, size);
    for (size_t i = 0; p && i < size; i++)
        ip.bytes[i] = p[i];
    return ip;
}

static bool read_header(struct wire body, int64_t now_ms, struct flow *out)
{
    uint32_t protocol = wire_u32(&body);
    (void)wire_u32(&body); /* size of the frame; the packet tells its own */
    (void)wire_u32(&body); /* stripped */
    struct wire header = wire_part(&body, wire_u32(&body));
    int link = protocol == HEADER_ETHERNET ? LINK_ETHERNET : LINK_RAW;
    struct packet packet;
    if (header.bad || (protocol != HEADER_ETHERNET && protocol != HEADER_IP4 && protocol != HEADER_IP6))
        return false;
    if (packet_read(link, header.p, header.n, now_ms, &packet) != PACKET_OK)
        return false;
    *out = packet.flow;
    return true;
}

static bool read_ip(struct wire body, size_t address_size, int64_t now_ms, struct flow *out)
{
    uint32_t size = wire_u32(&body);
    uint32_t protocol = wire_u32(&body);
    struct ip source = take_address(&body, address_size);
    struct ip target = take_address(&body, address_size);
    uint32_t source_port = wire_u32(&body);
    uint32_t target_port = wire_u32(&body);
    uint32_t flags = wire_u32(&body);
    (void)wire_u32(&body);
    if (body.bad)
        return false;
    *out = (struct flow){.source = source,
                         .target = target,
                         .protocol = (uint8_t)protocol,
                         .source_port = (uint16_t)source_port,
                         .target_port = (uint16_t)target_port,
                         .tcp_flags = (uint8_t)flags,
                         .packets = 1,
                         .bytes = size,
                         .first_ms = now_ms,
                         .last_ms = now_ms};
    return true;
}

/* The records of one sample: the frame's own header before what the agent made of it. */
static bool read_records(struct wire wire, int64_t now_ms, struct flow *flow)
{
    bool found = false;
    uint32_t count = wire_u32(&wire);
    for (uint32_t i = 0; i < count && wire.n > 0 && !found; i++) {
        uint32_t type = wire_u32(&wire);
        struct wire body = wire_part(&wire, wire_u32(&wire));
        if (type == RECORD_HEADER)
            found = read_header(body, now_ms, flow);
        else if (type == RECORD_IP4)
            found = read_ip(body, 4, now_ms, flow);
        else if (type == RECORD_IP6)
            found = read_ip(body, 16, now_ms, flow);
    }
    return found;
}

static void read_sample(struct wire wire, bool wide, const struct export_datagram *datagram,
                        const struct export_sink *sink, struct export_result *out)
{
    struct flow flow;
    (void)wire_take(&wire, wide ? 12 : 8); /* sequence and source */
    uint32_t rate = wire_u32(&wire);
    (void)wire_u32(&wire); /* pool */
    (void)wire_u32(&wire); /* drops of the agent: of packets that it could have sampled */
    if (wide)
        (void)wire_u32(&wire);
    uint32_t input = wire_u32(&wire);
    if (wide)
        (void)wire_u32(&wire);
    uint32_t output = wire_u32(&wire);
    if (wire.bad) {
        out->malformed++;
        return;
    }
    if (!read_records(wire, datagram->now_ms, &flow)) {
        out->options++; /* a frame that is not IP */
        return;
    }
    flow.sampling = rate > 0 ? rate : 1;
    flow.input = wide ? input : input & PORT_MASK;
    flow.output = wide ? output : output & PORT_MASK;
    out->records++;
    sink->visit(sink->context, &flow);
}

void sflow_read(const struct export_datagram *datagram, struct exporter_book *book,
                const struct export_sink *sink, struct export_result *out)
{
    struct wire wire = wire_of(datagram->bytes, datagram->size);
    uint32_t version = wire_u32(&wire);
    uint32_t type = wire_u32(&wire);
    if (version != 5 || (type != 1 && type != 2)) {
        out->malformed++;
        return;
    }
    struct ip agent = take_address(&wire, type == 1 ? 4 : 16);
    uint32_t sub_agent = wire_u32(&wire);
    uint32_t sequence = wire_u32(&wire);
    (void)wire_u32(&wire);
    uint32_t count = wire_u32(&wire);
    if (wire.bad || count > SAMPLES_MAX) {
        out->malformed++;
        return;
    }
    struct exporter *exporter = exporter_get(book, &agent, sub_agent, 0, datagram->now_ms);
    exporter_step(exporter, sequence, 1);
    uint64_t before = out->records;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = wire_u32(&wire);
        struct wire body = wire_part(&wire, wire_u32(&wire));
        if (body.bad) {
            out->malformed++;
            break;
        }
        if (kind == SAMPLE_FLOW || kind == SAMPLE_FLOW_WIDE)
            read_sample(body, kind == SAMPLE_FLOW_WIDE, datagram, sink, out);
        else
            out->options++;
    }
    exporter->records += out->records - before;
}
