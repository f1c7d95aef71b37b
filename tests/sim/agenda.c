#include "sim/agenda.h"

#include <stdlib.h>

static bool before(const struct event *a, const struct event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void swap(struct event *a, struct event *b)
{
    struct event kept = *a;
    *a = *b;
    *b = kept;
}

void agenda_done(struct agenda *agenda)
{
    free(agenda->heap);
    *agenda = (struct agenda){0};
}

bool agenda_add(struct agenda *agenda, struct event event)
{
    if (agenda->count == agenda->room) {
        size_t room = agenda->room ? 2 * agenda->room : 64;
        struct event *heap = realloc(agenda->heap, room * sizeof *heap);
        if (!heap)
            return false;
        agenda->heap = heap;
        agenda->room = room;
    }
    event.order = agenda->planned++;
    size_t at = agenda->count++;
    agenda->heap[at] = event;
    for (; at > 0 && before(&agenda->heap[at], &agenda->heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&agenda->heap[at], &agenda->heap[(at - 1) / 2]);
    return true;
}

bool agenda_next(struct agenda *agenda, struct event *out)
{
    if (agenda->count == 0)
        return false;
    *out = agenda->heap[0];
    agenda->heap[0] = agenda->heap[--agenda->count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < agenda->count; child++)
            if (before(&agenda->heap[child], &agenda->heap[least]))
                least = child;
        if (least == at)
            return true;
        swap(&agenda->heap[at], &agenda->heap[least]);
        at = least;
    }
}
