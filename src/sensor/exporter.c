#include "sensor/exporter.h"

#include "intel/hash64.h"

#include <stdlib.h>

enum { SLOTS = 2 * EXPORTERS_MAX, NO_EXPORTER = 0 };

struct exporter_book {
    size_t count;
    struct exporter *exporters; /* EXPORTERS_MAX; an exporter keeps its place */
    struct exporter *last;      /* the same one often comes again */
    uint16_t slots[SLOTS];      /* place + 1 */
};

enum errc exporter_book_new(struct exporter_book **out, struct err *err)
{
    struct exporter_book *book = calloc(1, sizeof *book);
    if (book)
        book->exporters = calloc(EXPORTERS_MAX, sizeof *book->exporters);
    if (!book || !book->exporters) {
        free(book);
        return err_set(err, ERR_NOMEM, "no memory for %d exporters", EXPORTERS_MAX);
    }
    *out = book;
    return ERR_OK;
}

static void empty(struct exporter *exporter)
{
    for (size_t i = 0; i < exporter->template_count; i++)
        free(exporter->templates[i]);
    memset(exporter, 0, sizeof *exporter);
}

void exporter_book_free(struct exporter_book *book)
{
    if (!book)
        return;
    for (size_t i = 0; i < book->count; i++)
        empty(&book->exporters[i]);
    free(book->exporters);
    free(book);
}

static size_t slot_of(const struct ip *address, uint32_t domain, uint16_t version)
{
    uint64_t hash = hash64(address->bytes, sizeof address->bytes, (uint64_t)domain << 16 | version);
    return (size_t)(hash % SLOTS);
}

static bool is(const struct exporter *exporter, const struct ip *address, uint32_t domain, uint16_t version)
{
    return exporter->domain == domain && exporter->version == version &&
           exporter->address.bits == address->bits &&
           memcmp(exporter->address.bytes, address->bytes, sizeof address->bytes) == 0;
}

/* Puts every exporter into its slot again, after one has gone. */
static void refill(struct exporter_book *book)
{
    memset(book->slots, 0, sizeof book->slots);
    for (size_t i = 0; i < book->count; i++) {
        const struct exporter *e = &book->exporters[i];
        size_t slot = slot_of(&e->address, e->domain, e->version);
        while (book->slots[slot] != NO_EXPORTER)
            slot = (slot + 1) % SLOTS;
        book->slots[slot] = (uint16_t)(i + 1);
    }
}

/* A place for a new one: behind the others, or where the one was that has been silent longest. */
static struct exporter *place(struct exporter_book *book)
{
    if (book->count < EXPORTERS_MAX)
        return &book->exporters[book->count++];
    struct exporter *oldest = &book->exporters[0];
    for (size_t i = 1; i < book->count; i++)
        if (book->exporters[i].seen_ms < oldest->seen_ms)
            oldest = &book->exporters[i];
    empty(oldest);
    return oldest;
}

struct exporter *exporter_get(struct exporter_book *book, const struct ip *address, uint32_t domain,
                              uint16_t version, int64_t now_ms)
{
    struct exporter *found = book->last;
    if (!found || !is(found, address, domain, version)) {
        size_t slot = slot_of(address, domain, version);
        found = NULL;
        for (; !found && book->slots[slot] != NO_EXPORTER; slot = (slot + 1) % SLOTS) {
            struct exporter *here = &book->exporters[book->slots[slot] - 1];
            found = is(here, address, domain, version) ? here : NULL;
        }
    }
    if (!found) {
        found = place(book);
        found->address = *address;
        found->domain = domain;
        found->version = version;
        found->used = true;
        found->first_ms = now_ms;
        refill(book);
    }
    found->seen_ms = now_ms;
    found->datagrams++;
    book->last = found;
    return found;
}

const struct exporter *exporter_nth(const struct exporter_book *book, size_t n)
{
    return n < book->count ? &book->exporters[n] : NULL;
}

void exporter_step(struct exporter *exporter, uint32_t number, uint32_t steps)
{
    uint32_t gap = number - exporter->next_sequence;
    if (exporter->in_step && gap < SEQUENCE_GAP_MAX)
        exporter->lost += gap;
    /* One that comes late was counted as lost when the next one came. */
    uint32_t late = exporter->next_sequence - number;
    if (exporter->in_step && late > 0 && late <= 16 * (steps ? steps : 1)) {
        exporter->lost -= steps < exporter->lost ? steps : exporter->lost;
        return;
    }
    exporter->in_step = true;
    exporter->next_sequence = number + steps;
}

bool exporter_learn(struct exporter *exporter, struct template *template)
{
    for (size_t i = 0; i < exporter->template_count; i++)
        if (exporter->templates[i]->id == template->id) {
            free(exporter->templates[i]);
            exporter->templates[i] = template;
            return true;
        }
    if (exporter->template_count == TEMPLATES_MAX) {
        free(template);
        return false;
    }
    exporter->templates[exporter->template_count++] = template;
    return true;
}

void exporter_forget(struct exporter *exporter, uint16_t id)
{
    for (size_t i = 0; i < exporter->template_count; i++)
        if (exporter->templates[i]->id == id) {
            free(exporter->templates[i]);
            exporter->templates[i] = exporter->templates[--exporter->template_count];
            return;
        }
}

const struct template *exporter_template(const struct exporter *exporter, uint16_t id)
{
    for (size_t i = 0; i < exporter->template_count; i++)
        if (exporter->templates[i]->id == id)
            return exporter->templates[i];
    return NULL;
}

void exporter_set_sampler(struct exporter *exporter, uint64_t id, uint32_t interval)
{
    size_t at = 0;
    while (at < exporter->sampler_count && exporter->samplers[at].id != id)
        at++;
    if (at == SAMPLERS_MAX)
        return; /* the exporter's own figure then stands for it */
    exporter->sampler_count += at == exporter->sampler_count;
    exporter->samplers[at] = (struct sampler){id, interval};
}

uint32_t exporter_sampling(const struct exporter *exporter, uint64_t id)
{
    for (size_t i = 0; i < exporter->sampler_count; i++)
        if (exporter->samplers[i].id == id)
            return exporter->samplers[i].interval;
    return exporter->sampling;
}
