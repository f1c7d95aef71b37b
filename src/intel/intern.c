#include "intel/intern.h"

#include "intel/hash64.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 64 };

void intern_init(struct intern *table, uint64_t seed)
{
    *table = (struct intern){.seed = seed};
}

void intern_done(struct intern *table)
{
    free(table->bytes);
    free(table->places);
    free(table->slots);
    intern_init(table, table->seed);
}

struct str intern_get(const struct intern *table, uint32_t id)
{
    size_t at = table->places[id];
    return (struct str){(const char *)table->bytes + at, table->places[id + 1] - at};
}

static size_t free_slot(const uint32_t *slots, size_t slot_count, uint64_t hash)
{
    size_t at = hash & (slot_count - 1);
    while (slots[at])
        at = (at + 1) & (slot_count - 1);
    return at;
}

static bool more_slots(struct intern *table)
{
    if (2 * (table->count + 1) <= table->slot_count)
        return true;
    size_t count = table->slot_count ? 2 * table->slot_count : SLOTS_MIN;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t id = 0; id < table->count; id++) {
        struct str s = intern_get(table, id);
        slots[free_slot(slots, count, hash64(s.p, s.n, table->seed))] = id + 1;
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

static bool room(void **data, size_t *room_items, size_t need, size_t item_bytes)
{
    if (need <= *room_items)
        return true;
    size_t wanted = need + need / 2 + 256;
    void *larger = realloc(*data, wanted * item_bytes);
    if (!larger)
        return false;
    *data = larger;
    *room_items = wanted;
    return true;
}

static bool append(struct intern *table, const void *bytes, size_t size)
{
    void *data = table->bytes;
    void *places = table->places;
    bool good = room(&data, &table->bytes_room, table->bytes_size + size + 1, 1);
    table->bytes = data;
    good = good && room(&places, &table->places_room, table->count + 2, sizeof *table->places);
    table->places = places;
    if (!good)
        return false;
    if (size > 0)
        memcpy(table->bytes + table->bytes_size, bytes, size);
    table->places[table->count++] = table->bytes_size;
    table->bytes_size += size;
    table->places[table->count] = table->bytes_size;
    return true;
}

enum errc intern_add(struct intern *table, const void *bytes, size_t size, uint32_t *out, struct err *err)
{
    if (table->count >= INT32_MAX)
        return err_set(err, ERR_LIMIT, "more than %d different sources and notes", INT32_MAX);
    if (!more_slots(table))
        return err_set(err, ERR_NOMEM, "no memory for %zu sources and notes", table->count);
    size_t at = hash64(bytes, size, table->seed) & (table->slot_count - 1);
    for (; table->slots[at]; at = (at + 1) & (table->slot_count - 1)) {
        struct str there = intern_get(table, table->slots[at] - 1);
        if (there.n == size && memcmp(there.p, bytes, size) == 0) {
            *out = table->slots[at] - 1;
            return ERR_OK;
        }
    }
    if (!append(table, bytes, size))
        return err_set(err, ERR_NOMEM, "no memory for %zu sources and notes", table->count);
    table->slots[at] = (uint32_t)table->count;
    *out = (uint32_t)table->count - 1;
    return ERR_OK;
}
