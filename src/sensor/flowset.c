#include "sensor/flowset.h"

#include "sensor/flow_draft.h"

#include <stdlib.h>

enum { ENTERPRISE_BIT = 0x8000, DATA_MIN = 256, PADDING_MAX = 3, IPFIX_HEADER = 16 };

struct reading {
    const struct export_sink *sink;
    struct export_result *out;
    struct exporter *exporter;
    struct flow_clock clock;
    bool ipfix;
    uint32_t records; /* of this datagram, with those about the exporter */
    bool unknown;     /* sets whose records could not be counted */
};

static struct template *template_new(uint16_t id, uint16_t count, bool options)
{
    struct template *t = calloc(1, sizeof *t + count * sizeof t->fields[0]);
    if (t) {
        t->id = id;
        t->count = count;
        t->options = options;
    }
    return t;
}

/* False when the set ends in the middle of a field. */
static bool read_fields(struct wire *wire, bool ipfix, struct template *t)
{
    for (uint16_t i = 0; i < t->count; i++) {
        struct template_field *field = &t->fields[i];
        field->id = wire_u16(wire);
        field->size = wire_u16(wire);
        if (ipfix && field->id & ENTERPRISE_BIT) {
            field->id ^= ENTERPRISE_BIT;
            field->enterprise = wire_u32(wire);
        }
        field->meaning = (uint8_t)flow_meaning_of(field->enterprise, field->id);
        t->variable = t->variable || field->size == FIELD_VARIABLE;
        t->record_size += field->size == FIELD_VARIABLE ? 1 : field->size;
    }
    return !wire->bad;
}

/* The number of fields of the next template; 0 = a template without any takes another back. */
static uint16_t read_template_head(struct wire *wire, bool ipfix, bool options, uint16_t *id)
{
    *id = wire_u16(wire);
    uint16_t count = wire_u16(wire);
    if (options && ipfix && count > 0)
        (void)wire_u16(wire); /* how many of them are scopes */
    if (options && !ipfix)
        count = (uint16_t)((count + (uint32_t)wire_u16(wire)) / 4); /* two sizes in bytes */
    return count;
}

static void read_templates(struct reading *r, struct wire wire, bool options)
{
    while (wire.n > PADDING_MAX) {
        uint16_t id;
        uint16_t count = read_template_head(&wire, r->ipfix, options, &id);
        if (wire.bad || count > TEMPLATE_FIELDS_MAX || (id < DATA_MIN && id != 0)) {
            r->out->malformed++;
            return;
        }
        if (id < DATA_MIN)
            return; /* padding */
        if (count == 0) {
            exporter_forget(r->exporter, id);
            continue;
        }
        struct template *t = template_new(id, count, options);
        if (!t || !read_fields(&wire, r->ipfix, t)) {
            free(t);
            r->out->malformed++;
            return;
        }
        if (!exporter_learn(r->exporter, t))
            r->out->malformed++;
    }
}

static size_t field_size(struct wire *wire, const struct template_field *field)
{
    if (field->size != FIELD_VARIABLE)
        return field->size;
    size_t size = wire_u8(wire);
    return size == 255 ? wire_u16(wire) : size;
}

/* One record of data; false when it does not fit. */
static bool read_record(struct wire *wire, const struct template *t, struct flow_draft *draft)
{
    draft->told = 0;
    for (uint16_t i = 0; i < t->count; i++) {
        const struct template_field *field = &t->fields[i];
        size_t size = field_size(wire, field);
        const uint8_t *bytes = wire_take(wire, size);
        if (!bytes && (size > 0 || wire->bad))
            return false;
        if (field->meaning != MEANING_NONE)
            flow_draft_add(draft, (enum flow_meaning)field->meaning, bytes, size);
    }
    return true;
}

static bool only_padding(const struct wire *wire, const struct template *t)
{
    if (wire->n < t->record_size)
        return true;
    for (size_t i = 0; i < wire->n; i++)
        if (wire->p[i] || wire->n > PADDING_MAX)
            return false;
    return true;
}

static void read_data(struct reading *r, struct wire wire, uint16_t id)
{
    const struct template *t = exporter_template(r->exporter, id);
    struct flow_draft draft;
    if (!t || t->record_size == 0) {
        r->out->untemplated += t == NULL;
        r->out->malformed += t != NULL;
        r->unknown = true;
        return;
    }
    while (!only_padding(&wire, t)) {
        struct flow flow;
        if (!read_record(&wire, t, &draft)) {
            r->out->malformed++;
            r->unknown = true;
            return;
        }
        r->records++;
        if (t->options) {
            flow_draft_options(&draft, r->exporter);
            r->out->options++;
            continue;
        }
        flow_draft_finish(&draft, &r->clock, r->exporter, &flow);
        r->out->records++;
        r->exporter->records++;
        r->sink->visit(r->sink->context, &flow);
    }
}

static void read_sets(struct reading *r, struct wire wire)
{
    const uint16_t templates = r->ipfix ? 2 : 0;
    while (wire.n > PADDING_MAX) {
        uint16_t id = wire_u16(&wire);
        size_t size = wire_u16(&wire);
        struct wire set = wire_part(&wire, size < 4 ? SIZE_MAX : size - 4);
        if (set.bad) {
            r->out->malformed++;
            r->unknown = true;
            return;
        }
        if (id == templates || id == templates + 1)
            read_templates(r, set, id == templates + 1);
        else if (id >= DATA_MIN)
            read_data(r, set, id);
        else
            r->out->malformed++;
    }
}

void flowset_read9(const struct export_datagram *datagram, struct exporter_book *book,
                   const struct export_sink *sink, struct export_result *out)
{
    struct wire wire = wire_of(datagram->bytes, datagram->size);
    (void)wire_u32(&wire); /* version, and a count that vendors do not agree on */
    uint32_t uptime = wire_u32(&wire);
    int64_t sent_s = wire_u32(&wire);
    uint32_t sequence = wire_u32(&wire);
    uint32_t domain = wire_u32(&wire);
    if (wire.bad) {
        out->malformed++;
        return;
    }
    struct reading r = {.sink = sink,
                        .out = out,
                        .exporter = exporter_get(book, &datagram->from, domain, 9, datagram->now_ms),
                        .clock = {sent_s * 1000, uptime}};
    exporter_step(r.exporter, sequence, 1);
    read_sets(&r, wire);
}

/* One message; false when what follows cannot be told. */
static bool read_message(const struct export_datagram *datagram, struct exporter_book *book,
                         struct wire *rest, const struct export_sink *sink, struct export_result *out)
{
    const uint8_t *head = wire_take(rest, IPFIX_HEADER);
    size_t size = head ? (size_t)wire_number(head + 2, 2) : 0;
    if (!head || wire_number(head, 2) != 10 || size < IPFIX_HEADER || size - IPFIX_HEADER > rest->n)
        return false;
    struct reading r = {.sink = sink,
                        .out = out,
                        .exporter = exporter_get(book, &datagram->from, (uint32_t)wire_number(head + 12, 4),
                                                 10, datagram->now_ms),
                        .clock = {(int64_t)wire_number(head + 4, 4) * 1000, -1},
                        .ipfix = true};
    read_sets(&r, wire_part(rest, size - IPFIX_HEADER));
    exporter_step(r.exporter, (uint32_t)wire_number(head + 8, 4), r.records);
    if (r.unknown)
        r.exporter->in_step = false; /* the next number tells where it is */
    return true;
}

/* Usually one; collectors and files that pass messages on put several into a datagram. */
void flowset_read_ipfix(const struct export_datagram *datagram, struct exporter_book *book,
                        const struct export_sink *sink, struct export_result *out)
{
    struct wire rest = wire_of(datagram->bytes, datagram->size);
    do {
        if (!read_message(datagram, book, &rest, sink, out)) {
            out->malformed++;
            return;
        }
    } while (rest.n > 0);
}
