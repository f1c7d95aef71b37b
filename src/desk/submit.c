#include "desk/desk.h"

#include "base/str.h"
#include "desk/answer.h"
#include "desk/cards.h"
#include "desk/desk_internal.h"
#include "desk/standing.h"
#include "domain/act.h"
#include "store/tokens.h"

#include <stdlib.h>
#include <string.h>

/* Faults of the store end the whole batch; anything else is the answer to one submission. */
static bool fatal(enum errc rc)
{
    return errc_is_fault(rc) || rc == ERR_CRYPTO;
}

/* Refusals for lack of power stand on the record: that it was tried is a fact too. */
static bool recorded(enum errc rc)
{
    return rc == ERR_POWER || rc == ERR_PERMISSION || rc == ERR_CLASSIFIED;
}

static enum errc load_and_judge(struct desk *desk, struct submission *sub, struct arena *arena,
                                struct loaded *loaded, struct err *err)
{
    struct loaded_ids ids = {
        .kind = sub->kind, .subject = sub->subject, .parent = sub->parent, .actor = desk->parts.node};
    enum errc rc = load_matter(desk, &ids, arena, loaded, err);
    if (rc < 0)
        return rc;
    if (sub->expected_rev >= 0 && loaded->matter.subject && loaded->subject.rev != sub->expected_rev)
        return err_set(err, ERR_PRECONDITION, "the matter is at revision %lld by now, not %lld",
                       (long long)loaded->subject.rev, (long long)sub->expected_rev);
    loaded->matter.body = sub->body;
    rc = judge(&loaded->matter, sub->by_system ? JUDGE_SYSTEM : JUDGE_MAKE, arena, &sub->ruling, err);
    return rc < 0 ? rc : standing_check(&loaded->matter, sub->standing, err);
}

static enum errc make(struct desk *desk, struct submission *sub, struct loaded *loaded, struct arena *arena,
                      struct err *err)
{
    struct making making = {.person = sub->person,
                            .post = sub->post,
                            .happened_ms = sub->happened_ms,
                            .body = sub->body,
                            .ruling = &sub->ruling};
    enum errc rc = judge_addressees(&loaded->matter, arena, &making.to, err);
    if (rc >= 0)
        rc = make_act(desk, loaded, &making, arena, err);
    if (rc < 0)
        return rc;
    memcpy(sub->act, making.act, sizeof sub->act);
    memcpy(sub->made, making.subject, sizeof sub->made);
    memcpy(sub->root, making.root, sizeof sub->root);
    sub->rev = making.rev;
    sub->pos = making.pos;
    sub->recorded_ms = making.recorded_ms;
    return ERR_OK;
}

/* A field of several nodes becomes one act for each: one order a unit, all in this transaction. The answer
 * names the first. */
static enum errc make_each(struct desk *desk, struct submission *sub, struct loaded *loaded,
                           struct arena *arena, struct err *err)
{
    const char *field = loaded->matter.row->expand;
    json_t *nodes = field ? json_incref(json_object_get(sub->body, field)) : NULL;
    if (json_array_size(nodes) == 0) {
        json_decref(nodes);
        return make(desk, sub, loaded, arena, err);
    }
    json_t *whole = sub->body;
    struct submission first = *sub;
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < json_array_size(nodes); i++) {
        struct submission one = *sub;
        struct loaded again;
        one.body = json_deep_copy(whole);
        (void)json_object_del(one.body, field);
        (void)json_object_set(one.body, "assignee", json_array_get(nodes, i));
        rc = load_and_judge(desk, &one, arena, &again, err);
        if (rc >= 0)
            rc = make(desk, &one, &again, arena, err);
        json_decref(one.body);
        if (i == 0)
            first = one;
    }
    first.body = whole;
    *sub = first;
    json_decref(nodes);
    return rc;
}

enum errc submit_within(struct desk *desk, struct submission *sub, struct arena *arena, struct err *err)
{
    struct loaded loaded;
    bool known = false;
    enum errc rc = answer_recall(desk, sub, arena, &known, err);
    if (rc >= 0 && known)
        return ERR_OK;
    if (rc >= 0)
        rc = load_and_judge(desk, sub, arena, &loaded, err);
    if (rc >= 0)
        rc = make_each(desk, sub, &loaded, arena, err);
    return rc < 0 ? rc : answer_keep(desk, sub, err);
}

/* What is refused after all, perhaps at its second unit, leaves nothing behind. */
static enum errc answer_one(struct desk *desk, struct submission *sub, struct arena *arena, struct err *err)
{
    struct err mine = {0};
    enum errc rc = begin_step(desk, err);
    if (rc < 0)
        return rc;
    sub->rc = submit_within(desk, sub, arena, &mine);
    sub->err = mine;
    if (sub->rc < 0 && fatal(sub->rc)) {
        if (err)
            *err = mine;
        return sub->rc;
    }
    rc = end_step(desk, sub->rc >= 0, err);
    if (rc >= 0 && recorded(sub->rc))
        rc = record_refusal(desk, sub->kind, sub->subject, "", &mine, arena, err);
    return rc;
}

static enum errc run_one(struct desk *desk, struct submission *sub, struct err *err)
{
    struct arena arena;
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = answer_one(desk, sub, &arena, err);
    arena_done(&arena);
    return rc;
}

static enum errc run_batch(struct desk *desk, struct submission **batch, size_t count, struct err *err)
{
    enum errc rc = begin_batch(desk, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        rc = cards_catch_up(desk, err);
        if (rc >= 0)
            rc = run_one(desk, batch[i], err);
    }
    if (rc < 0) {
        abandon_batch(desk);
        return rc;
    }
    return commit_batch(desk, err);
}

enum errc desk_submit_batch(struct desk *desk, struct submission **batch, size_t count, struct err *err)
{
    if (count > DESK_BATCH_MAX)
        return err_set(err, ERR_LIMIT, "%zu submissions at once, at most %d are taken", count,
                       DESK_BATCH_MAX);
    enum errc rc = run_batch(desk, batch, count, err);
    if (rc >= 0)
        return ERR_OK;
    /* Nothing of it is on the disk: no submission may look as if it were. */
    for (size_t i = 0; i < count; i++) {
        batch[i]->rc = rc;
        if (err)
            batch[i]->err = *err;
    }
    return rc;
}

enum errc desk_submit(struct desk *desk, struct submission *submission, struct err *err)
{
    enum errc rc = desk_submit_batch(desk, &submission, 1, err);
    if (rc >= 0 && submission->rc < 0 && err)
        *err = submission->err;
    return rc < 0 ? rc : submission->rc;
}

enum errc record_refusal(struct desk *desk, const char *kind, const char *of, const char *from,
                         const struct err *why, struct arena *arena, struct err *err)
{
    struct node_list to = {0};
    json_t *body = json_pack("{s:s,s:s,s:s}", "kind", kind, "code", errc_info(why->code)->slug, "why",
                             why->message);
    if (of && *of)
        (void)json_object_set_new(body, "of", json_string(of));
    if (*why->clause)
        (void)json_object_set_new(body, "law", json_string(why->clause));
    enum errc rc = ERR_OK;
    if (from && *from) {
        (void)json_object_set_new(body, "from", json_string(from));
        rc = node_list_add(&to, from, arena, err);
    }
    if (rc < 0) {
        json_decref(body);
        return rc;
    }
    struct system_request request = {.kind = "act.refused", .body = body, .to = &to};
    return system_act(desk, &request, arena, err);
}
