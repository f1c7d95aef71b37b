#include "intel/ip4map_build.h"

#include <assert.h>
#include <stdlib.h>

void ip4map_build_init(struct ip4map_build *build)
{
    *build = (struct ip4map_build){0};
}

void ip4map_build_done(struct ip4map_build *build)
{
    free(build->entries);
    ip4map_build_init(build);
}

enum errc ip4map_build_add(struct ip4map_build *build, uint32_t address, uint8_t length, uint32_t value,
                           struct err *err)
{
    if (build->count == build->room) {
        size_t room = build->room + build->room / 2 + 1024;
        struct ip4map_entry *entries = realloc(build->entries, room * sizeof *entries);
        if (!entries)
            return err_set(err, ERR_NOMEM, "no memory for %zu addresses", room);
        build->entries = entries;
        build->room = room;
    }
    build->entries[build->count++] = (struct ip4map_entry){address, value, length};
    return ERR_OK;
}

static int compare(const void *a, const void *b)
{
    const struct ip4map_entry *x = a;
    const struct ip4map_entry *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (int)x->length - (int)y->length;
}

enum errc ip4map_build_sort(struct ip4map_build *build, struct err *err)
{
    enum { DIGITS = 1 << 16 };
    size_t *at = calloc(DIGITS + 1, sizeof *at);
    struct ip4map_entry *other = malloc((build->count + 1) * sizeof *other);
    if (!at || !other) {
        free(at);
        free(other);
        return err_set(err, ERR_NOMEM, "no memory to sort %zu addresses", build->count);
    }
    /* By the upper half first; what shares it is few, and sorted stably by glibc's merge sort. */
    for (size_t i = 0; i < build->count; i++)
        at[(build->entries[i].address >> 16) + 1]++;
    for (size_t d = 0; d < DIGITS; d++)
        at[d + 1] += at[d];
    for (size_t i = 0; i < build->count; i++)
        other[at[build->entries[i].address >> 16]++] = build->entries[i];
    for (size_t from = 0, to = 0; from < build->count; from = to) {
        while (to < build->count && other[to].address >> 16 == other[from].address >> 16)
            to++;
        qsort(other + from, to - from, sizeof *other, compare);
    }
    free(at);
    free(build->entries);
    build->entries = other;
    build->room = build->count + 1;
    return ERR_OK;
}

/* Where the answer changes, and to what. */
struct sweep {
    struct ip4map_parts parts;
    size_t low_room;
    uint32_t *tops;                  /* the upper half of each low */
    uint32_t open[IP4MAP_DEPTH_MAX]; /* prefixes around the place of the sweep, the longest last */
    size_t depth;
};

static uint32_t last_address(const struct ip4map_prefix *prefix)
{
    return prefix->length == 0 ? UINT32_MAX
                               : prefix->address | (uint32_t)((UINT64_C(1) << (32 - prefix->length)) - 1);
}

static void change(struct sweep *sweep, uint32_t address, uint32_t ref)
{
    struct ip4map_parts *p = &sweep->parts;
    size_t at = p->low_count;
    if (at > 0 && sweep->tops[at - 1] == address >> 16 && p->lows[at - 1] == (uint16_t)address)
        at--; /* an end and a beginning in one place: the beginning counts */
    p->lows[at] = (uint16_t)address;
    sweep->tops[at] = address >> 16;
    p->refs[at] = ref;
    p->low_count = at + 1;
}

/* Goes on to an address: every run of 65536 says at its start what holds there. */
static void advance(struct sweep *sweep, uint32_t from, uint32_t to_top)
{
    for (uint32_t top = (from >> 16) + 1; sweep->depth > 0 && top <= to_top; top++)
        change(sweep, top << 16, sweep->open[sweep->depth - 1] + 1);
}

/* Closes the prefixes that end before an address; *place is how far the sweep has come. */
static void close_before(struct sweep *sweep, uint64_t address, uint32_t *place)
{
    const struct ip4map_prefix *prefixes = sweep->parts.prefixes;
    while (sweep->depth > 0) {
        uint32_t last = last_address(&prefixes[sweep->open[sweep->depth - 1]]);
        if (last >= address)
            return;
        advance(sweep, *place, last >> 16);
        /* What ends in one place is closed together, so that the answer behind it is told once. */
        while (sweep->depth > 0 && last_address(&prefixes[sweep->open[sweep->depth - 1]]) == last)
            sweep->depth--;
        *place = last;
        if (last == UINT32_MAX)
            continue;
        *place = last + 1;
        uint32_t ref = sweep->depth > 0 ? sweep->open[sweep->depth - 1] + 1 : 0;
        /* An empty start of a run needs no word. */
        if (ref > 0 || (uint16_t)(last + 1) != 0)
            change(sweep, last + 1, ref);
    }
}

static void add_entry(struct sweep *sweep, const struct ip4map_entry *entry, uint32_t *place)
{
    close_before(sweep, entry->address, place);
    advance(sweep, *place, entry->address >> 16);
    *place = entry->address;
    if (sweep->depth == 0 && entry->length == 32) {
        change(sweep, entry->address, IP4MAP_SINGLE | entry->value);
        return;
    }
    assert(sweep->depth < IP4MAP_DEPTH_MAX); /* nested prefixes have different lengths */
    uint32_t prefix = (uint32_t)sweep->parts.prefix_count++;
    sweep->parts.prefixes[prefix] = (struct ip4map_prefix){
        .address = entry->address,
        .around = sweep->depth > 0 ? sweep->open[sweep->depth - 1] + 1 : 0,
        .note = entry->value,
        .length = entry->length,
    };
    sweep->open[sweep->depth++] = prefix;
    change(sweep, entry->address, prefix + 1);
}

static void fill_dir(struct sweep *sweep)
{
    struct ip4map_parts *p = &sweep->parts;
    size_t at = 0;
    for (uint32_t top = 0; top < IP4MAP_DIR_COUNT; top++) {
        while (at < p->low_count && sweep->tops[at] < top)
            at++;
        p->dir[top] = (uint32_t)at;
    }
}

enum errc ip4map_build_write(const struct ip4map_build *build, struct ip4map_parts *out, struct err *err)
{
    struct sweep sweep = {0};
    if (build->count == 0) {
        *out = sweep.parts;
        return ERR_OK;
    }
    /* Each prefix begins and ends once, and the open ones are told again at each of the runs. */
    size_t room = 2 * build->count + IP4MAP_DIR_COUNT;
    if (room >= IP4MAP_SINGLE)
        return err_set(err, ERR_LIMIT, "more than %zu addresses", build->count - 1);
    sweep.parts.dir = calloc(IP4MAP_DIR_COUNT, sizeof *sweep.parts.dir);
    sweep.parts.lows = malloc(room * sizeof *sweep.parts.lows);
    sweep.parts.refs = malloc(room * sizeof *sweep.parts.refs);
    sweep.parts.prefixes = malloc(build->count * sizeof *sweep.parts.prefixes);
    sweep.tops = malloc(room * sizeof *sweep.tops);
    if (!sweep.parts.dir || !sweep.parts.lows || !sweep.parts.refs || !sweep.parts.prefixes || !sweep.tops) {
        ip4map_parts_done(&sweep.parts);
        free(sweep.tops);
        return err_set(err, ERR_NOMEM, "no memory for a map of %zu addresses", build->count);
    }
    uint32_t place = 0;
    for (size_t i = 0; i < build->count; i++)
        add_entry(&sweep, &build->entries[i], &place);
    close_before(&sweep, UINT64_C(1) << 32, &place);
    fill_dir(&sweep);
    free(sweep.tops);
    *out = sweep.parts;
    return ERR_OK;
}

void ip4map_parts_done(struct ip4map_parts *parts)
{
    free(parts->dir);
    free(parts->lows);
    free(parts->refs);
    free(parts->prefixes);
    *parts = (struct ip4map_parts){0};
}
