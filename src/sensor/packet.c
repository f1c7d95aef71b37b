#include "sensor/packet.h"

#include <string.h>

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88A8,
    TYPE_IPV6 = 0x86DD,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_UP = 0x8848,
    TYPE_PPPOE = 0x8864,
    TAGS_MAX = 8,
    EXTENSIONS_MAX = 16,
    PROTOCOL_HOP = 0,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AUTH = 51,
    PROTOCOL_OPTIONS = 60
};

static enum packet_result read_ip(struct wire wire, struct packet *out);

/* What follows the last label of an MPLS stack is told by its first half byte alone. */
static enum packet_result read_mpls(struct wire wire, struct packet *out)
{
    for (int i = 0; i < TAGS_MAX; i++)
        if (wire_u32(&wire) & 0x100)
            return wire.bad ? PACKET_MALFORMED : read_ip(wire, out);
    return PACKET_MALFORMED;
}

static enum packet_result read_pppoe(struct wire wire, struct packet *out)
{
    (void)wire_take(&wire, 6);
    uint16_t protocol = wire_u16(&wire);
    if (wire.bad)
        return PACKET_MALFORMED;
    return protocol == 0x21 || protocol == 0x57 ? read_ip(wire, out) : PACKET_OTHER;
}

/* Behind an EtherType, with tags in between. */
static enum packet_result read_type(struct wire wire, struct packet *out)
{
    for (int i = 0; i < TAGS_MAX; i++) {
        uint16_t type = wire_u16(&wire);
        if (wire.bad)
            return PACKET_MALFORMED;
        switch (type) {
        case TYPE_IPV4:
        case TYPE_IPV6: return read_ip(wire, out);
        case TYPE_MPLS:
        case TYPE_MPLS_UP: return read_mpls(wire, out);
        case TYPE_PPPOE: return read_pppoe(wire, out);
        case TYPE_VLAN:
        case TYPE_QINQ: (void)wire_take(&wire, 2); break;
        default: return PACKET_OTHER;
        }
    }
    return PACKET_MALFORMED;
}

static const struct {
    int link;
    size_t before; /* bytes before the type, or before IP when there is no type */
    bool typed;
    size_t behind; /* bytes between type and IP */
} LINKS[] = {
    {LINK_NULL, 4, false, 0}, {LINK_ETHERNET, 12, true, 0}, {LINK_RAW_OLD, 0, false, 0},
    {LINK_RAW, 0, false, 0},  {LINK_LOOP, 4, false, 0},     {LINK_COOKED, 14, true, 0},
    {LINK_IPV4, 0, false, 0}, {LINK_IPV6, 0, false, 0},     {LINK_COOKED2, 0, true, 18},
};

enum { LINK_TOTAL = sizeof LINKS / sizeof LINKS[0] };

bool packet_link_known(int link)
{
    for (size_t i = 0; i < LINK_TOTAL; i++)
        if (LINKS[i].link == link)
            return true;
    return false;
}

static void read_tcp(struct wire wire, struct packet *out)
{
    struct flow *flow = &out->flow;
    flow->source_port = wire_u16(&wire);
    flow->target_port = wire_u16(&wire);
    out->tcp_sequence = wire_u32(&wire);
    (void)wire_u32(&wire);
    size_t header = (size_t)(wire_u8(&wire) >> 4) * 4;
    flow->tcp_flags = wire_u8(&wire);
    (void)wire_take(&wire, 6);
    if (wire.bad || header < 20)
        return;
    (void)wire_take(&wire, header - 20);
    out->payload = wire;
}

static void read_udp(struct wire wire, struct packet *out)
{
    out->flow.source_port = wire_u16(&wire);
    out->flow.target_port = wire_u16(&wire);
    size_t size = wire_u16(&wire);
    (void)wire_u16(&wire);
    if (wire.bad || size < 8)
        return;
    size -= 8;
    if (out->more_fragments || size > wire.n)
        size = wire.n;
    out->payload = wire_part(&wire, size);
}

/* A header that the capture cut short leaves its ports at zero: the packet still counts. */
static void read_transport(struct wire wire, struct packet *out)
{
    struct flow *flow = &out->flow;
    if (out->fragment_offset > 0)
        return;
    if (flow->protocol == FLOW_TCP)
        read_tcp(wire, out);
    else if (flow->protocol == FLOW_UDP)
        read_udp(wire, out);
    else if (flow->protocol == FLOW_ICMP || flow->protocol == FLOW_ICMP6)
        flow->target_port = wire_u16(&wire);
}

static void read_address(struct wire *wire, size_t size, struct ip *out)
{
    const uint8_t *p = wire_take(wire, size);
    memset(out, 0, sizeof *out);
    out->bits = (uint8_t)(8 * size);
    if (p)
        memcpy(out->bytes, p, size);
}

static enum packet_result read_ip4(struct wire wire, struct packet *out)
{
    size_t header = (size_t)(wire_u8(&wire) & 15) * 4;
    (void)wire_u8(&wire);
    size_t total = wire_u16(&wire);
    out->fragment_id = wire_u16(&wire);
    uint16_t fragment = wire_u16(&wire);
    (void)wire_u8(&wire);
    out->flow.protocol = wire_u8(&wire);
    (void)wire_u16(&wire);
    read_address(&wire, 4, &out->flow.source);
    read_address(&wire, 4, &out->flow.target);
    if (wire.bad || header < 20)
        return PACKET_MALFORMED;
    /* A total of zero is what a card that cuts segments itself shows to a capture. */
    total = total == 0 ? wire.n + 20 : total;
    if (total < header)
        return PACKET_MALFORMED;
    out->more_fragments = fragment & 0x2000;
    out->fragment_offset = (uint16_t)((fragment & 0x1FFF) * 8);
    out->flow.fragment = out->more_fragments || out->fragment_offset > 0;
    out->flow.bytes = total;
    (void)wire_take(&wire, header - 20);
    if (wire.n > total - header)
        wire.n = total - header; /* padding of short frames */
    read_transport(wire, out);
    return PACKET_OK;
}

/* Behind its first byte, which tells what the fragment is of. */
static void read_fragment(struct wire *wire, struct packet *out)
{
    (void)wire_u8(wire);
    uint16_t fragment = wire_u16(wire);
    out->fragment_id = wire_u32(wire);
    out->fragment_offset = fragment & 0xFFF8;
    out->more_fragments = fragment & 1;
    out->flow.fragment = out->more_fragments || out->fragment_offset > 0;
}

static bool is_extension(uint8_t protocol)
{
    return protocol == PROTOCOL_HOP || protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_OPTIONS ||
           protocol == PROTOCOL_AUTH || protocol == PROTOCOL_FRAGMENT;
}

/* Passes the extension headers; *protocol is then what they carry. False when they do not end. */
static bool pass_extensions(struct wire *wire, struct packet *out, uint8_t *protocol)
{
    for (int i = 0; i < EXTENSIONS_MAX; i++) {
        uint8_t header = *protocol;
        if (!is_extension(header) || out->fragment_offset > 0)
            return true;
        *protocol = wire_u8(wire);
        if (header == PROTOCOL_FRAGMENT) {
            read_fragment(wire, out);
            continue;
        }
        size_t length = wire_u8(wire);
        (void)wire_take(wire, header == PROTOCOL_AUTH ? 4 * (length + 2) - 2 : 6 + 8 * length);
        if (wire->bad)
            return true; /* cut by the capture */
    }
    return false;
}

static enum packet_result read_ip6(struct wire wire, struct packet *out)
{
    (void)wire_u32(&wire);
    size_t size = wire_u16(&wire);
    uint8_t protocol = wire_u8(&wire);
    (void)wire_u8(&wire);
    read_address(&wire, 16, &out->flow.source);
    read_address(&wire, 16, &out->flow.target);
    if (wire.bad)
        return PACKET_MALFORMED;
    size = size == 0 ? wire.n : size; /* a jumbogram, or segments cut by the card */
    out->flow.bytes = size + 40;
    if (wire.n > size)
        wire.n = size;
    if (!pass_extensions(&wire, out, &protocol))
        return PACKET_MALFORMED;
    out->flow.protocol = protocol;
    if (!wire.bad)
        read_transport(wire, out);
    return PACKET_OK;
}

static enum packet_result read_ip(struct wire wire, struct packet *out)
{
    if (wire.n == 0)
        return PACKET_MALFORMED;
    unsigned version = wire.p[0] >> 4;
    if (version == 4)
        return read_ip4(wire, out);
    return version == 6 ? read_ip6(wire, out) : PACKET_OTHER;
}

enum packet_result packet_read(int link, const uint8_t *bytes, size_t size, int64_t time_ms,
                               struct packet *out)
{
    struct packet packet = {.flow = {.packets = 1, .sampling = 1, .first_ms = time_ms, .last_ms = time_ms}};
    struct wire wire = wire_of(bytes, size);
    enum packet_result result = PACKET_OTHER;
    for (size_t i = 0; i < LINK_TOTAL; i++) {
        if (LINKS[i].link != link)
            continue;
        (void)wire_take(&wire, LINKS[i].before);
        if (LINKS[i].behind > 0 && wire.n >= 2 + LINKS[i].behind) {
            /* The type comes first, and only IP is looked for behind the rest of the header. */
            uint16_t type = wire_u16(&wire);
            (void)wire_take(&wire, LINKS[i].behind);
            result = type == TYPE_IPV4 || type == TYPE_IPV6 ? read_ip(wire, &packet) : PACKET_OTHER;
        } else if (wire.bad || LINKS[i].behind > 0) {
            result = PACKET_MALFORMED;
        } else {
            result = LINKS[i].typed ? read_type(wire, &packet) : read_ip(wire, &packet);
        }
    }
    if (result == PACKET_OK)
        *out = packet;
    return result;
}
