#include "intel/json_scan.h"

#include "intel/json_read.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A path is at most JSON_READ_PATH_MAX, and each of its bytes at most six with escapes. */
enum { KEY_ESCAPED_MAX = 6 * JSON_READ_PATH_MAX + 16 };

void json_scan_init(struct json_scan *scan, const struct field_table *table, const char *block, size_t size)
{
    scan->table = table;
    scan->mark = json_mark_best();
    scan->block = block;
    scan->size = size;
    scan->word = 0;
    scan->ready = 0;
    scan->left = 0;
    scan->array = NULL;
}

/* High bit of every byte of v that is zero. */
static uint64_t zero_bytes(uint64_t v)
{
    const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
    return ~(((v & low) + low) | v | low);
}

static uint64_t bytes_of(char c)
{
    return (unsigned char)c * UINT64_C(0x0101010101010101);
}

static bool protected_by_slash(const char *p, const char *from)
{
    size_t n = 0;
    while (p > from && *--p == '\\')
        n++;
    return n % 2 == 1;
}

/* The key that ends before the quote at p, when it may have escapes. */
static uint64_t slow_key(const char *p, const char *from)
{
    static const struct str NOTHING = {"", 0};
    const char *open = p;
    if (protected_by_slash(p, from))
        return field_key(NOTHING); /* no end of a string */
    do
        open--;
    while (open > from && p - open < KEY_ESCAPED_MAX && (*open != '"' || protected_by_slash(open, from)));
    if (*open != '"')
        return field_key(NOTHING);
    struct read_space space;
    space.used = 0;
    struct str key = json_decode((struct str){open + 1, (size_t)(p - open - 1)}, &space);
    const char *dot = key.n > 0 ? memrchr(key.p, '.', key.n) : NULL;
    if (dot)
        key = (struct str){dot + 1, key.n - (size_t)(dot + 1 - key.p)};
    return field_key(key);
}

/* The last eight bytes of the key before the quote at p, behind its quote or a dot in it: field_key() of
 * it. */
static uint64_t key_before(const char *p, const char *from)
{
    uint64_t window;
    memcpy(&window, p - 8, sizeof window);
    uint64_t ends = zero_bytes(window ^ bytes_of('"')) | zero_bytes(window ^ bytes_of('.'));
    uint64_t slashes = zero_bytes(window ^ bytes_of('\\'));
    if (__builtin_expect(slashes > ends, 0)) /* behind the last end: in the key */
        return slow_key(p, from);
    if (ends == 0) {
        /* What the window shows may be the end of an escape that begins before it. */
        uint64_t before;
        memcpy(&before, p - 16, sizeof before);
        return zero_bytes(before ^ bytes_of('\\')) ? slow_key(p, from) : window;
    }
    unsigned kept = (unsigned)__builtin_clzll(ends) / 8;
    return kept > 0 ? window >> (64 - 8 * kept) : 0;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

/* The first quote or backslash from p on. The block has readable bytes behind it. */
static const char *quote_or_slash(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quotes = _mm_set1_epi8('"');
    const __m128i slashes = _mm_set1_epi8('\\');
    for (; p < end; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        int found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, quotes), _mm_cmpeq_epi8(v, slashes)));
        if (found) {
            p += __builtin_ctz((unsigned)found);
            return p < end ? p : end;
        }
    }
    return end;
#else
    while (p < end && *p != '"' && *p != '\\')
        p++;
    return p;
#endif
}

/* Adds the string whose inside begins at p; gives what stands behind it, NULL when it does not end. */
static const char *add_string(struct json_scan *scan, const char *p, uint8_t type, uint8_t group,
                              struct tokens *out)
{
    const char *end = scan->block + scan->size;
    const char *close = quote_or_slash(p, end);
    bool escaped = false;
    while (close < end && *close == '\\') {
        escaped = true;
        close = close + 2 < end ? quote_or_slash(close + 2, end) : end;
    }
    if (close >= end)
        return NULL;
    struct token *token = &out->at[out->count];
    *token = (struct token){.at = (uint32_t)(p - scan->block),
                            .size = (uint32_t)(close - p),
                            .record = TOKEN_NO_RECORD,
                            .type = type,
                            .group = group,
                            .escaped = escaped};
    out->count += close > p;
    return close + 1;
}

/* The strings of an array and of arrays in it, as far as there is room; objects are passed by, and keys in
 * them are found by themselves. */
static void add_array(struct json_scan *scan, struct tokens *out)
{
    const char *end = scan->block + scan->size;
    const char *p = scan->array;
    scan->array = NULL;
    while (p && (p = skip_blanks(p, end)) < end) {
        if (out->count == TOKENS_MAX) {
            scan->array = p;
            return;
        }
        if (*p == ']' && scan->array_depth-- == 0)
            return;
        scan->array_depth += *p == '[';
        if (*p == '"')
            p = add_string(scan, p + 1, scan->array_type, scan->array_group, out);
        else if (*p == '{')
            p = json_skip(p, end);
        else
            p++;
    }
}

/* The mark at p may be the end of a key. */
static void look_at(struct json_scan *scan, const char *p, struct tokens *out)
{
    uint8_t group;
    const char *end = scan->block + scan->size;
    enum field_type type = field_table_scan(scan->table, key_before(p, scan->block), &group);
    if (type == FIELD_NONE || type == FIELD_PORT)
        return;
    if (p + 2 < end && p[1] == ':' && p[2] == '"') {
        (void)add_string(scan, p + 3, (uint8_t)type, group, out); /* where it ends is of no interest */
        return;
    }
    p = skip_blanks(p + 1, end);
    if (p == end || *p != ':')
        return;
    p = skip_blanks(p + 1, end);
    if (p == end)
        return;
    if (*p == '"') {
        (void)add_string(scan, p + 1, (uint8_t)type, group, out);
    } else if (*p == '[') {
        scan->array = p + 1;
        scan->array_depth = 0;
        scan->array_type = (uint8_t)type;
        scan->array_group = group;
        add_array(scan, out);
    }
}

/* Marks of the next words; those behind the block are of padding. */
static bool refill(struct json_scan *scan)
{
    size_t words = (scan->size + 63) / 64;
    if (scan->word == words)
        return false;
    if (scan->word % SCAN_WORDS == 0) {
        scan->ready = words - scan->word < SCAN_WORDS ? words - scan->word : SCAN_WORDS;
        scan->mark(scan->block + 64 * scan->word, scan->ready, scan->marks);
    }
    scan->left = scan->marks[scan->word % SCAN_WORDS];
    scan->word++;
    return true;
}

bool json_scan_more(struct json_scan *scan, struct tokens *out)
{
    if (scan->array)
        add_array(scan, out);
    while (out->count < TOKENS_MAX && !scan->array) {
        if (scan->left == 0) {
            if (!refill(scan))
                return false;
            continue;
        }
        size_t at = 64 * (scan->word - 1) + (size_t)__builtin_ctzll(scan->left);
        scan->left &= scan->left - 1;
        if (at < scan->size)
            look_at(scan, scan->block + at, out);
    }
    return true;
}
