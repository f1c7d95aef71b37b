#include "sensor/protect.h"

#include "intel/name.h"

#include <stdlib.h>
#include <string.h>

/* Learnt addresses stand for their neighbours: services move within a prefix. */
enum { LEARNT4 = 24, LEARNT6 = 48 };

static struct str next_word(struct str *line)
{
    while (line->n > 0 && (unsigned char)line->p[0] <= ' ')
        *line = (struct str){line->p + 1, line->n - 1};
    size_t n = 0;
    while (n < line->n && (unsigned char)line->p[n] > ' ')
        n++;
    struct str word = {line->p, n};
    *line = (struct str){line->p + n, line->n - n};
    return word;
}

static bool read_good(struct str word, struct protect_good *out)
{
    memset(out, 0, sizeof *out);
    if (ip_parse(word, &out->address)) {
        out->length = out->address.bits;
        return true;
    }
    return ip_parse_prefix(word, &out->address, &out->length) || name_indicator(word, out->name) > 0;
}

static enum errc read_line(struct str line, int number, struct protect *out, struct err *err)
{
    struct protected_name *entry = &out->names[out->count];
    const char *comment = line.n > 0 ? memchr(line.p, '#', line.n) : NULL;
    line.n = comment ? (size_t)(comment - line.p) : line.n;
    struct str word = next_word(&line);
    if (word.n == 0)
        return ERR_OK;
    if (out->count == PROTECT_MAX)
        return err_set(err, ERR_LIMIT, "line %d: at most %d names can be protected", number, PROTECT_MAX);
    memset(entry, 0, sizeof *entry);
    if (name_indicator(word, entry->name) == 0)
        return err_set(err, ERR_SYNTAX, "line %d: '%.*s' is no name", number, (int)word.n, word.p);
    while ((word = next_word(&line)).n > 0) {
        if (entry->good_count == PROTECT_GOOD_MAX)
            return err_set(err, ERR_LIMIT, "line %d: at most %d addresses for a name", number,
                           PROTECT_GOOD_MAX);
        if (!read_good(word, &entry->good[entry->good_count++]))
            return err_set(err, ERR_SYNTAX, "line %d: '%.*s' is no address, prefix or name", number,
                           (int)word.n, word.p);
    }
    entry->learns = entry->good_count == 0;
    out->count++;
    return ERR_OK;
}

static int by_name(const void *a, const void *b)
{
    const struct protected_name *x = a;
    const struct protected_name *y = b;
    return strcmp(x->name, y->name);
}

enum errc protect_read(const char *text, size_t size, struct protect *out, struct err *err)
{
    struct protect made = {.count = 0};
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    made.names = calloc(lines < PROTECT_MAX ? lines : PROTECT_MAX + 1, sizeof *made.names);
    enum errc rc = made.names ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for protected names");
    for (int number = 1; rc == ERR_OK && size > 0; number++) {
        const char *stop = memchr(text, '\n', size);
        size_t n = stop ? (size_t)(stop - text) : size;
        rc = read_line((struct str){text, n}, number, &made, err);
        n += stop != NULL;
        text += n;
        size -= n;
    }
    if (rc < 0) {
        protect_done(&made);
        return rc;
    }
    qsort(made.names, made.count, sizeof *made.names, by_name);
    *out = made;
    return ERR_OK;
}

void protect_done(struct protect *protect)
{
    free(protect->names);
    protect->names = NULL;
    protect->count = 0;
}

struct protected_name *protect_find(const struct protect *protect, struct str name)
{
    size_t low = 0;
    size_t high = protect->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const char *here = protect->names[middle].name;
        int order = strncmp(here, name.p, name.n);
        if (order == 0 && here[name.n] == '\0')
            return &protect->names[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool learn(struct protected_name *name, const struct protect_good *good)
{
    if (!name->learns || name->seen >= PROTECT_LEARN)
        return false;
    name->seen++;
    if (name->good_count < PROTECT_GOOD_MAX)
        name->good[name->good_count++] = *good;
    return true;
}

bool protect_address(struct protected_name *name, const struct ip *address)
{
    for (size_t i = 0; i < name->good_count; i++) {
        const struct protect_good *good = &name->good[i];
        struct ip masked = *address;
        if (good->address.bits != address->bits)
            continue;
        ip_mask(&masked, good->length);
        if (memcmp(masked.bytes, good->address.bytes, sizeof masked.bytes) == 0) {
            name->seen += name->learns && name->seen < PROTECT_LEARN;
            return true;
        }
    }
    struct protect_good good = {.address = *address, .length = address->bits == 32 ? LEARNT4 : LEARNT6};
    ip_mask(&good.address, good.length);
    return learn(name, &good);
}

bool protect_points(const struct protected_name *name, struct str target)
{
    for (size_t i = 0; i < name->good_count; i++)
        if (name->good[i].address.bits == 0 && str_eq(target, name->good[i].name))
            return true;
    return false;
}
