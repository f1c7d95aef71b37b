#include "intel/find.h"

#include "intel/index_view.h"

#include <string.h>

static void start(struct find_hits *out)
{
    out->count = 0;
    out->cut = false;
}

static enum errc damaged(struct err *err)
{
    return err_set(err, ERR_DAMAGED, "the index is damaged where a hit was read: build it again");
}

/* Lookups go from the least specific to the most; a full table lets go of the least. */
static struct find_hit *more(struct find_hits *out)
{
    if (out->count == FIND_HITS_MAX) {
        memmove(out->at, out->at + 1, (FIND_HITS_MAX - 1) * sizeof out->at[0]);
        out->cut = true;
        out->count--;
    }
    struct find_hit *hit = &out->at[out->count++];
    *hit = (struct find_hit){0};
    return hit;
}

static void reverse(struct find_hits *out)
{
    for (size_t i = 0, k = out->count; i + 1 < k; i++, k--) {
        struct find_hit swap = out->at[i];
        out->at[i] = out->at[k - 1];
        out->at[k - 1] = swap;
    }
}

/* Entry and note match their checksums. */
static bool trusted(const struct index *index, const struct keyset_entry_view *entry, uint32_t note)
{
    return index_trust(index, entry->bytes, entry->size) && index_trust_note(index, note);
}

static struct str key_of(const struct keyset_entry_view *entry, size_t size)
{
    return (struct str){(const char *)entry->bytes + entry->size - size, size};
}

/* Looks for one key of a set that has each once. 0, 1, or an error. */
static int look(const struct index *index, enum index_set which, const uint8_t *key, size_t size,
                struct keyset_entry_view *entry, struct err *err)
{
    const struct keyset *set = &index->sets[which];
    uint64_t hash = keyset_hash(set, key, size);
    *entry = (struct keyset_entry_view){0};
    if (!(keyset_maybe(set, hash) & KEYSET_KEY) || !keyset_find(set, hash, key, size, entry))
        return 0;
    return trusted(index, entry, entry->value) ? 1 : (int)damaged(err);
}

size_t find_key_ip6(const struct ip *ip, uint8_t length, uint8_t out[FIND_KEY_MAX])
{
    struct ip masked = *ip;
    ip_mask(&masked, length);
    memcpy(out, masked.bytes, 16);
    out[16] = length;
    return 17;
}

size_t find_key_endpoint(const struct ip *ip, uint16_t port, uint8_t out[FIND_KEY_MAX])
{
    size_t n = ip->bits / 8u;
    memcpy(out, ip->bytes, n);
    out[n] = (uint8_t)(port >> 8);
    out[n + 1] = (uint8_t)port;
    return n + 2;
}

size_t find_key_digest(const uint8_t *digest, enum kind kind, uint8_t out[FIND_KEY_MAX])
{
    size_t n = kind_digest_bytes(kind);
    memcpy(out, digest, n);
    out[n] = (uint8_t)kind;
    return n + 1;
}

enum errc find_name(const struct index *index, struct str name, struct find_hits *out, struct err *err)
{
    const struct keyset *set = &index->sets[SET_DOMAIN];
    start(out);
    if (set->line_count == 0)
        return ERR_OK;
    uint32_t labels = 0;
    for (size_t at = name.n; at > 0;) {
        while (at > 0 && name.p[at - 1] != '.')
            at--;
        struct str suffix = {name.p + at, name.n - at};
        if (at > 0)
            at--; /* the dot */
        if (++labels < index->header->domain_labels_min)
            continue;
        uint64_t hash = keyset_hash(set, suffix.p, suffix.n);
        unsigned maybe = keyset_maybe(set, hash);
        struct keyset_entry_view entry = {0};
        if ((maybe & KEYSET_KEY) && keyset_find(set, hash, suffix.p, suffix.n, &entry)) {
            if (!trusted(index, &entry, entry.value))
                return damaged(err);
            struct find_hit *hit = more(out);
            hit->kind = KIND_DOMAIN;
            hit->note = entry.value;
            hit->specific = (uint32_t)suffix.n;
            hit->text = key_of(&entry, suffix.n);
        }
        if (!(maybe & KEYSET_STEM))
            break;
    }
    reverse(out);
    return ERR_OK;
}

static enum errc find_ip4(const struct index *index, const struct ip *ip, struct find_hits *out,
                          struct err *err)
{
    struct ip4map_prefix prefixes[IP4MAP_DEPTH_MAX];
    uint32_t address = ip4_value(ip);
    uint32_t ref = ip4map_ref(&index->ip4, address);
    if (ref == 0)
        return ERR_OK;
    size_t count = ip4map_prefixes(&index->ip4, address, ref, prefixes);
    uint32_t top = address >> 16;
    uint32_t from = index->ip4.dir[top];
    uint32_t to = index->ip4.dir[top + 1];
    if (!index_trust(index, &index->ip4.dir[top], 2 * sizeof from) ||
        !index_trust(index, &index->ip4.lows[from], (to - from) * sizeof *index->ip4.lows) ||
        !index_trust(index, &index->ip4.refs[from], (to - from) * sizeof *index->ip4.refs))
        return damaged(err);
    for (size_t i = 0; i < count; i++) {
        const struct ip4map_prefix *p = &prefixes[i];
        bool single = (ref & IP4MAP_SINGLE) != 0;
        uint32_t row = i == 0 ? ref - 1 : prefixes[i - 1].around - 1;
        if (p->length > 32 || (!single && !index_trust(index, &index->ip4.prefixes[row], sizeof *p)) ||
            !index_trust_note(index, p->note))
            return damaged(err);
        if (p->note == 0)
            continue;
        struct find_hit *hit = more(out);
        hit->kind = KIND_IPV4;
        hit->note = p->note;
        hit->length = (uint8_t)p->length;
        hit->specific = p->length;
        hit->ip = ip_from_ip4(p->address);
    }
    return ERR_OK;
}

static enum errc find_ip6(const struct index *index, const struct ip *ip, struct find_hits *out,
                          struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    struct keyset_entry_view entry;
    for (int length = INDEX_LENGTHS_MAX - 1; length >= 0; length--) {
        if (!(index->header->ip6_lengths[length / 64] >> (length % 64) & 1))
            continue;
        size_t size = find_key_ip6(ip, (uint8_t)length, key);
        int found = look(index, SET_IP6, key, size, &entry, err);
        if (found < 0)
            return (enum errc)found;
        if (found == 0 || entry.value == 0)
            continue;
        struct find_hit *hit = more(out);
        hit->kind = KIND_IPV6;
        hit->note = entry.value;
        hit->length = (uint8_t)length;
        hit->specific = (uint32_t)length;
        hit->ip.bits = 128;
        memcpy(hit->ip.bytes, key, sizeof hit->ip.bytes);
    }
    return ERR_OK;
}

enum errc find_ip(const struct index *index, const struct ip *ip, struct find_hits *out, struct err *err)
{
    start(out);
    if (ip->bits == 32)
        return find_ip4(index, ip, out, err);
    return index->sets[SET_IP6].line_count > 0 ? find_ip6(index, ip, out, err) : ERR_OK;
}

enum errc find_endpoint(const struct index *index, const struct ip *ip, uint16_t port, struct find_hits *out,
                        struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    struct keyset_entry_view entry;
    start(out);
    if (index->sets[SET_ENDPOINT].line_count == 0)
        return ERR_OK;
    int found = look(index, SET_ENDPOINT, key, find_key_endpoint(ip, port, key), &entry, err);
    if (found <= 0)
        return (enum errc)found;
    struct find_hit *hit = more(out);
    hit->kind = KIND_ENDPOINT;
    hit->note = entry.value;
    hit->ip = *ip;
    hit->port = port;
    hit->specific = ip->bits + 16u;
    return ERR_OK;
}

enum errc find_url(const struct index *index, const struct url *url, struct find_hits *out, struct err *err)
{
    const struct keyset *set = &index->sets[SET_URL];
    start(out);
    if (set->line_count == 0)
        return ERR_OK;
    size_t at = 0;
    while ((at = url_next_cut(url->text, url->size, url->authority_size, at)) > 0 && at <= URL_LISTED_MAX) {
        uint64_t hash = keyset_hash(set, url->text, at);
        unsigned maybe = keyset_maybe(set, hash);
        struct keyset_entry_view entry = {0};
        if ((maybe & KEYSET_KEY) && keyset_find(set, hash, url->text, at, &entry)) {
            uint32_t note = entry.value / SCHEME_COUNT;
            if (!trusted(index, &entry, note))
                return damaged(err);
            struct find_hit *hit = more(out);
            hit->kind = KIND_URL;
            hit->note = note;
            hit->scheme = (enum url_scheme)(entry.value % SCHEME_COUNT);
            hit->specific = (uint32_t)at;
            hit->text = key_of(&entry, at);
        }
        if (!(maybe & KEYSET_STEM))
            break;
    }
    reverse(out);
    return ERR_OK;
}

enum errc find_digest(const struct index *index, const uint8_t *digest, size_t size, enum kind kind,
                      struct find_hits *out, struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    struct keyset_entry_view entry;
    start(out);
    for (unsigned k = 0; index->sets[SET_HASH].line_count > 0 && k < KIND_COUNT; k++) {
        if (kind_digest_bytes((enum kind)k) != size || (kind != KIND_COUNT && kind != (enum kind)k))
            continue;
        int found = look(index, SET_HASH, key, find_key_digest(digest, (enum kind)k, key), &entry, err);
        if (found < 0)
            return (enum errc)found;
        if (found == 0)
            continue;
        struct find_hit *hit = more(out);
        hit->kind = (enum kind)k;
        hit->note = entry.value;
        hit->specific = (uint32_t)size;
        hit->text = key_of(&entry, size + 1);
        hit->text.n = size;
    }
    return ERR_OK;
}

/* Every range that has this piece. */
static enum errc find_piece(const struct index *index, const struct number_piece *piece,
                            struct find_hits *out, struct err *err)
{
    const struct keyset *set = &index->sets[SET_NUMBER];
    uint8_t key[NUMBER_KEY_MAX];
    size_t size = number_key(piece, key);
    uint64_t hash = keyset_hash(set, key, size);
    struct keyset_entry_view entry = {0};
    if (!(keyset_maybe(set, hash) & KEYSET_KEY))
        return ERR_OK;
    while (keyset_find(set, hash, key, size, &entry)) {
        if (entry.value >= index->range_count)
            return damaged(err);
        const struct index_range *range = &index->ranges[entry.value];
        if (!index_trust(index, range, sizeof *range) || !trusted(index, &entry, range->note))
            return damaged(err);
        if (out->count == FIND_HITS_MAX) {
            out->cut = true;
            break;
        }
        struct find_hit *hit = more(out);
        hit->kind = KIND_NUMBER;
        hit->note = range->note;
        hit->specific = piece->digits;
        hit->range = (struct number_range){range->first, range->last, range->digits, range->open != 0};
    }
    return ERR_OK;
}

enum errc find_number(const struct index *index, const struct number_range *number, struct find_hits *out,
                      struct err *err)
{
    start(out);
    if (index->sets[SET_NUMBER].line_count == 0 || number->open || number->first != number->last)
        return ERR_OK;
    uint64_t prefix = number->first;
    for (uint8_t digits = number->digits; digits > 0; digits--, prefix /= 10)
        for (unsigned any = 0; any < 2; any++) {
            struct number_piece piece = {any ? 0 : number->digits, digits, prefix};
            if (!(index->header->number_shapes[piece.length] >> digits & 1))
                continue;
            enum errc rc = find_piece(index, &piece, out, err);
            if (rc < 0)
                return rc;
        }
    return ERR_OK;
}

size_t find_format(const struct find_hit *hit, char out[INDICATOR_TEXT_SIZE])
{
    struct indicator indicator;
    indicator.kind = hit->kind;
    indicator.scheme = hit->scheme;
    indicator.ip = hit->ip;
    indicator.length = hit->length;
    indicator.port = hit->port;
    indicator.range = hit->range;
    if (kind_is_hash(hit->kind)) {
        memcpy(indicator.digest, hit->text.p, hit->text.n);
    } else if (hit->text.n > 0) {
        memcpy(indicator.text, hit->text.p, hit->text.n);
        indicator.text[hit->text.n] = '\0';
    }
    return indicator_format(&indicator, out);
}
