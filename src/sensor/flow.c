#include "sensor/flow.h"

#include <inttypes.h>

static void write_address(const char *name, const struct ip *ip, struct buf *out)
{
    char text[IP_TEXT_SIZE];
    if (ip->bits == 0)
        return;
    ip_format(ip, ip->bits, text);
    buf_addf(out, "\"%s\":\"%s\",", name, text);
}

static void write_number(const char *name, uint64_t value, struct buf *out)
{
    if (value > 0)
        buf_addf(out, "\"%s\":%" PRIu64 ",", name, value);
}

void flow_write(const struct flow *flow, struct buf *out)
{
    buf_adds(out, "{");
    write_address("source", &flow->source, out);
    write_address("target", &flow->target, out);
    buf_addf(out, "\"protocol\":%u,\"source_port\":%u,\"target_port\":%u,", flow->protocol, flow->source_port,
             flow->target_port);
    write_number("tcp_flags", flow->tcp_flags, out);
    if (flow->fragment)
        buf_adds(out, "\"fragment\":true,");
    buf_addf(out, "\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",", flow->packets, flow->bytes);
    write_number("reverse_packets", flow->reverse_packets, out);
    write_number("reverse_bytes", flow->reverse_bytes, out);
    write_number("input", flow->input, out);
    write_number("output", flow->output, out);
    write_number("source_as", flow->source_as, out);
    write_number("target_as", flow->target_as, out);
    buf_addf(out, "\"sampling\":%u,\"first_ms\":%" PRId64 ",\"last_ms\":%" PRId64 "}\n", flow->sampling,
             flow->first_ms, flow->last_ms);
}
