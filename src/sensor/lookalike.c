#include "sensor/lookalike.h"

#include "intel/hash64.h"
#include "sensor/dns_zone.h"

#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORM_MAX = 2 * LOOKALIKE_LABEL_MAX, ZONE_SIZE = 256, SLOTS_MIN = 1 << 10, FILTER_BITS_A_SLOT = 8 };

/* Hashes of one kind never stand for another. */
enum { SALT_FORM = 1, SALT_PAIRS, SALT_JOINED, SALT_ALLOWED };

struct entry {
    uint64_t hash;
    uint32_t name; /* + 1; 0 = free */
};

struct guarded {
    char zone[ZONE_SIZE];
    uint8_t label_size;
    uint8_t size;
    char form[FORM_MAX];
};

/* The table grows before it is half full; most hashes that are not in it are told by the filter alone. */
struct lookalike {
    size_t count;
    size_t room;
    struct guarded *names;
    size_t used;
    size_t slots;
    struct entry *entries;
    uint64_t *filter;
};

static const struct {
    uint32_t point;
    char looks;
} CONFUSABLES[] = {
#define CONFUSABLE(point, looks) {point, looks},
#include "sensor/confusables.def"
#undef CONFUSABLE
};

enum { CONFUSABLE_COUNT = sizeof CONFUSABLES / sizeof CONFUSABLES[0] };

/* Letters that are taken for one another, each row for its first. */
static const char *const FOLDS[] = {"o0", "l1i", "83", "96", "bd", "ce", "gq", "nmr"};
/* Pairs, in folded letters, that are taken for one. */
static const struct {
    char pair[3];
    char one;
} PAIRS[] = {{"nn", 'n'}, {"vv", 'w'}, {"lb", 'b'}, {"cl", 'b'},
             {"bl", 'b'}, {"lh", 'h'}, {"lk", 'k'}, {"lc", 'k'}};

enum { PAIR_COUNT = sizeof PAIRS / sizeof PAIRS[0], PAIRS_MAX = 2 };

enum errc lookalike_new(struct lookalike **out, struct err *err)
{
    struct lookalike *made = calloc(1, sizeof *made);
    if (!made)
        return err_set(err, ERR_NOMEM, "no memory for protected names");
    *out = made;
    return ERR_OK;
}

void lookalike_free(struct lookalike *lookalike)
{
    if (!lookalike)
        return;
    free(lookalike->names);
    free(lookalike->entries);
    free(lookalike->filter);
    free(lookalike);
}

/* --- the form of a label --- */

static char looks_like(uint32_t point)
{
    size_t low = 0;
    size_t high = CONFUSABLE_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (CONFUSABLES[middle].point == point)
            return CONFUSABLES[middle].looks;
        if (CONFUSABLES[middle].point < point)
            low = middle + 1;
        else
            high = middle;
    }
    return '?';
}

static char fold(char c)
{
    for (size_t i = 0; c && i < sizeof FOLDS / sizeof FOLDS[0]; i++)
        if (strchr(FOLDS[i], c))
            return FOLDS[i][0];
    return c;
}

/* An A-label in letters that look like it; 0 for what is none. */
static size_t show(struct str label, char out[FORM_MAX])
{
    uint32_t *points = NULL;
    char text[LOOKALIKE_LABEL_MAX + 1];
    memcpy(text, label.p, label.n);
    text[label.n] = '\0';
    if (idn2_to_unicode_8z4z(text, &points, 0) != IDN2_OK)
        return 0;
    size_t n = 0;
    for (; n < FORM_MAX && points[n]; n++)
        out[n] = points[n] < 0x80 ? (char)points[n] : looks_like(points[n]);
    idn2_free(points);
    return n;
}

/* The form under which labels are compared; 0 = none. */
static size_t form_of(struct str label, char out[FORM_MAX])
{
    size_t size = label.n;
    if (label.n < LOOKALIKE_LABEL_MIN || label.n > LOOKALIKE_LABEL_MAX)
        return 0;
    if (label.n > 4 && memcmp(label.p, "xn--", 4) == 0)
        size = show(label, out);
    else
        memcpy(out, label.p, label.n);
    for (size_t i = 0; i < size; i++)
        out[i] = fold(out[i]);
    return size;
}

static uint64_t hash_without(const char *form, size_t size, size_t at)
{
    char text[FORM_MAX];
    memcpy(text, form, at);
    memcpy(text + at, form + at + 1, size - at - 1);
    return hash64(text, size - 1, SALT_FORM);
}

/* --- the table --- */

static void set_filter(struct lookalike *l, uint64_t hash)
{
    uint64_t bit = (hash >> 32) & (l->slots * FILTER_BITS_A_SLOT - 1);
    l->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void place(struct lookalike *l, uint64_t hash, uint32_t name)
{
    size_t slot = hash & (l->slots - 1);
    while (l->entries[slot].name)
        slot = (slot + 1) & (l->slots - 1);
    l->entries[slot] = (struct entry){hash, name};
    set_filter(l, hash);
}

static enum errc grow(struct lookalike *l, struct err *err)
{
    size_t slots = l->slots ? 2 * l->slots : SLOTS_MIN;
    struct entry *entries = calloc(slots, sizeof *entries);
    uint64_t *filter = calloc(slots * FILTER_BITS_A_SLOT / 64, sizeof *filter);
    struct entry *old = l->entries;
    size_t old_slots = l->slots;
    if (!entries || !filter) {
        free(entries);
        free(filter);
        return err_set(err, ERR_NOMEM, "no memory for protected names");
    }
    free(l->filter);
    l->filter = filter;
    l->entries = entries;
    l->slots = slots;
    for (size_t i = 0; i < old_slots; i++)
        if (old[i].name)
            place(l, old[i].hash, old[i].name);
    free(old);
    return ERR_OK;
}

static enum errc put(struct lookalike *l, uint64_t hash, uint32_t name, struct err *err)
{
    enum errc rc = 2 * l->used >= l->slots ? grow(l, err) : ERR_OK;
    if (rc == ERR_OK) {
        place(l, hash, name);
        l->used++;
    }
    return rc;
}

/* The next entry of a hash, from *slot on; NULL at the end of them. */
static const struct entry *next_entry(const struct lookalike *l, uint64_t hash, size_t *slot)
{
    uint64_t bit = (hash >> 32) & (l->slots * FILTER_BITS_A_SLOT - 1);
    if (!(l->filter[bit / 64] >> bit % 64 & 1))
        return NULL;
    for (; l->entries[*slot & (l->slots - 1)].name; (*slot)++)
        if (l->entries[*slot & (l->slots - 1)].hash == hash)
            return &l->entries[(*slot)++ & (l->slots - 1)];
    return NULL;
}

/* --- protecting --- */

/* Every way to write up to PAIRS_MAX letters from at on as pairs. */
static enum errc put_pairs(struct lookalike *l, const char *form, size_t size, size_t at, unsigned left,
                           struct err *err)
{
    char text[FORM_MAX];
    enum errc rc = ERR_OK;
    for (size_t i = at; i < size && size < FORM_MAX; i++)
        for (size_t k = 0; k < PAIR_COUNT && rc == ERR_OK; k++) {
            if (form[i] != PAIRS[k].one)
                continue;
            memcpy(text, form, i);
            memcpy(text + i, PAIRS[k].pair, 2);
            memcpy(text + i + 2, form + i + 1, size - i - 1);
            rc = put(l, hash64(text, size + 1, SALT_PAIRS), (uint32_t)l->count, err);
            if (rc == ERR_OK && left > 1)
                rc = put_pairs(l, text, size + 1, i, left - 1, err); /* within the pair, too */
        }
    return rc;
}

/* What belongs around a label, written into it: "wwwbank", "bank-example". */
static enum errc put_joined(struct lookalike *l, const struct dns_zone *zone, struct err *err)
{
    static const struct {
        const char *front;
        const char *between;
        bool suffix;
    } FORMS[] = {{"", "", false}, {"www", "", false}, {"www-", "", false}, {"", "", true}, {"", "-", true}};
    char text[2 * ZONE_SIZE];
    char suffix[ZONE_SIZE];
    size_t size = 0;
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < zone->suffix.n; i++)
        if (zone->suffix.p[i] != '.')
            suffix[size++] = zone->suffix.p[i];
    suffix[size] = '\0';
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0] && rc == ERR_OK; i++) {
        int n = snprintf(text, sizeof text, "%s%.*s%s%s", FORMS[i].front, (int)zone->label.n, zone->label.p,
                         FORMS[i].between, FORMS[i].suffix ? suffix : "");
        if (n > 0 && (size_t)n < sizeof text)
            rc = put(l, hash64(text, (size_t)n, SALT_JOINED), (uint32_t)l->count, err);
    }
    return rc;
}

static enum errc put_forms(struct lookalike *l, const struct guarded *guarded, struct err *err)
{
    const char *form = guarded->form;
    size_t size = guarded->size;
    enum errc rc = put(l, hash64(form, size, SALT_FORM), (uint32_t)l->count, err);
    for (size_t i = 0; i < size && size >= LOOKALIKE_TYPING_MIN && rc == ERR_OK; i++)
        rc = put(l, hash_without(form, size, i), (uint32_t)l->count, err);
    return rc == ERR_OK ? put_pairs(l, form, size, 0, PAIRS_MAX, err) : rc;
}

static enum errc add_guarded(struct lookalike *l, const struct guarded *guarded, struct err *err)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        struct guarded *names = realloc(l->names, room * sizeof *names);
        if (!names)
            return err_set(err, ERR_NOMEM, "no memory for %zu protected names", room);
        l->names = names;
        l->room = room;
    }
    l->names[l->count++] = *guarded;
    return ERR_OK;
}

enum errc lookalike_protect(struct lookalike *lookalike, struct str name, struct err *err)
{
    struct dns_zone zone = dns_zone_of(name);
    struct guarded guarded = {.label_size = (uint8_t)zone.label.n};
    enum errc rc = lookalike_allow(lookalike, zone.zone, err);
    guarded.size = (uint8_t)form_of(zone.label, guarded.form);
    if (rc < 0 || guarded.size == 0 || zone.zone.n >= ZONE_SIZE)
        return rc;
    memcpy(guarded.zone, zone.zone.p, zone.zone.n);
    rc = add_guarded(lookalike, &guarded, err);
    if (rc == ERR_OK)
        rc = put_forms(lookalike, &guarded, err);
    return rc == ERR_OK ? put_joined(lookalike, &zone, err) : rc;
}

enum errc lookalike_allow(struct lookalike *lookalike, struct str zone, struct err *err)
{
    return put(lookalike, hash64(zone.p, zone.n, SALT_ALLOWED), UINT32_MAX, err);
}

/* --- looking --- */

/* One letter added, left out, changed, or exchanged with its neighbour. */
static bool near(const char *a, size_t a_size, const char *b, size_t b_size)
{
    if (a_size < b_size)
        return near(b, b_size, a, a_size);
    if (a_size > b_size + 1)
        return false;
    size_t head = 0;
    while (head < b_size && a[head] == b[head])
        head++;
    if (a_size > b_size)
        return memcmp(a + head + 1, b + head, b_size - head) == 0;
    if (head == a_size || memcmp(a + head + 1, b + head + 1, a_size - head - 1) == 0)
        return true;
    return head + 1 < a_size && a[head] == b[head + 1] && a[head + 1] == b[head] &&
           memcmp(a + head + 2, b + head + 2, a_size - head - 2) == 0;
}

/* The form is the protected one with up to so many letters written as pairs. */
static bool reads_as(const char *form, size_t size, const struct guarded *guarded, unsigned pairs)
{
    char text[FORM_MAX];
    if (size == guarded->size)
        return memcmp(form, guarded->form, size) == 0;
    for (size_t i = 0; i + 1 < size && pairs > 0; i++)
        for (size_t k = 0; k < PAIR_COUNT; k++) {
            if (form[i] != PAIRS[k].pair[0] || form[i + 1] != PAIRS[k].pair[1])
                continue;
            memcpy(text, form, i);
            text[i] = PAIRS[k].one;
            memcpy(text + i + 1, form + i + 2, size - i - 2);
            if (reads_as(text, size - 1, guarded, pairs - 1))
                return true;
        }
    return false;
}

static const struct guarded *look_near(const struct lookalike *l, uint64_t hash, const char *form,
                                       size_t size)
{
    size_t slot = hash & (l->slots - 1);
    for (const struct entry *entry; (entry = next_entry(l, hash, &slot)) != NULL;)
        if (entry->name <= l->count) {
            const struct guarded *guarded = &l->names[entry->name - 1];
            if (near(form, size, guarded->form, guarded->size))
                return guarded;
        }
    return NULL;
}

static const struct guarded *look_pairs(const struct lookalike *l, const char *form, size_t size)
{
    uint64_t hash = hash64(form, size, SALT_PAIRS);
    size_t slot = hash & (l->slots - 1);
    for (const struct entry *entry; (entry = next_entry(l, hash, &slot)) != NULL;) {
        const struct guarded *guarded = entry->name <= l->count ? &l->names[entry->name - 1] : NULL;
        if (guarded && reads_as(form, size, guarded, PAIRS_MAX))
            return guarded;
    }
    return NULL;
}

/* The label of a protected name, or it with what belongs around it. */
static const struct guarded *look_joined(const struct lookalike *l, struct str text)
{
    uint64_t hash = hash64(text.p, text.n, SALT_JOINED);
    size_t slot = hash & (l->slots - 1);
    for (const struct entry *entry; (entry = next_entry(l, hash, &slot)) != NULL;) {
        const struct guarded *guarded = entry->name <= l->count ? &l->names[entry->name - 1] : NULL;
        if (guarded && memmem(text.p, text.n, guarded->zone, guarded->label_size))
            return guarded;
    }
    return NULL;
}

static const struct guarded *by_form(const struct lookalike *l, struct str label, enum imitation *out)
{
    char form[FORM_MAX];
    size_t size = form_of(label, form);
    if (size == 0)
        return NULL;
    const struct guarded *found = look_near(l, hash64(form, size, SALT_FORM), form, size);
    if (found && found->size == size && memcmp(found->form, form, size) == 0) {
        bool same = found->label_size == label.n && memcmp(found->zone, label.p, label.n) == 0;
        *out = same ? IMITATION_SUFFIX : IMITATION_GLYPHS;
        return found;
    }
    const struct guarded *pairs = look_pairs(l, form, size);
    *out = pairs ? IMITATION_PAIRS : IMITATION_TYPING;
    found = pairs ? pairs : found;
    for (size_t i = 0; i < size && !found && size >= LOOKALIKE_TYPING_MIN; i++)
        found = look_near(l, hash_without(form, size, i), form, size);
    return found;
}

/* "goo.gle.example": the name without its dots. */
static const struct guarded *by_parts(const struct lookalike *l, const struct dns_zone *zone)
{
    char joined[LOOKALIKE_LABEL_MAX];
    size_t n = 0;
    if (zone->before.n == 0 || zone->before.n + zone->label.n > sizeof joined)
        return NULL;
    for (size_t i = 0; i < zone->before.n; i++)
        if (zone->before.p[i] != '.')
            joined[n++] = zone->before.p[i];
    memcpy(joined + n, zone->label.p, zone->label.n);
    return look_joined(l, (struct str){joined, n + zone->label.n});
}

const char *lookalike_find(const struct lookalike *lookalike, struct str name, enum imitation *out)
{
    struct dns_zone zone = dns_zone_of(name);
    uint64_t whole = hash64(zone.zone.p, zone.zone.n, SALT_ALLOWED);
    size_t slot = whole & (lookalike->slots - 1);
    *out = IMITATION_NONE;
    /* An empty table has no slots. */
    if (lookalike->count == 0 || zone.suffix.n == 0 || next_entry(lookalike, whole, &slot))
        return NULL;
    const struct guarded *found = by_form(lookalike, zone.label, out);
    if (!found) {
        found = look_joined(lookalike, zone.label);
        found = found ? found : by_parts(lookalike, &zone);
        *out = found ? IMITATION_JOINED : IMITATION_NONE;
    }
    return found ? found->zone : NULL;
}

const char *imitation_name(enum imitation imitation)
{
    static const char *const NAMES[] = {
        "none",           "another suffix",  "letters that look alike", "pairs that look like a letter",
        "a typing error", "joined or parted"};
    return NAMES[imitation];
}
