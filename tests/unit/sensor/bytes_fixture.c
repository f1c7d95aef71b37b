#include "unit/sensor/bytes_fixture.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

void bytes_add(struct bytes *bytes, const char *hex)
{
    for (const char *p = hex; *p; p++) {
        if (*p == ' ')
            continue;
        assert_true(bytes->size < BYTES_MAX);
        assert_true(hex_decode(p, 2, &bytes->at[bytes->size++], 1));
        p++;
    }
}

struct bytes bytes_of(const char *hex)
{
    struct bytes bytes = {.size = 0};
    bytes_add(&bytes, hex);
    return bytes;
}

struct ip ip_of(const char *text)
{
    struct ip ip;
    assert_true(ip_parse((struct str){text, strlen(text)}, &ip));
    return ip;
}

struct bytes bytes_udp(const char *source, const char *target, uint16_t source_port, uint16_t target_port,
                       const struct bytes *payload)
{
    char head[160];
    struct ip from = ip_of(source);
    struct ip to = ip_of(target);
    (void)snprintf(
        head, sizeof head,
        "000000000000 000000000000 0800 4500 %04zx 0000 0000 40 11 0000 %08x %08x %04x %04x %04zx 0000",
        payload->size + 28, ip4_value(&from), ip4_value(&to), source_port, target_port, payload->size + 8);
    struct bytes bytes = bytes_of(head);
    assert_true(bytes.size + payload->size <= BYTES_MAX);
    memcpy(bytes.at + bytes.size, payload->at, payload->size);
    bytes.size += payload->size;
    return bytes;
}

struct flow flow_of(const char *source, const char *target, int64_t time_ms)
{
    return (struct flow){.source = ip_of(source),
                         .target = ip_of(target),
                         .source_port = 40000,
                         .target_port = 9,
                         .protocol = FLOW_UDP,
                         .packets = 1,
                         .bytes = 100,
                         .sampling = 1,
                         .first_ms = time_ms,
                         .last_ms = time_ms};
}
