#include "unit/sensor/dns_fixture.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

enum errc dns_fixture_keep(void *context, const struct detection *detection, struct err *err)
{
    struct dns_told *told = context;
    (void)err;
    assert_true(told->count < DNS_TOLD_MAX);
    size_t i = told->count++;
    (void)snprintf(told->kinds[i], sizeof told->kinds[i], "%s", detection->kind);
    (void)snprintf(told->targets[i], sizeof told->targets[i], "%s", detection->target);
    (void)snprintf(told->evidence[i], sizeof told->evidence[i], "%s", detection->evidence);
    return ERR_OK;
}

static void add_name(struct bytes *bytes, const char *name)
{
    while (*name) {
        size_t n = strcspn(name, ".");
        bytes->at[bytes->size++] = (uint8_t)n;
        memcpy(bytes->at + bytes->size, name, n);
        bytes->size += n;
        name += n + (name[n] == '.');
    }
    bytes->at[bytes->size++] = 0;
}

struct bytes dns_fixture_message(uint16_t id, const char *name, uint16_t type, int rcode, const char *address)
{
    char head[64];
    (void)snprintf(head, sizeof head, "%04x %04x 0001 %04x 0000 0000", id,
                   rcode < 0 ? 0x0100 : 0x8180 | rcode, address != NULL);
    struct bytes bytes = bytes_of(head);
    add_name(&bytes, name);
    (void)snprintf(head, sizeof head, "%04x 0001", type);
    bytes_add(&bytes, head);
    if (address) {
        struct ip ip = ip_of(address);
        (void)snprintf(head, sizeof head, "c00c 0001 0001 0000003c 0004 %08x", ip4_value(&ip));
        bytes_add(&bytes, head);
    }
    return bytes;
}

void dns_fixture_event(struct dns_fixture_event *out, uint16_t id, const char *name, uint16_t type, int rcode,
                       const char *address, int64_t now_ms)
{
    out->bytes = dns_fixture_message(id, name, type, rcode, address);
    assert_true(dns_message_read(out->bytes.at, out->bytes.size, &out->message));
    out->event = (struct dns_event){
        .message = &out->message,
        .zone = dns_zone_of((struct str){out->message.name.text, out->message.name.size}),
        .client = ip_of("192.0.2.9"),
        .server = ip_of("198.51.100.53"),
        .client_port = 40000,
        .now_ms = now_ms,
    };
}

void dns_fixture_list(struct dns_open_list *list, struct dns_told *told)
{
    struct err err;
    memset(told, 0, sizeof *told);
    *list = (struct dns_open_list){.tell = dns_fixture_keep, .context = told};
    assert_ok(dns_open_list_init(list, &err), &err);
}

void dns_fixture_end(struct dns_open_list *list)
{
    const struct loss none = {0, 0};
    struct err err;
    assert_ok(dns_open_end(list, &none, &err), &err);
}
