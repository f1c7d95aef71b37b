#include "intel/hit_json.h"

#include "base/civil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void literal(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

/* Length of the well-formed character at p, 0 when there is none. */
static size_t character(const char *p, size_t left)
{
    unsigned char first = (unsigned char)*p;
    size_t n = first < 0x80   ? 1
               : first < 0xC2 ? 0
               : first < 0xE0 ? 2
               : first < 0xF0 ? 3
               : first < 0xF5 ? 4
                              : 0;
    return n > 0 && n <= left && utf8_valid(p, n) ? n : 0;
}

static void escape(struct buf *out, unsigned char c)
{
    char text[8];
    switch (c) {
    case '"': literal(out, "\\\""); break;
    case '\\': literal(out, "\\\\"); break;
    case '\n': literal(out, "\\n"); break;
    case '\r': literal(out, "\\r"); break;
    case '\t': literal(out, "\\t"); break;
    default: (void)snprintf(text, sizeof text, "\\u%04x", c); literal(out, text);
    }
}

void hit_json_text(struct buf *out, struct str text)
{
    size_t from = 0;
    literal(out, "\"");
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        size_t n = character(text.p + i, text.n - i);
        if (n > 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            i += n;
            continue;
        }
        buf_add(out, text.p + from, i - from);
        if (n == 0)
            literal(out, "\xEF\xBF\xBD");
        else
            escape(out, c);
        from = ++i;
    }
    buf_add(out, text.p + from, text.n - from);
    literal(out, "\"");
}

static void member(struct buf *out, const char *name, struct str value)
{
    literal(out, ",\"");
    literal(out, name);
    literal(out, "\":");
    hit_json_text(out, value);
}

static struct str text_of(const char *text)
{
    return (struct str){text, strlen(text)};
}

static void member_time(struct buf *out, const char *name, int64_t ms)
{
    char text[CIVIL_TIME_SIZE];
    if (ms == LABEL_NO_TIME)
        return;
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    member(out, name, text_of(text));
}

/* Begins with a comma. */
static void write_label(struct buf *out, const struct label *label, int64_t now_ms)
{
    member(out, "source", text_of(label->source));
    if (label->family[0])
        member(out, "family", text_of(label->family));
    if (label->confidence != LABEL_UNKNOWN)
        buf_addf(out, ",\"confidence\":%d", label->confidence);
    if (label->tlp != TLP_UNKNOWN)
        member(out, "tlp", text_of(tlp_name(label->tlp)));
    member_time(out, "valid_from", label->valid_from_ms);
    member_time(out, "valid_until", label->valid_until_ms);
    if (label->valid_until_ms != LABEL_NO_TIME && label->valid_until_ms < now_ms)
        literal(out, ",\"expired\":true");
}

static void write_also(struct buf *out, const struct label *labels, size_t count, int64_t now_ms)
{
    literal(out, ",\"also\":[");
    for (size_t i = 0; i < count; i++) {
        size_t at = out->size_bytes + (i > 0);
        literal(out, i > 0 ? ",{" : "{");
        write_label(out, &labels[i], now_ms);
        /* The comma that a label begins with. */
        if (!out->failed) {
            memmove(out->data + at + 1, out->data + at + 2, out->size_bytes - at - 1);
            out->size_bytes--;
        }
        literal(out, "}");
    }
    literal(out, "]");
}

static void write_held(struct buf *out, const struct finding *finding)
{
    char indicator[INDICATOR_TEXT_SIZE];
    struct label label;
    size_t n = find_format(finding->held_hit, indicator);
    literal(out, ",\"held_by\":{\"indicator\":");
    hit_json_text(out, (struct str){indicator, n});
    if (index_labels(finding->held_by->index, finding->held_hit->note, &label, 1) > 0)
        member(out, "source", text_of(label.source));
    literal(out, "}");
}

void hit_json_write(const struct finding *finding, const struct hit_place *place, struct buf *out)
{
    struct label labels[HIT_SOURCES_MAX];
    char indicator[INDICATOR_TEXT_SIZE];
    struct str value = finding->value;
    size_t n = find_format(finding->hit, indicator);
    size_t count = index_labels(finding->index, finding->hit->note, labels, HIT_SOURCES_MAX);
    if (count > HIT_SOURCES_MAX)
        count = HIT_SOURCES_MAX;
    for (value.n = value.n < HIT_VALUE_MAX ? value.n : HIT_VALUE_MAX;
         value.n > 0 && value.n < finding->value.n && ((unsigned char)value.p[value.n] & 0xC0) == 0x80;)
        value.n--;
    literal(out, "{\"file\":");
    hit_json_text(out, text_of(place->file));
    buf_addf(out, ",\"line\":%" PRIu64, place->line);
    member(out, "field", finding->field->name);
    member(out, "kind", text_of(kind_name(finding->hit->kind)));
    member(out, "value", value);
    member(out, "indicator", (struct str){indicator, n});
    if (count > 0)
        write_label(out, &labels[0], place->now_ms);
    if (count > 1)
        write_also(out, labels + 1, count - 1, place->now_ms);
    if (finding->held_by)
        write_held(out, finding);
    literal(out, "}\n");
}
