#include "intel/json_read.h"

#include <stdio.h>
#include <string.h>

struct level {
    bool array;
    unsigned index;
    size_t path_size; /* of what is around */
    size_t shown_size;
};

struct reader {
    const struct field_table *table;
    struct read_space *space;
    field_visit_fn *visit;
    void *context;
    const char *p;
    const char *end;
    size_t depth;
    struct level levels[JSON_READ_DEPTH_MAX];
    /* The path for rules, and for people, with places in arrays. */
    size_t path_size;
    size_t shown_size;
    bool too_long; /* the path, until the level ends */
    char path[JSON_READ_PATH_MAX];
    char shown[JSON_READ_PATH_MAX + 16 * JSON_READ_DEPTH_MAX];
};

static void blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

/* The closing quote of the string whose inside begins at p; NULL when there is none. */
static const char *string_end(const char *p, const char *end)
{
    const char *quote = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
    while (quote) {
        const char *slash = memchr(p, '\\', (size_t)(quote - p));
        if (!slash)
            return quote;
        p = slash + 2;
        if (p > quote) /* the quote was the character that the backslash protects */
            quote = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
    }
    return NULL;
}

const char *json_skip(const char *p, const char *end)
{
    size_t depth = 0;
    for (; p < end; p++) {
        switch (*p) {
        case '"':
            p = string_end(p + 1, end);
            if (!p)
                return NULL;
            break;
        case '{':
        case '[': depth++; break;
        case '}':
        case ']':
            if (depth-- <= 1)
                return p + 1;
            break;
        default: break;
        }
    }
    return NULL;
}

static unsigned hex4(const char *p)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;
        if (digit > 15)
            return UINT32_MAX;
        value = value << 4 | digit;
    }
    return value;
}

static size_t put_utf8(char *to, unsigned point)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xC0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xE0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3F));
        to[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3F));
    to[2] = (char)(0x80 | (point >> 6 & 0x3F));
    to[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

/* "uXXXX" at p[i], which is moved to its last digit; a pair of surrogates is one character. */
static unsigned read_escape_u(struct str in, size_t *i)
{
    if (in.n - *i < 5)
        return 0xFFFD;
    unsigned high = hex4(in.p + *i + 1);
    if (high == UINT32_MAX)
        return 0xFFFD;
    *i += 4;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    bool pair = high < 0xDC00 && in.n - *i > 6 && in.p[*i + 1] == '\\' && in.p[*i + 2] == 'u';
    unsigned low = pair ? hex4(in.p + *i + 3) : 0;
    if (low < 0xDC00 || low > 0xDFFF)
        return 0xFFFD;
    *i += 6;
    return 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00));
}

struct str json_decode(struct str inside, struct read_space *space)
{
    static const char PLAIN[] = "\"\\/bfnrt";
    static const char MEANS[] = "\"\\/\b\f\n\r\t";
    if (inside.n == 0 || !memchr(inside.p, '\\', inside.n))
        return inside;
    char *to = space->bytes + space->used;
    size_t n = 0;
    size_t room = SPACE_BYTES - space->used;
    for (size_t i = 0; i < inside.n && n + 4 <= room; i++) {
        char c = inside.p[i];
        if (c == '\\' && i + 1 < inside.n) {
            c = inside.p[++i];
            const char *plain = c ? strchr(PLAIN, c) : NULL;
            if (plain)
                to[n++] = MEANS[plain - PLAIN];
            else if (c == 'u')
                n += put_utf8(to + n, read_escape_u(inside, &i));
            else
                to[n++] = c;
            continue;
        }
        to[n++] = c;
    }
    space->used += n;
    return (struct str){to, n};
}

static void emit(struct reader *r, struct str inside, const char *at, const struct field_rule *rule)
{
    size_t used = r->space->used;
    struct field field = {{r->shown, r->shown_size}, json_decode(inside, r->space), rule, at};
    r->visit(r->context, &field);
    /* Fields that mean something together are kept until the record ends. */
    if (rule->group == GROUP_NONE)
        r->space->used = used;
}

static const struct field_rule *rule_here(const struct reader *r)
{
    return r->too_long ? NULL : field_find(r->table, (struct str){r->path, r->path_size});
}

static bool read_string(struct reader *r, struct str *out)
{
    const char *close = string_end(r->p + 1, r->end);
    if (!close)
        return false;
    *out = (struct str){r->p + 1, (size_t)(close - r->p - 1)};
    r->p = close + 1;
    return true;
}

/* The value under the path as it is now: a string, or a number for a port. */
static bool read_scalar(struct reader *r)
{
    const char *at = r->p;
    const struct field_rule *rule = rule_here(r);
    struct str text;
    if (*r->p == '"') {
        if (!read_string(r, &text))
            return false;
        if (rule)
            emit(r, text, at, rule);
        return true;
    }
    while (r->p < r->end && *r->p != ',' && *r->p != '}' && *r->p != ']' && (unsigned char)*r->p > ' ')
        r->p++;
    text = (struct str){at, (size_t)(r->p - at)};
    if (rule && rule->type == FIELD_PORT && text.n > 0 && *at >= '0' && *at <= '9') /* no literal */
        emit(r, text, at, rule);
    return text.n > 0;
}

/* Adds a key to the path; keys with escapes are decoded. */
static void push_key(struct reader *r, struct str key)
{
    size_t used = r->space->used;
    key = json_decode(key, r->space);
    size_t dot = r->path_size > 0;
    if (key.n + dot > JSON_READ_PATH_MAX - r->path_size) {
        r->too_long = true;
    } else {
        if (dot)
            r->path[r->path_size] = r->shown[r->shown_size] = '.';
        memcpy(r->path + r->path_size + dot, key.p, key.n);
        memcpy(r->shown + r->shown_size + dot, key.p, key.n);
        r->path_size += key.n + dot;
        r->shown_size += key.n + dot;
    }
    r->space->used = used;
}

static void push_index(struct reader *r, unsigned index)
{
    r->shown_size += (size_t)snprintf(r->shown + r->shown_size, 16, "[%u]", index);
}

/* Back to the path of the innermost container. */
static void reset_path(struct reader *r)
{
    const struct level *level = &r->levels[r->depth - 1];
    r->path_size = level->path_size;
    r->shown_size = level->shown_size;
    r->too_long = false; /* no container is entered under a path that is too long */
}

static bool open_container(struct reader *r)
{
    if (r->depth == JSON_READ_DEPTH_MAX || r->too_long) {
        r->p = json_skip(r->p, r->end);
        return r->p != NULL;
    }
    r->levels[r->depth++] = (struct level){*r->p == '[', 0, r->path_size, r->shown_size};
    r->p++;
    return true;
}

static bool read_key(struct reader *r)
{
    struct str key;
    if (r->p == r->end || *r->p != '"' || !read_string(r, &key))
        return false;
    push_key(r, key);
    blanks(r);
    if (r->p == r->end || *r->p != ':')
        return false;
    r->p++;
    blanks(r);
    return true;
}

/* What comes next in the innermost container: its end, or a member. False on broken JSON. */
static bool step(struct reader *r)
{
    struct level *level = &r->levels[r->depth - 1];
    reset_path(r);
    blanks(r);
    if (r->p == r->end)
        return false;
    if (*r->p == (level->array ? ']' : '}')) {
        r->p++;
        r->depth--;
        return true;
    }
    if (*r->p == ',') {
        r->p++;
        blanks(r);
    }
    if (level->array)
        push_index(r, level->index++);
    else if (!read_key(r))
        return false;
    if (r->p == r->end)
        return false;
    return *r->p == '{' || *r->p == '[' ? open_container(r) : read_scalar(r);
}

bool json_read(const struct field_table *table, struct str record, struct read_space *space,
               field_visit_fn *visit, void *context)
{
    struct reader r;
    r.table = table;
    r.space = space;
    r.visit = visit;
    r.context = context;
    r.p = record.p;
    r.end = record.p + record.n;
    r.depth = 0;
    r.path_size = r.shown_size = 0;
    r.too_long = false;
    space->used = 0;
    blanks(&r);
    if (r.p == r.end || (*r.p != '{' && *r.p != '[') || !open_container(&r))
        return false;
    while (r.depth > 0)
        if (!step(&r))
            return false;
    blanks(&r);
    return r.p == r.end;
}
