#include "intel/probe.h"

#include "intel/index_view.h"
#include "intel/subject.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { NEIGHBOURS = 16 };

void probe_init(struct probe *probe, const struct index *index)
{
    probe->index = index;
    probe->name_count = probe->ip4_count = probe->waiting_count = probe->hit_count = 0;
}

/* --- one value, exactly --- */

struct looking {
    struct probe *probe;
    bool found;
};

static void look(void *context, const struct subject *s)
{
    struct looking *looking = context;
    const struct index *index = looking->probe->index;
    struct find_hits *hits = &looking->probe->found;
    enum errc rc = ERR_OK;
    hits->count = 0;
    switch (s->kind) {
    case SUBJECT_NAME: rc = find_name(index, s->name, hits, NULL); break;
    case SUBJECT_IP:
        if (s->ip.bits == 32) {
            /* Marks count: the port may be in another field. */
            looking->found = looking->found || ip4map_ref(&index->ip4, ip4_value(&s->ip)) != 0;
            return;
        }
        rc = find_ip(index, &s->ip, hits, NULL);
        looking->found = looking->found || index->sets[SET_ENDPOINT].line_count > 0;
        break;
    case SUBJECT_PREFIX: rc = find_ip(index, &s->ip, hits, NULL); break;
    case SUBJECT_ENDPOINT: rc = find_endpoint(index, &s->ip, s->port, hits, NULL); break;
    case SUBJECT_URL: rc = find_url(index, s->url, hits, NULL); break;
    case SUBJECT_DIGEST: rc = find_digest(index, s->digest, s->digest_bytes, s->algorithm, hits, NULL); break;
    case SUBJECT_NUMBER: rc = find_number(index, &s->number, hits, NULL); break;
    }
    looking->found = looking->found || rc < 0 || hits->count > 0;
}

bool probe_value(struct probe *probe, enum field_type type, struct str value)
{
    struct looking looking = {probe, false};
    subject_each(type, KIND_COUNT, value, look, &looking);
    if (type == FIELD_PATH)
        subject_each(FIELD_SIP, KIND_COUNT, value, look, &looking);
    return looking.found;
}

static struct str token_value(struct probe *probe, const char *block, const struct token *token)
{
    struct str value = {block + token->at, token->size};
    probe->space.used = 0;
    return token->escaped ? json_decode(value, &probe->space) : value;
}

/* True when a URL indicator has this host. */
static bool url_host(const struct probe *probe, struct str host)
{
    const struct keyset *set = &probe->index->sets[SET_URL];
    struct url url;
    if (set->line_count == 0 || !url_compose(host, (struct str){"/", 1}, &url))
        return false;
    return keyset_maybe(set, keyset_hash(set, url.text, url.size)) != KEYSET_NONE;
}

static void slow(struct probe *probe, const char *block, struct token *token)
{
    struct str value = token_value(probe, block, token);
    token->found = probe_value(probe, (enum field_type)token->type, value);
    /* The path may be in another field: the record is read. */
    if (!token->found && token->group == GROUP_HTTP && token->type == FIELD_HOST)
        token->found = url_host(probe, value);
}

/* --- names, many at once --- */

/* Copies the last bytes of a name in lower case; bits of dots, and of bytes that need a closer look. */
static void read_window(const char *end, char *window, uint64_t *dots, uint64_t *odd)
{
    *dots = *odd = 0;
#ifdef __SSE2__
    const __m128i before_a = _mm_set1_epi8('A' - 1);
    const __m128i behind_z = _mm_set1_epi8('Z' + 1);
    for (int i = 0; i < PROBE_WINDOW / 16; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(end - PROBE_WINDOW + 16 * i));
        __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(v, before_a), _mm_cmplt_epi8(v, behind_z));
        _mm_storeu_si128((__m128i *)(void *)(window + 16 * i),
                         _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(0x20))));
        /* Signed: bytes over 0x7F are below zero. */
        __m128i strange = _mm_or_si128(_mm_cmplt_epi8(v, _mm_setzero_si128()),
                                       _mm_cmpeq_epi8(v, _mm_set1_epi8(':')));
        strange = _mm_or_si128(strange, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
        strange = _mm_or_si128(strange, _mm_cmpeq_epi8(v, _mm_set1_epi8('%')));
        *dots |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('.'))) << (16 * i);
        *odd |= (uint64_t)(uint32_t)_mm_movemask_epi8(strange) << (16 * i);
    }
#else
    for (int i = 0; i < PROBE_WINDOW; i++) {
        char c = end[i - PROBE_WINDOW];
        window[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        *dots |= (uint64_t)(c == '.') << i;
        *odd |= (uint64_t)((unsigned char)c > 0x7F || c == ':' || c == '\\' || c == '%') << i;
    }
#endif
}

/* The part one label longer; false when there is none, or none in the window. */
static bool longer(struct probe_name *name)
{
    if (name->dots == 0) {
        if (name->start == name->begin || !name->whole)
            return false;
        name->start = name->begin;
        return true;
    }
    unsigned dot = 63 - (unsigned)__builtin_clzll(name->dots);
    name->dots &= ~(UINT64_C(1) << dot);
    name->start = (uint8_t)(dot + 1);
    return true;
}

static void hash_part(const struct keyset *set, struct probe_name *name)
{
    name->hash = keyset_hash(set, name->window + name->start, PROBE_WINDOW - (size_t)name->start);
    keyset_prefetch_line(set, name->hash);
}

/* Takes a name in; false when it has to be looked at alone. */
static bool add_name(struct probe *probe, const char *p, size_t size, size_t token, bool http)
{
    const struct index *index = probe->index;
    struct probe_name *name = &probe->names[probe->name_count];
    uint64_t odd;
    if (size > 1 && p[size - 1] == '.')
        size--;
    read_window(p + size, name->window, &name->dots, &odd);
    name->window[PROBE_WINDOW] = '/';
    name->whole = size <= PROBE_WINDOW;
    name->begin = (uint8_t)(name->whole ? PROBE_WINDOW - size : 0);
    name->start = PROBE_WINDOW;
    name->token = (uint16_t)token;
    uint64_t inside = name->whole ? ~UINT64_C(0) << (name->begin & 63) : ~UINT64_C(0);
    if (size == 0)
        return true;
    if (odd & inside)
        return false;
    name->dots &= inside;
    const struct keyset *urls = &index->sets[SET_URL];
    if (http && urls->line_count > 0) {
        if (!name->whole)
            return false;
        uint64_t hash = keyset_hash(urls, name->window + name->begin, size + 1);
        if (keyset_maybe(urls, hash) != KEYSET_NONE)
            return false;
    }
    const struct keyset *set = &index->sets[SET_DOMAIN];
    if (set->line_count == 0)
        return true;
    for (uint32_t labels = 0; labels < index->header->domain_labels_min; labels++)
        if (!longer(name))
            return name->whole; /* fewer labels than any indicator has */
    hash_part(set, name);
    probe->waiting[probe->waiting_count++] = (uint16_t)probe->name_count++;
    return true;
}

/* Looks one name up so far; true when a longer suffix of it is to be looked up, too. */
static bool run_name(struct probe *probe, uint16_t number, const char *block, struct tokens *tokens)
{
    const struct keyset *set = &probe->index->sets[SET_DOMAIN];
    struct probe_name *name = &probe->names[number];
    unsigned maybe = keyset_maybe(set, name->hash);
    if (maybe & KEYSET_KEY && probe->hit_count == 2 * PROBE_BATCH) {
        slow(probe, block, &tokens->at[name->token]);
        return false;
    }
    if (maybe & KEYSET_KEY) {
        probe->hits[probe->hit_count].hash = name->hash;
        probe->hits[probe->hit_count].name = number;
        probe->hits[probe->hit_count++].start = name->start;
        keyset_prefetch_place(set, name->hash);
    }
    if (!(maybe & KEYSET_STEM))
        return false;
    if (longer(name)) {
        hash_part(set, name);
        return true;
    }
    if (!name->whole)
        slow(probe, block, &tokens->at[name->token]);
    return false;
}

static void run_names(struct probe *probe, const char *block, struct tokens *tokens)
{
    const struct keyset *set = &probe->index->sets[SET_DOMAIN];
    while (probe->waiting_count > 0) {
        size_t left = 0;
        for (size_t i = 0; i < probe->waiting_count; i++) {
            uint16_t number = probe->waiting[i];
            if (run_name(probe, number, block, tokens))
                probe->waiting[left++] = number;
        }
        probe->waiting_count = left;
    }
    for (size_t i = 0; i < probe->hit_count; i++)
        keyset_prefetch_bucket(set, probe->hits[i].hash);
    for (size_t i = 0; i < probe->hit_count; i++) {
        const struct probe_name *name = &probe->names[probe->hits[i].name];
        struct keyset_entry_view entry = {0};
        size_t start = probe->hits[i].start;
        if (keyset_find(set, probe->hits[i].hash, name->window + start, PROBE_WINDOW - start, &entry))
            tokens->at[name->token].found = true;
    }
    probe->name_count = probe->hit_count = 0;
}

static void run_ip4s(struct probe *probe, struct tokens *tokens)
{
    const struct ip4map *map = &probe->index->ip4;
    for (size_t i = 0; i < probe->ip4_count; i++)
        ip4map_prefetch_run(map, probe->ip4s[i].address);
    for (size_t i = 0; i < probe->ip4_count; i++)
        if (ip4map_ref(map, probe->ip4s[i].address) != 0)
            tokens->at[probe->ip4s[i].token].found = true;
    probe->ip4_count = 0;
}

/* --- tokens --- */

static bool add_ip4(struct probe *probe, struct str text, size_t token)
{
    uint32_t address;
    if (!ip4_parse(text, &address))
        return false;
    if (probe->index->ip4.dir) {
        ip4map_prefetch_dir(&probe->index->ip4, address);
        probe->ip4s[probe->ip4_count++] = (struct probe_ip4){address, (uint16_t)token};
    }
    return true;
}

/* "scheme://host/…" with nothing unusual about the host; n = 0 otherwise. */
static struct str plain_host(struct str url)
{
    const char *slashes = memmem(url.p, url.n < 12 ? url.n : 12, "://", 3);
    struct str none = {url.p, 0};
    if (!slashes)
        return none;
    const char *p = slashes + 3;
    const char *end = url.p + url.n;
    size_t n = 0;
    while (p + n < end && p[n] != '/' && p[n] != '?' && p[n] != '#') {
        if (p[n] == '@' || p[n] == ':' || p[n] == '[')
            return none;
        n++;
    }
    return (struct str){p, n};
}

static bool digit_last(struct str text)
{
    return text.p[text.n - 1] >= '0' && text.p[text.n - 1] <= '9';
}

/* Names and addresses, by far most of what stands alone on a line. */
static bool add_any(struct probe *probe, struct str value, size_t which)
{
    if (digit_last(value) && add_ip4(probe, value, which))
        return true;
    if (value.p[0] == '+' || value.n >= 32 || memchr(value.p, '/', value.n))
        return false; /* a number, perhaps a digest, a URL */
    return add_name(probe, value.p, value.n, which, false);
}

/* True when the token is on its way; false when it has to be looked at alone. */
static bool add_token(struct probe *probe, const char *block, const struct token *token, size_t which)
{
    struct str value = {block + token->at, token->size};
    bool urls = probe->index->sets[SET_URL].line_count > 0;
    if (token->escaped || value.n == 0)
        return value.n == 0;
    switch ((enum field_type)token->type) {
    case FIELD_IP: return add_ip4(probe, value, which) || !memchr(value.p, ':', value.n);
    case FIELD_NAME: return add_name(probe, value.p, value.n, which, false);
    case FIELD_HOST: {
        bool http = token->group == GROUP_HTTP;
        if (digit_last(value) && add_ip4(probe, value, which))
            return !(http && urls);
        return add_name(probe, value.p, value.n, which, http);
    }
    case FIELD_PATH:
    case FIELD_URL: {
        if (value.p[0] == '/')
            return true; /* its host knows */
        struct str host = plain_host(value);
        if (host.n == 0 || digit_last(host))
            return false;
        return add_name(probe, host.p, host.n, which, true);
    }
    case FIELD_ANY: return add_any(probe, value, which);
    case FIELD_NONE:
    case FIELD_HOSTS:
    case FIELD_PORT:
    case FIELD_DIGEST:
    case FIELD_EMAIL:
    case FIELD_SUBJECT:
    case FIELD_SIP:
    case FIELD_TYPE_COUNT: break;
    }
    return false;
}

void probe_run(struct probe *probe, const char *block, struct tokens *tokens)
{

    for (size_t from = 0; from < tokens->count; from += PROBE_BATCH) {
        size_t to = tokens->count - from < PROBE_BATCH ? tokens->count : from + PROBE_BATCH;
        for (size_t i = from; i < to; i++) {
            struct token *token = &tokens->at[i];
            if (!token->found && !add_token(probe, block, token, i))
                slow(probe, block, token);
        }
        run_ip4s(probe, tokens);
        run_names(probe, block, tokens);
    }
}
