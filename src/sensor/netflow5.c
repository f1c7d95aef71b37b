#include "sensor/netflow5.h"

enum { HEADER = 24, RECORD = 48, SAMPLING_MASK = 0x3FFF };

static int64_t of_uptime(int64_t now_ms, uint32_t uptime, uint32_t then)
{
    return now_ms - (int32_t)(uptime - then); /* the uptime wraps after 49 days */
}

void netflow5_read(const struct export_datagram *datagram, struct exporter_book *book,
                   const struct export_sink *sink, struct export_result *out)
{
    struct wire wire = wire_of(datagram->bytes, datagram->size);
    (void)wire_u16(&wire);
    uint16_t count = wire_u16(&wire);
    uint32_t uptime = wire_u32(&wire);
    int64_t seconds = wire_u32(&wire);
    int64_t sent_ms = seconds * 1000 + wire_u32(&wire) / 1000000;
    uint32_t sequence = wire_u32(&wire);
    uint32_t engine = wire_u16(&wire);
    uint32_t sampling = wire_u16(&wire) & SAMPLING_MASK;
    if (wire.bad || count == 0 || wire.n < (size_t)count * RECORD) {
        out->malformed++;
        return;
    }
    out->malformed += wire.n > (size_t)count * RECORD; /* more than it says: the rest is no records */
    struct exporter *exporter = exporter_get(book, &datagram->from, engine, 5, datagram->now_ms);
    exporter_step(exporter, sequence, count);
    for (uint16_t i = 0; i < count; i++) {
        const uint8_t *p = wire_take(&wire, RECORD);
        struct flow flow = {
            .source = ip_from_ip4((uint32_t)wire_number(p, 4)),
            .target = ip_from_ip4((uint32_t)wire_number(p + 4, 4)),
            .input = (uint32_t)wire_number(p + 12, 2),
            .output = (uint32_t)wire_number(p + 14, 2),
            .packets = wire_number(p + 16, 4),
            .bytes = wire_number(p + 20, 4),
            .first_ms = of_uptime(sent_ms, uptime, (uint32_t)wire_number(p + 24, 4)),
            .last_ms = of_uptime(sent_ms, uptime, (uint32_t)wire_number(p + 28, 4)),
            .source_port = (uint16_t)wire_number(p + 32, 2),
            .target_port = (uint16_t)wire_number(p + 34, 2),
            .tcp_flags = p[37],
            .protocol = p[38],
            .source_as = (uint32_t)wire_number(p + 40, 2),
            .target_as = (uint32_t)wire_number(p + 42, 2),
            .sampling = sampling > 0 ? sampling : 1,
        };
        if (flow.first_ms > flow.last_ms)
            flow.first_ms = flow.last_ms;
        sink->visit(sink->context, &flow);
    }
    exporter->records += count;
    out->records += count;
}
