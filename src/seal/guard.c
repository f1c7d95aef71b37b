#include "seal/guard.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 16 };

/* A row's index in `rows` is its slot; `order` holds the slots sorted by name. */
struct guard {
    struct guard_row *rows;
    uint32_t *order;
    size_t count;
    size_t room;
};

enum errc guard_new(struct guard **out, struct err *err)
{
    struct guard *guard = calloc(1, sizeof *guard);
    if (!guard)
        return err_set(err, ERR_NOMEM, "no memory for the signer's state");
    *out = guard;
    return ERR_OK;
}

void guard_free(struct guard *guard)
{
    if (!guard)
        return;
    free(guard->rows);
    free(guard->order);
    free(guard);
}

size_t guard_count(const struct guard *guard)
{
    return guard->count;
}

static int compare(const struct guard_row *row, const char *node, const char *universe)
{
    int order = strcmp(row->node, node);
    return order != 0 ? order : strcmp(row->universe, universe);
}

/* The first place in order whose row is not before the name. */
static size_t place_of(const struct guard *guard, const char *node, const char *universe)
{
    size_t low = 0;
    size_t high = guard->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&guard->rows[guard->order[middle]], node, universe) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct guard_row *guard_find(const struct guard *guard, const char *node, const char *universe)
{
    size_t at = place_of(guard, node, universe);
    struct guard_row *row = at < guard->count ? &guard->rows[guard->order[at]] : NULL;
    return row && compare(row, node, universe) == 0 ? row : NULL;
}

static bool grow(struct guard *guard)
{
    if (guard->count < guard->room)
        return true;
    size_t room = guard->room ? 2 * guard->room : ROOM_MIN;
    struct guard_row *rows = realloc(guard->rows, room * sizeof *rows);
    if (rows)
        guard->rows = rows;
    uint32_t *order = realloc(guard->order, room * sizeof *order);
    if (order)
        guard->order = order;
    if (!rows || !order)
        return false;
    guard->room = room;
    return true;
}

enum errc guard_add(struct guard *guard, const char *node, const char *universe, struct guard_row **out,
                    struct err *err)
{
    size_t at = place_of(guard, node, universe);
    if (guard_find(guard, node, universe))
        return err_set(err, ERR_CONFLICT, "the ledger of %s in %s is known already", node, universe);
    if (guard->count == GUARD_ROWS_MAX)
        return err_set(err, ERR_LIMIT, "the signer keeps at most %d ledgers", GUARD_ROWS_MAX);
    if (!grow(guard))
        return err_set(err, ERR_NOMEM, "no memory for the signer's state");
    struct guard_row *row = &guard->rows[guard->count];
    *row = (struct guard_row){.slot = (uint32_t)guard->count};
    memcpy(row->node, node, strnlen(node, PROOF_NAME_MAX));
    memcpy(row->universe, universe, strnlen(universe, PROOF_NAME_MAX));
    memmove(guard->order + at + 1, guard->order + at, (guard->count - at) * sizeof *guard->order);
    guard->order[at] = row->slot;
    guard->count++;
    *out = row;
    return ERR_OK;
}

enum errc guard_allow(const struct guard_row *row, const struct tree_head *head,
                      const struct growth_proof *growth, struct err *err)
{
    if (!row || row->kept.size == 0)
        return ERR_OK;
    if (head->tree.size < row->kept.size)
        return err_set(err, ERR_FORGED, "a head of size %llu would take back the one of size %llu",
                       (unsigned long long)head->tree.size, (unsigned long long)row->kept.size);
    struct growth_proof same = {.from = head->tree.size, .to = head->tree.size};
    if (head->tree.size == row->kept.size)
        growth = &same;
    if (!growth)
        return err_set(err, ERR_FORGED, "no proof that the head continues the one of size %llu",
                       (unsigned long long)row->kept.size);
    struct tree_head older = *head;
    older.tree = row->kept;
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(head->suite, &hasher, err);
    if (rc == ERR_OK)
        rc = proof_growth_verify(growth, &older, head, hasher, err);
    hasher_free(hasher);
    return rc;
}
