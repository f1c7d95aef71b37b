#include "sensor/dns_message.h"

#include <string.h>

enum {
    HEADER = 12,
    LABEL_MAX = 63,
    NAME_WIRE_MAX = 255,
    POINTER = 0xC0,
    FLAG_RESPONSE = 0x8000,
    FLAG_CUT = 0x200
};

static bool plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*' || c == '/';
}

static void put_label(const uint8_t *label, size_t size, struct dns_name *out)
{
    char *to = out->text + out->size;
    if (out->labels++ > 0)
        *to++ = '.';
    for (size_t i = 0; i < size; i++) {
        uint8_t c = label[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c | 0x20);
        if (plain(c)) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '\\';
        *to++ = (char)('0' + c / 100);
        *to++ = (char)('0' + c / 10 % 10);
        *to++ = (char)('0' + c % 10);
    }
    out->size = (uint16_t)(to - out->text);
}

/* Reads the name at *at of the message and moves *at behind it; out may be NULL. Every pointer goes further
 * back than the one before, so that the walk ends. */
static bool read_name(const struct wire *whole, size_t *at, struct dns_name *out)
{
    size_t p = *at;
    size_t lowest = p;
    size_t used = 0;
    bool jumped = false;
    if (out)
        out->size = out->labels = 0;
    while (p < whole->n) {
        uint8_t size = whole->p[p];
        if (size >= POINTER) {
            size_t to = p + 1 < whole->n ? (size_t)(size & 0x3F) << 8 | whole->p[p + 1] : SIZE_MAX;
            if (to >= lowest)
                return false;
            if (!jumped)
                *at = p + 2;
            jumped = true;
            p = lowest = to;
            continue;
        }
        used += 1u + size;
        if (size > LABEL_MAX || used > NAME_WIRE_MAX || size >= whole->n - p)
            return false;
        if (size == 0) {
            if (!jumped)
                *at = p + 1;
            if (out)
                out->text[out->size] = '\0';
            return true;
        }
        if (out)
            put_label(whole->p + p + 1, size, out);
        p += 1u + size;
    }
    return false;
}

/* Type, class, time to live and size of the record at *at, which is moved to its data. */
static bool read_head(const struct wire *whole, size_t *at, uint16_t *type, uint32_t *ttl_s, size_t *size)
{
    if (!read_name(whole, at, NULL) || whole->n - *at < 10)
        return false;
    *type = (uint16_t)wire_number(whole->p + *at, 2);
    *ttl_s = (uint32_t)wire_number(whole->p + *at + 4, 4);
    *size = (size_t)wire_number(whole->p + *at + 8, 2);
    *at += 10;
    return *size <= whole->n - *at;
}

static bool pass_records(const struct wire *whole, size_t at, uint32_t count)
{
    uint16_t type;
    uint32_t ttl_s;
    size_t size;
    for (uint32_t i = 0; i < count; i++) {
        if (i == DNS_RECORDS_MAX || !read_head(whole, &at, &type, &ttl_s, &size))
            return false;
        at += size;
    }
    return true;
}

bool dns_message_read(const uint8_t *bytes, size_t size, struct dns_message *out)
{
    struct wire wire = wire_of(bytes, size);
    out->whole = wire;
    out->id = wire_u16(&wire);
    uint16_t flags = wire_u16(&wire);
    out->response = flags & FLAG_RESPONSE;
    out->cut = flags & FLAG_CUT;
    out->opcode = flags >> 11 & 15;
    out->rcode = flags & 15;
    out->questions = wire_u16(&wire);
    out->answers = wire_u16(&wire);
    uint32_t others = wire_u16(&wire);
    others += wire_u16(&wire);
    out->type = 0;
    out->name.size = out->name.labels = 0;
    out->name.text[0] = '\0';
    if (wire.bad)
        return false;
    size_t at = HEADER;
    for (uint16_t i = 0; i < out->questions; i++) {
        if (!read_name(&out->whole, &at, i == 0 ? &out->name : NULL) || size - at < 4)
            return false;
        if (i == 0)
            out->type = (uint16_t)wire_number(bytes + at, 2);
        at += 4;
    }
    out->records_at = at;
    return out->cut || pass_records(&out->whole, at, out->answers + others);
}

static void read_data(const struct wire *whole, size_t at, size_t size, struct dns_record *record)
{
    bool name = record->type == DNS_CNAME || record->type == DNS_NS || record->type == DNS_PTR;
    size_t address = record->type == DNS_A ? 4 : record->type == DNS_AAAA ? 16 : 0;
    memset(&record->address, 0, sizeof record->address);
    record->name.size = record->name.labels = 0;
    if (address > 0 && size == address) {
        memcpy(record->address.bytes, whole->p + at, address);
        record->address.bits = (uint8_t)(8 * address);
    } else if (name && !read_name(whole, &at, &record->name)) {
        record->name.size = record->name.labels = 0;
    }
    record->name.text[record->name.size] = '\0';
}

void dns_message_answers(const struct dns_message *message, dns_record_fn *visit, void *context)
{
    struct dns_record record;
    size_t at = message->records_at;
    size_t size;
    for (uint16_t i = 0; i < message->answers && i < DNS_RECORDS_MAX; i++) {
        if (!read_head(&message->whole, &at, &record.type, &record.ttl_s, &size))
            return;
        read_data(&message->whole, at, size, &record);
        visit(context, &record);
        at += size;
    }
}
