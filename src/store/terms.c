#include "store/terms.h"

#include "base/str.h"

#include <string.h>

enum { WORD_BYTES_MAX = 64 };

enum kind { KIND_NONE, KIND_WORD, KIND_HAN };

struct scan {
    const char *text;
    size_t size_bytes;
    size_t at;
};

struct mark {
    enum kind kind;
    const char *bytes; /* as it is indexed */
    size_t size_bytes;
    char plain; /* what bytes points to for letters and digits */
};

/* Letters of other scripts stand in words as they are; punctuation and symbols separate. */
static enum kind kind_of(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        enum kind kind;
    } RANGES[] = {
        {'0', '9', KIND_WORD},      {'A', 'Z', KIND_WORD},      {'a', 'z', KIND_WORD},
        {0xC0, 0x24F, KIND_WORD},   {0x370, 0x1FFF, KIND_WORD}, {0x3005, 0x3007, KIND_HAN},
        {0x3040, 0x30FF, KIND_HAN}, {0x3400, 0x4DBF, KIND_HAN}, {0x4E00, 0x9FFF, KIND_HAN},
        {0xAC00, 0xD7AF, KIND_HAN}, {0xF900, 0xFAFF, KIND_HAN}, {0x20000, 0x3FFFF, KIND_HAN},
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++)
        if (c >= RANGES[i].first && c <= RANGES[i].last)
            return RANGES[i].kind;
    return KIND_NONE;
}

/* The next character; KIND_NONE with no bytes at the end. */
static void next_mark(struct scan *scan, struct mark *out)
{
    *out = (struct mark){.bytes = scan->text + scan->at};
    if (scan->at >= scan->size_bytes)
        return;
    size_t from = scan->at;
    uint32_t c = utf8_next(scan->text, scan->size_bytes, &scan->at);
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0; /* full-width forms */
    out->kind = kind_of(c);
    out->size_bytes = scan->at - from;
    if (c < 0x80) {
        out->plain = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        out->size_bytes = 1;
    }
}

static void put(struct buf *out, const struct mark *mark)
{
    buf_add(out, mark->plain ? &mark->plain : mark->bytes, mark->size_bytes);
}

/* What the last run was: a query ends differently from a stored text. */
struct ending {
    enum kind kind;
    size_t marks;
};

static void blank(struct buf *out)
{
    if (out->size_bytes > 0)
        buf_adds(out, " ");
}

/* A run is given whole: its characters follow each other in the text. */
static struct ending add_run(struct buf *out, struct scan run, enum kind kind)
{
    struct ending ending = {kind, 0};
    struct mark mark, after;
    next_mark(&run, &mark);
    size_t begin = out->size_bytes;
    if (kind == KIND_WORD)
        blank(out);
    for (; mark.kind == kind && out->size_bytes < TERMS_BYTES_MAX; mark = after) {
        next_mark(&run, &after);
        if (kind == KIND_WORD && out->size_bytes - begin > WORD_BYTES_MAX)
            continue;
        if (kind == KIND_HAN)
            blank(out);
        put(out, &mark);
        if (kind == KIND_HAN && after.kind == kind)
            put(out, &after);
        ending.marks++;
    }
    return ending;
}

static struct ending each_run(struct buf *out, const char *text, size_t size_bytes)
{
    struct scan scan = {text, size_bytes, 0};
    struct ending ending = {KIND_NONE, 0};
    while (scan.at < size_bytes && out->size_bytes < TERMS_BYTES_MAX) {
        struct mark mark;
        size_t from = scan.at;
        next_mark(&scan, &mark);
        enum kind kind = mark.kind;
        size_t end = scan.at;
        while (end < size_bytes) {
            next_mark(&scan, &mark);
            if (mark.kind != kind)
                break;
            end = scan.at;
        }
        scan.at = end;
        if (kind != KIND_NONE)
            ending = add_run(out, (struct scan){text, end, from}, kind);
    }
    return ending;
}

void terms_add(struct buf *out, const char *text, size_t size_bytes)
{
    (void)each_run(out, text, size_bytes); /* its ending matters to queries only */
}

/* What the rule packs say of a matter they say of thousands: nobody looks for one by it. */
static bool is_searched(const char *key)
{
    return strcmp(key, "gradings") != 0;
}

void terms_add_doc(struct buf *out, const json_t *doc)
{
    const char *key;
    const json_t *value;
    size_t i;
    if (json_is_string(doc)) {
        terms_add(out, json_string_value(doc), json_string_length(doc));
    } else if (json_is_integer(doc)) {
        char number[24];
        int n = snprintf(number, sizeof number, "%lld", (long long)json_integer_value(doc));
        terms_add(out, number, (size_t)n);
    } else if (json_is_array(doc)) {
        json_array_foreach(doc, i, value) terms_add_doc(out, value);
    } else if (json_is_object(doc)) {
        /* The iterator of a const object does not change it; jansson's type says otherwise. */
        union {
            const json_t *lent;
            json_t *object;
        } view = {.lent = doc};
        json_object_foreach(view.object, key, value)
        {
            if (is_searched(key))
                terms_add_doc(out, value);
        }
    }
}

/* One part becomes a phrase of its terms. The text searched for may go on behind it, so the single at the
 * end of a Chinese run falls away, or, when it is the whole run, is the beginning of a pair. */
static bool add_phrase(struct buf *out, const char *text, size_t size_bytes)
{
    struct buf terms;
    buf_init(&terms, TERMS_CAP_BYTES);
    struct ending ending = each_run(&terms, text, size_bytes);
    if (ending.kind != KIND_NONE && !terms.failed) {
        if (ending.kind == KIND_HAN && ending.marks > 1)
            *strrchr(terms.data, ' ') = '\0';
        bool prefix = ending.kind == KIND_HAN && ending.marks == 1;
        buf_addf(out, "%s\"%s\"%s", out->size_bytes > 0 ? " AND " : "", terms.data, prefix ? " *" : "");
    }
    out->failed |= terms.failed;
    buf_done(&terms);
    return ending.kind != KIND_NONE;
}

enum errc terms_query(const char *text, struct buf *out, bool *any, struct err *err)
{
    *any = false;
    if (!utf8_valid(text, strlen(text)))
        return err_set(err, ERR_INVALID, "the search text is not valid UTF-8");
    for (const char *at = text; *at != '\0';) {
        size_t part = strcspn(at, " \t\r\n");
        if (part > 0)
            *any |= add_phrase(out, at, part);
        at += part;
        at += strspn(at, " \t\r\n");
    }
    return buf_check(out, err);
}

/* FNV-1a, 64 bits. */
int64_t terms_hash(const struct buf *terms)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < terms->size_bytes; i++)
        hash = (hash ^ (unsigned char)terms->data[i]) * UINT64_C(0x100000001b3);
    union {
        uint64_t bits;
        int64_t value;
    } out = {hash};
    return out.value;
}
