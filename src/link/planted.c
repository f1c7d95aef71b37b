#include "link/planted.h"

#ifdef FENGSUI_PLANT
enum errc planted_forget(struct link *link, const char *node, struct err *err)
{
    struct arena arena;
    struct delivery *open = NULL;
    size_t count = 0;
    struct deliver_limits limits = {ENVELOPE_ITEMS_MAX, SIZE_MAX};
    arena_init(&arena, LINK_ARENA_BYTES);
    enum errc rc = deliver_take(desk_parts(link->desk)->store, node, &limits, &arena, &open, &count, err);
    struct deliver_answer *answers = rc >= 0 ? arena_array(&arena, count, sizeof *answers) : NULL;
    if (rc >= 0 && !answers)
        rc = err_set(err, ERR_NOMEM, "no memory for answers");
    for (size_t i = 0; i < count && rc >= 0; i++)
        answers[i] = (struct deliver_answer){open[i].n, RECEIVED_ACCEPTED, "", ""};
    struct deliver_contact contact = {.peer = node, .answers = answers, .answer_count = count};
    if (rc >= 0)
        rc = deliver_settle(link->desk, &contact, err);
    arena_done(&arena);
    return rc;
}

enum errc planted_forget_all(struct link *link, struct err *err)
{
    struct arena arena;
    const char **peers = NULL;
    size_t count = 0;
    arena_init(&arena, LINK_ARENA_BYTES);
    enum errc rc = deliver_peers(desk_parts(link->desk)->store, &arena, &peers, &count, err);
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = planted_forget(link, peers[i], err);
    arena_done(&arena);
    return rc;
}
#endif
