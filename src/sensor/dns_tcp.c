#include "sensor/dns_tcp.h"

#include "intel/hash64.h"

#include <stdlib.h>
#include <string.h>

struct dns_stream {
    uint64_t key; /* 0 = free */
    int64_t seen_ms;
    uint32_t next; /* sequence number */
    size_t size;
    uint8_t bytes[DNS_STREAM_BYTES];
};

enum errc dns_tcp_init(struct dns_tcp *tcp, struct err *err)
{
    tcp->holes = 0;
    tcp->streams = calloc(DNS_STREAMS, sizeof *tcp->streams);
    return tcp->streams ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for TCP streams");
}

void dns_tcp_done(struct dns_tcp *tcp)
{
    free(tcp->streams);
    tcp->streams = NULL;
}

static uint64_t key_of(const struct flow *flow)
{
    uint64_t source = hash64(flow->source.bytes, 16, flow->source_port);
    return hash64(flow->target.bytes, 16, source ^ flow->target_port) | 1;
}

/* The stream of the packet; a new one when there is none. */
static struct dns_stream *find(struct dns_tcp *tcp, const struct packet *packet)
{
    uint64_t key = key_of(&packet->flow);
    struct dns_stream *oldest = &tcp->streams[0];
    for (size_t i = 0; i < DNS_STREAMS; i++) {
        if (tcp->streams[i].key == key)
            return &tcp->streams[i];
        if (tcp->streams[i].seen_ms < oldest->seen_ms)
            oldest = &tcp->streams[i];
    }
    oldest->key = key;
    oldest->size = 0;
    oldest->next = packet->tcp_sequence;
    return oldest;
}

static void give_messages(struct dns_stream *stream, dns_tcp_fn *visit, void *context)
{
    size_t at = 0;
    while (stream->size - at >= 2) {
        size_t size = (size_t)wire_number(stream->bytes + at, 2);
        if (stream->size - at - 2 < size)
            break;
        visit(context, stream->bytes + at + 2, size);
        at += 2 + size;
    }
    memmove(stream->bytes, stream->bytes + at, stream->size - at);
    stream->size -= at;
}

void dns_tcp_add(struct dns_tcp *tcp, const struct packet *packet, dns_tcp_fn *visit, void *context)
{
    struct wire payload = packet->payload;
    uint32_t sequence = packet->tcp_sequence;
    if (payload.n == 0 && !(packet->flow.tcp_flags & TCP_SYN))
        return;
    struct dns_stream *stream = find(tcp, packet);
    stream->seen_ms = packet->flow.last_ms;
    if (packet->flow.tcp_flags & TCP_SYN) {
        stream->size = 0;
        stream->next = ++sequence;
    }
    uint32_t old = stream->next - sequence; /* bytes that were there before */
    if (old > 0 && old < UINT32_MAX / 2) {
        if (old >= payload.n)
            return;
        (void)wire_take(&payload, old);
    } else if (old > 0) {
        tcp->holes++;
        stream->size = 0;
        stream->next = sequence;
    }
    if (payload.n > DNS_STREAM_BYTES - stream->size) {
        tcp->holes++;
        stream->size = 0; /* what is larger than any message is no DNS */
    }
    size_t n = payload.n < DNS_STREAM_BYTES ? payload.n : DNS_STREAM_BYTES;
    if (n > 0)
        memcpy(stream->bytes + stream->size, payload.p, n);
    stream->size += n;
    stream->next += (uint32_t)payload.n;
    give_messages(stream, visit, context);
}
