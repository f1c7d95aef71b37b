#include "intel/index_build.h"

#include "intel/find.h"
#include "intel/index_out.h"
#include "intel/intern.h"
#include "intel/ip4map_build.h"
#include "intel/keyset_build.h"

#include <stdlib.h>
#include <string.h>

/* A value that is no label: marks an address that is listed only with a port. */
#define MARK UINT32_MAX

struct index_build {
    const struct env *env;
    int64_t begun_ms;
    uint64_t seed;
    struct intern strings; /* each with its NUL: its place is its offset in the file */
    struct intern labels;  /* struct index_label */
    struct intern notes;   /* uint32 labels; note 1 is number 0 */
    struct index_source *sources;
    size_t source_count;
    struct index_range *ranges; /* .note is a label until they are merged */
    size_t range_count;
    size_t range_room;
    struct keyset_build sets[SET_COUNT];
    struct ip4map_build ip4;
    uint32_t *gathered; /* labels of the indicator that is being merged */
    size_t gathered_count;
    size_t gathered_room;
    struct index_header facts; /* counts and shapes, copied into the header */
};

/* The ends of a name at its label boundaries. */
static void name_stems(const uint8_t *key, size_t size, uint64_t seed, keyset_stem_fn *stem, void *context)
{
    for (size_t at = size; at > 1; at--)
        if (key[at - 1] == '.')
            stem(context, hash64(key + at, size - at, seed));
}

static void url_stems(const uint8_t *key, size_t size, uint64_t seed, keyset_stem_fn *stem, void *context)
{
    const char *text = (const char *)key;
    size_t authority = url_authority(text, size);
    for (size_t at = url_next_cut(text, size, authority, 0); at > 0 && at < size;
         at = url_next_cut(text, size, authority, at))
        stem(context, hash64(key, at, seed));
}

static keyset_stems_fn *const STEMS[SET_COUNT] = {[SET_DOMAIN] = name_stems, [SET_URL] = url_stems};

enum errc index_build_new(const struct env *env, struct index_build **out, struct err *err)
{
    uint64_t seed;
    uint32_t empty;
    enum errc rc = env_random(env, &seed, sizeof seed, err);
    if (rc < 0)
        return rc;
    struct index_build *build = calloc(1, sizeof *build);
    if (!build)
        return err_set(err, ERR_NOMEM, "no memory to build an index");
    build->env = env;
    build->begun_ms = env_now_ms(env);
    build->seed = seed;
    intern_init(&build->strings, seed);
    intern_init(&build->labels, seed);
    intern_init(&build->notes, seed);
    ip4map_build_init(&build->ip4);
    for (unsigned i = 0; i < SET_COUNT; i++)
        keyset_build_init(&build->sets[i], seed, STEMS[i]);
    rc = intern_add(&build->strings, "", 1, &empty, err);
    if (rc < 0)
        index_build_free(build);
    else
        *out = build;
    return rc;
}

void index_build_free(struct index_build *build)
{
    if (!build)
        return;
    intern_done(&build->strings);
    intern_done(&build->labels);
    intern_done(&build->notes);
    ip4map_build_done(&build->ip4);
    for (unsigned i = 0; i < SET_COUNT; i++)
        keyset_build_done(&build->sets[i]);
    free(build->sources);
    free(build->ranges);
    free(build->gathered);
    free(build);
}

/* Adds a text; gives its offset in the section of strings. */
static enum errc add_text(struct index_build *build, const char *text, uint32_t *out, struct err *err)
{
    uint32_t id;
    enum errc rc = intern_add(&build->strings, text, strlen(text) + 1, &id, err);
    if (rc < 0)
        return rc;
    if (build->strings.bytes_size > UINT32_MAX)
        return err_set(err, ERR_LIMIT, "the names of sources and families pass 4 GiB");
    *out = (uint32_t)build->strings.places[id];
    return ERR_OK;
}

enum errc index_build_label(struct index_build *build, const struct label *label, uint32_t *out,
                            struct err *err)
{
    struct index_label row = {
        .valid_from_ms = label->valid_from_ms,
        .valid_until_ms = label->valid_until_ms,
        .confidence = (int8_t)label->confidence,
        .tlp = (uint8_t)label->tlp,
        .match = (uint8_t)label->match,
    };
    enum errc rc = add_text(build, label->source, &row.source, err);
    if (rc == ERR_OK)
        rc = add_text(build, label->family, &row.family, err);
    return rc == ERR_OK ? intern_add(&build->labels, &row, sizeof row, out, err) : rc;
}

enum errc index_build_source(struct index_build *build, const struct index_source_info *source,
                             struct err *err)
{
    struct index_source *rows = realloc(build->sources, (build->source_count + 1) * sizeof *rows);
    if (!rows)
        return err_set(err, ERR_NOMEM, "no memory for %zu sources", build->source_count);
    build->sources = rows;
    struct index_source row = {
        .lines = source->lines, .indicators = source->indicators, .bad_lines = source->bad_lines};
    enum errc rc = add_text(build, source->name, &row.name, err);
    if (rc == ERR_OK)
        rows[build->source_count++] = row;
    return rc;
}

static enum errc add_range(struct index_build *build, const struct number_range *range, uint32_t label,
                           struct err *err)
{
    if (build->range_count == build->range_room) {
        size_t room = build->range_room + build->range_room / 2 + 256;
        struct index_range *rows = realloc(build->ranges, room * sizeof *rows);
        if (!rows)
            return err_set(err, ERR_NOMEM, "no memory for %zu numbers", room);
        build->ranges = rows;
        build->range_room = room;
    }
    build->ranges[build->range_count++] = (struct index_range){range->first,  range->last, label,
                                                               range->digits, range->open, {0}};
    return ERR_OK;
}

static enum errc add_ip6(struct index_build *build, const struct ip *ip, uint8_t length, uint32_t value,
                         struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    build->facts.ip6_lengths[length / 64] |= UINT64_C(1) << (length % 64);
    return keyset_build_add(&build->sets[SET_IP6], key, find_key_ip6(ip, length, key), value, err);
}

/* The address too, without a label: a log record is looked at closely when it has the address. */
static enum errc add_endpoint(struct index_build *build, const struct indicator *indicator, uint32_t label,
                              struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    const struct ip *ip = &indicator->ip;
    size_t size = find_key_endpoint(ip, indicator->port, key);
    enum errc rc = keyset_build_add(&build->sets[SET_ENDPOINT], key, size, label, err);
    if (rc < 0)
        return rc;
    return ip->bits == 32 ? ip4map_build_add(&build->ip4, ip4_value(ip), 32, MARK, err)
                          : add_ip6(build, ip, 128, MARK, err);
}

static enum errc add_domain(struct index_build *build, const struct indicator *indicator, uint32_t label,
                            struct err *err)
{
    uint32_t labels = (uint32_t)name_labels((struct str){indicator->text, indicator->text_size});
    uint32_t *least = &build->facts.domain_labels_min;
    if (*least == 0 || labels < *least)
        *least = labels;
    return keyset_build_add(&build->sets[SET_DOMAIN], indicator->text, indicator->text_size, label, err);
}

enum errc index_build_add(struct index_build *build, const struct indicator *indicator, uint32_t label,
                          struct err *err)
{
    uint8_t key[FIND_KEY_MAX];
    const struct indicator *i = indicator;
    switch (i->kind) {
    case KIND_DOMAIN: return add_domain(build, i, label, err);
    case KIND_IPV4: return ip4map_build_add(&build->ip4, ip4_value(&i->ip), i->length, label, err);
    case KIND_IPV6: return add_ip6(build, &i->ip, i->length, label, err);
    case KIND_ENDPOINT: return add_endpoint(build, i, label, err);
    case KIND_URL:
        if (label > UINT32_MAX / SCHEME_COUNT - 1)
            return err_set(err, ERR_LIMIT, "too many different labels");
        return keyset_build_add(&build->sets[SET_URL], i->text, i->text_size,
                                label * SCHEME_COUNT + i->scheme, err);
    case KIND_MD5:
    case KIND_SHA1:
    case KIND_SHA256:
    case KIND_SM3:
        return keyset_build_add(&build->sets[SET_HASH], key, find_key_digest(i->digest, i->kind, key), label,
                                err);
    case KIND_NUMBER: return add_range(build, &i->range, label, err);
    case KIND_COUNT: break;
    }
    return err_set(err, ERR_INTERNAL, "an indicator of no kind");
}

static enum errc gather(struct index_build *build, uint32_t label, struct err *err)
{
    if (label == MARK)
        return ERR_OK;
    /* Lists are read one after the other, so that doubles of one list come together. */
    if (build->gathered_count > 0 && build->gathered[build->gathered_count - 1] == label)
        return ERR_OK;
    if (build->gathered_count == build->gathered_room) {
        size_t room = 2 * build->gathered_room + 64;
        uint32_t *labels = realloc(build->gathered, room * sizeof *labels);
        if (!labels)
            return err_set(err, ERR_NOMEM, "no memory for %zu labels", room);
        build->gathered = labels;
        build->gathered_room = room;
    }
    build->gathered[build->gathered_count++] = label;
    return ERR_OK;
}

/* The number of what was gathered; 0 when there was nothing but marks. */
static enum errc note_of_gathered(struct index_build *build, uint32_t *out_note, struct err *err)
{
    uint32_t id = 0;
    *out_note = 0;
    if (build->gathered_count == 0)
        return ERR_OK;
    enum errc rc = intern_add(&build->notes, build->gathered, build->gathered_count * sizeof(uint32_t), &id,
                              err);
    if (rc == ERR_OK && id >= UINT32_MAX / SCHEME_COUNT - 1)
        rc = err_set(err, ERR_LIMIT, "too many different sets of labels");
    *out_note = id + 1;
    build->gathered_count = 0;
    return rc;
}

/* One entry a key, its value the note. */
static enum errc merge_set(struct index_build *build, enum index_set which, struct err *err)
{
    struct keyset_build *set = &build->sets[which];
    uint32_t factor = which == SET_URL ? SCHEME_COUNT : 1;
    enum errc rc = keyset_build_sort(set, err);
    size_t kept = 0;
    for (size_t from = 0, to = 0; rc == ERR_OK && from < set->count; from = to) {
        struct keyset_entry first = set->entries[from];
        uint32_t note;
        /* An entry is not compared with itself: that would fetch a text from anywhere in memory. */
        for (; rc == ERR_OK && to < set->count &&
               (to == from || keyset_build_same(set, &first, &set->entries[to]));
             to++) {
            uint32_t value = set->entries[to].value;
            rc = gather(build, value == MARK ? MARK : value / factor, err);
        }
        if (rc == ERR_OK)
            rc = note_of_gathered(build, &note, err);
        if (rc < 0)
            break;
        first.value = note * factor + (factor > 1 ? first.value % factor : 0);
        set->entries[kept++] = first;
    }
    set->count = rc == ERR_OK ? kept : 0;
    return rc;
}

static enum errc merge_ip4(struct index_build *build, struct err *err)
{
    struct ip4map_build *map = &build->ip4;
    enum errc rc = ip4map_build_sort(map, err);
    size_t kept = 0;
    for (size_t from = 0, to = 0; rc == ERR_OK && from < map->count; from = to) {
        struct ip4map_entry first = map->entries[from];
        for (; rc == ERR_OK && to < map->count && map->entries[to].address == first.address &&
               map->entries[to].length == first.length;
             to++)
            rc = gather(build, map->entries[to].value, err);
        if (rc == ERR_OK)
            rc = note_of_gathered(build, &first.value, err);
        if (rc == ERR_OK) {
            build->facts.counts[KIND_IPV4] += first.value > 0;
            map->entries[kept++] = first;
        }
    }
    map->count = kept;
    return rc;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct index_range *x = a;
    const struct index_range *y = b;
    if (x->open != y->open)
        return x->open < y->open ? -1 : 1;
    if (x->digits != y->digits)
        return x->digits < y->digits ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return 0; /* the order of the lists: glibc sorts stably when it has the memory */
}

static enum errc add_pieces(struct index_build *build, size_t which, struct err *err)
{
    const struct index_range *row = &build->ranges[which];
    const struct number_range range = {row->first, row->last, row->digits, row->open != 0};
    struct number_piece pieces[NUMBER_PIECES_MAX];
    size_t count = number_split(&range, pieces);
    for (size_t i = 0; i < count; i++) {
        uint8_t key[NUMBER_KEY_MAX];
        size_t size = number_key(&pieces[i], key);
        build->facts.number_shapes[pieces[i].length] |= (uint16_t)(1u << pieces[i].digits);
        enum errc rc = keyset_build_add(&build->sets[SET_NUMBER], key, size, (uint32_t)which, err);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc merge_ranges(struct index_build *build, struct err *err)
{
    enum errc rc = ERR_OK;
    size_t kept = 0;
    if (build->range_count > 0)
        qsort(build->ranges, build->range_count, sizeof *build->ranges, compare_ranges);
    for (size_t from = 0, to = 0; rc == ERR_OK && from < build->range_count; from = to) {
        struct index_range first = build->ranges[from];
        for (; rc == ERR_OK && to < build->range_count && compare_ranges(&build->ranges[to], &first) == 0;
             to++)
            rc = gather(build, build->ranges[to].note, err);
        if (rc == ERR_OK)
            rc = note_of_gathered(build, &first.note, err);
        if (rc == ERR_OK)
            build->ranges[kept++] = first;
    }
    build->range_count = kept;
    for (size_t i = 0; rc == ERR_OK && i < kept; i++)
        rc = add_pieces(build, i, err);
    return rc == ERR_OK ? keyset_build_sort(&build->sets[SET_NUMBER], err) : rc;
}

static void count_keys(struct index_build *build)
{
    uint64_t *counts = build->facts.counts;
    const struct keyset_build *hashes = &build->sets[SET_HASH];
    const struct keyset_build *ip6 = &build->sets[SET_IP6];
    counts[KIND_DOMAIN] = build->sets[SET_DOMAIN].count;
    counts[KIND_URL] = build->sets[SET_URL].count;
    counts[KIND_ENDPOINT] = build->sets[SET_ENDPOINT].count;
    counts[KIND_NUMBER] = build->range_count;
    for (size_t i = 0; i < hashes->count; i++)
        counts[keyset_build_key(hashes, &hashes->entries[i])[hashes->entries[i].size - 1]]++;
    for (size_t i = 0; i < ip6->count; i++)
        counts[KIND_IPV6] += ip6->entries[i].value > 0;
}

static enum errc write_section(struct index_out *out, enum index_section section, const void *bytes,
                               size_t size, struct err *err)
{
    enum errc rc = index_out_section(out, section, err);
    return rc == ERR_OK ? index_out_put(out, bytes, size, err) : rc;
}

static enum errc write_set(struct index_build *build, enum index_set which, struct index_out *out,
                           struct err *err)
{
    unsigned first = SECTION_SETS + 3 * which;
    struct keyset_build *set = &build->sets[which];
    enum errc rc = index_out_section(out, (enum index_section)(first + 2), err);
    if (rc == ERR_OK)
        rc = keyset_build_write(set, index_out_put, out, err);
    if (rc == ERR_OK)
        rc = write_section(out, (enum index_section)first, set->filter, set->filter_bytes, err);
    if (rc == ERR_OK)
        rc = write_section(out, (enum index_section)(first + 1), set->places, set->places_bytes, err);
    keyset_build_done(set);
    return rc;
}

static enum errc write_ip4(struct index_build *build, struct index_out *out, struct err *err)
{
    struct ip4map_parts p = {0};
    enum errc rc = ip4map_build_write(&build->ip4, &p, err);
    ip4map_build_done(&build->ip4);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_IP4_DIR, p.dir, p.dir ? IP4MAP_DIR_COUNT * sizeof *p.dir : 0, err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_IP4_LOWS, p.lows, p.low_count * sizeof *p.lows, err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_IP4_REFS, p.refs, p.low_count * sizeof *p.refs, err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_IP4_PREFIXES, p.prefixes, p.prefix_count * sizeof *p.prefixes, err);
    ip4map_parts_done(&p);
    return rc;
}

/* Notes as offsets into the row of all their labels. */
static enum errc write_notes(struct index_build *build, struct index_out *out, struct err *err)
{
    struct intern *notes = &build->notes;
    enum errc rc = index_out_section(out, SECTION_NOTES, err);
    for (size_t i = 0; rc == ERR_OK && i <= notes->count; i++) {
        size_t at = notes->count > 0 ? notes->places[i] / sizeof(uint32_t) : 0;
        uint32_t place = (uint32_t)at;
        rc = at > UINT32_MAX ? err_set(err, ERR_LIMIT, "too many labels")
                             : index_out_put(out, &place, sizeof place, err);
    }
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_NOTE_LABELS, notes->bytes, notes->bytes_size, err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_LABELS, build->labels.bytes, build->labels.bytes_size, err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_RANGES, build->ranges, build->range_count * sizeof *build->ranges,
                           err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_SOURCES, build->sources, build->source_count * sizeof *build->sources,
                           err);
    if (rc == ERR_OK)
        rc = write_section(out, SECTION_STRINGS, build->strings.bytes, build->strings.bytes_size, err);
    return rc;
}

static enum errc merge(struct index_build *build, struct err *err)
{
    enum errc rc = merge_ip4(build, err);
    for (unsigned i = 0; rc == ERR_OK && i < SET_COUNT; i++)
        if (i != SET_NUMBER)
            rc = merge_set(build, (enum index_set)i, err);
    if (rc == ERR_OK)
        rc = merge_ranges(build, err);
    if (rc == ERR_OK)
        count_keys(build);
    return rc;
}

enum errc index_build_write(struct index_build *build, const char *path, struct err *err)
{
    struct index_out out;
    enum errc rc = merge(build, err);
    if (rc < 0)
        return rc;
    rc = index_out_open(&out, path, err);
    if (rc == ERR_OK)
        rc = write_notes(build, &out, err);
    if (rc == ERR_OK)
        rc = write_ip4(build, &out, err);
    for (unsigned i = 0; rc == ERR_OK && i < SET_COUNT; i++)
        rc = write_set(build, (enum index_set)i, &out, err);
    if (rc == ERR_OK) {
        struct index_header *header = &out.header;
        memcpy(header->counts, build->facts.counts, sizeof header->counts);
        memcpy(header->ip6_lengths, build->facts.ip6_lengths, sizeof header->ip6_lengths);
        memcpy(header->number_shapes, build->facts.number_shapes, sizeof header->number_shapes);
        header->domain_labels_min = build->facts.domain_labels_min;
        header->seed = build->seed;
        header->built_ms = env_now_ms(build->env);
        header->build_ms = (uint64_t)(header->built_ms - build->begun_ms);
        rc = index_out_commit(&out, err);
    }
    index_out_done(&out);
    return rc;
}
