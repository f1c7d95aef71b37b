#include "intel/decoder.h"

#include "intel/access_log.h"
#include "intel/dns_text.h"

#include <string.h>

static const char *const FORMATS[FORMAT_COUNT] = {"text",     "eve",   "zeek-tsv", "zeek-json",
                                                  "dns-text", "squid", "json"};

static const struct field_rule VALUE = {"value", FIELD_ANY, GROUP_NONE, KIND_COUNT};

enum { GUESS_LINES = 50 };

const char *decoder_format_name(enum decoder_format format)
{
    return FORMATS[format];
}

int decoder_format_parse(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (streq(name, FORMATS[i]))
            return i;
    return -1;
}

static bool has(struct str text, const char *word)
{
    return text.n > 0 && memmem(text.p, text.n, word, strlen(word));
}

static void ignore(void *context, const struct field *field)
{
    (void)context;
    (void)field;
}

static struct str line_of(struct str rest, const char **behind)
{
    const char *end = rest.n > 0 ? memchr(rest.p, '\n', rest.n) : NULL;
    size_t n = end ? (size_t)(end - rest.p) : rest.n;
    *behind = rest.p + n + (end != NULL);
    if (n > 0 && rest.p[n - 1] == '\r')
        n--;
    return (struct str){rest.p, n};
}

static struct str rest_from(struct str whole, const char *at)
{
    return (struct str){at, whole.n - (size_t)(at - whole.p)};
}

/* By what most of the first lines are. */
static enum decoder_format guess_text(struct str head)
{
    struct read_space space;
    size_t lines = 0;
    size_t dns = 0;
    size_t access = 0;
    const char *at = head.p;
    while (at < head.p + head.n && lines < GUESS_LINES) {
        struct str line = line_of(rest_from(head, at), &at);
        if (line.n == 0)
            continue;
        lines++;
        if (access_log_read(line, &space, ignore, NULL))
            access++;
        else if (dns_text_read(line, ignore, NULL))
            dns++;
    }
    if (2 * access > lines)
        return FORMAT_SQUID;
    return 2 * dns > lines ? FORMAT_DNS_TEXT : FORMAT_TEXT;
}

static struct str without_blanks(struct str head)
{
    if (head.n >= 3 && memcmp(head.p, "\xEF\xBB\xBF", 3) == 0)
        head = (struct str){head.p + 3, head.n - 3};
    while (head.n > 0 && (unsigned char)head.p[0] <= ' ')
        head = (struct str){head.p + 1, head.n - 1};
    return head;
}

enum decoder_format decoder_guess(struct str head)
{
    head = without_blanks(head);
    if (head.n == 0)
        return FORMAT_TEXT;
    if (head.p[0] == '#' && (has(head, "#separator") || has(head, "#fields")))
        return FORMAT_ZEEK_TSV;
    /* "[1700000000] unbound…" and "[INFO] …" begin as an array would. */
    const char *behind;
    struct str line = line_of(head, &behind);
    struct str inner = without_blanks((struct str){head.p + 1, head.n - 1});
    bool array = head.p[0] == '[' && inner.n > 0 && (inner.p[0] == '{' || inner.p[0] == ']');
    if (head.p[0] != '{' && !array)
        return guess_text(head);
    struct str first = array || line.n < 2 ? head : line;
    if (has(first, "\"event_type\""))
        return FORMAT_EVE;
    if (has(first, "\"_path\"") || has(first, "\"id.orig_h\"") ||
        (has(first, "\"uid\"") && has(first, "\"ts\"")))
        return FORMAT_ZEEK_JSON;
    return FORMAT_JSON;
}

static bool is_json(enum decoder_format format)
{
    return format == FORMAT_EVE || format == FORMAT_ZEEK_JSON || format == FORMAT_JSON;
}

/* JSON whose first record is not one line. */
static bool over_lines(struct str head)
{
    head = without_blanks(head);
    if (head.n == 0 || head.p[0] == '[')
        return head.n > 0;
    const char *behind;
    struct str line = line_of(head, &behind);
    if (head.p[0] != '{' || behind == line.p + line.n || json_skip(line.p, line.p + line.n))
        return false;
    /* One broken line among records that have a line each is only that. */
    struct str next = without_blanks(rest_from(head, behind));
    return next.n > 0 && next.p[0] != '{';
}

void decoder_init(struct decoder *decoder, enum decoder_format format, struct str head)
{
    static const enum field_family FAMILIES[FORMAT_COUNT] = {
        [FORMAT_TEXT] = FAMILY_JSON,      [FORMAT_EVE] = FAMILY_EVE,       [FORMAT_ZEEK_TSV] = FAMILY_ZEEK,
        [FORMAT_ZEEK_JSON] = FAMILY_ZEEK, [FORMAT_DNS_TEXT] = FAMILY_JSON, [FORMAT_SQUID] = FAMILY_JSON,
        [FORMAT_JSON] = FAMILY_JSON,
    };
    decoder->format = format;
    decoder->spans = is_json(format) && over_lines(head);
    field_table_init(&decoder->table, FAMILIES[format]);
    zeek_header_init(&decoder->zeek);
}

/* Between the records of an array stand commas and its brackets. What does not end is the last, broken
 * record. */
static struct str spanning_record(struct str rest, const char **behind)
{
    const char *end = rest.p + rest.n;
    const char *p = rest.n > 0 ? memchr(rest.p, '{', rest.n) : NULL;
    const char *close = p ? json_skip(p, end) : NULL;
    *behind = close ? close : end;
    return p ? (struct str){p, (size_t)(*behind - p)} : (struct str){end, 0};
}

struct str decoder_record(const struct decoder *decoder, struct str rest, const char **out_behind)
{
    return decoder->spans ? spanning_record(rest, out_behind) : line_of(rest, out_behind);
}

size_t decoder_whole(const struct decoder *decoder, struct str buffer)
{
    if (!decoder->spans) {
        const char *end = buffer.n > 0 ? memrchr(buffer.p, '\n', buffer.n) : NULL;
        return end ? (size_t)(end - buffer.p) + 1 : 0;
    }
    const char *end = buffer.p + buffer.n;
    const char *whole = buffer.p;
    while (whole < end) {
        const char *open = memchr(whole, '{', (size_t)(end - whole));
        const char *close = open ? json_skip(open, end) : NULL;
        if (!close)
            break;
        whole = close;
    }
    return (size_t)(whole - buffer.p);
}

static struct str trim(struct str line)
{
    while (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
        line = (struct str){line.p + 1, line.n - 1};
    while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
        line.n--;
    return line;
}

void decoder_read(const struct decoder *decoder, struct str record, struct read_space *space,
                  field_visit_fn *visit, void *context)
{
    struct field field = {{VALUE.path, strlen(VALUE.path)}, {NULL, 0}, &VALUE, record.p};
    switch (decoder->format) {
    case FORMAT_EVE:
    case FORMAT_ZEEK_JSON:
    case FORMAT_JSON: (void)json_read(&decoder->table, record, space, visit, context); break;
    case FORMAT_ZEEK_TSV:
        if (record.n > 0 && record.p[0] != '#')
            zeek_read(&decoder->zeek, record, space, visit, context);
        break;
    case FORMAT_DNS_TEXT: (void)dns_text_read(record, visit, context); break;
    case FORMAT_SQUID: (void)access_log_read(record, space, visit, context); break;
    case FORMAT_TEXT:
        field.value = trim(record);
        if (field.value.n > 0 && field.value.p[0] != '#')
            visit(context, &field);
        break;
    case FORMAT_COUNT: break;
    }
}
