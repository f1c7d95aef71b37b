#include "desk/replay.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/refold.h"
#include "store/duties.h"
#include "store/subjects.h"

#include <stdlib.h>

enum { PAGE_ARENA_BYTES = 256 << 20, PAGE = 200 };

struct replay {
    struct refold *refold;
    int64_t acts;
    json_t *refused;
};

/* ---- lists that count everything and keep the first ---- */

static json_t *list_new(void)
{
    return json_pack("{s:i,s:[]}", "count", 0, "items");
}

static enum errc list_add(json_t *list, json_t *item, struct err *err)
{
    json_int_t count = json_integer_value(json_object_get(list, "count"));
    json_t *items = json_object_get(list, "items");
    if (!item)
        return err_set(err, ERR_NOMEM, "no memory for a difference");
    bool kept = json_array_size(items) < REPLAY_LISTED_MAX;
    int failed = kept ? json_array_append(items, item) : 0;
    json_decref(item);
    if (failed || json_object_set_new(list, "count", json_integer(count + 1)) < 0)
        return err_set(err, ERR_NOMEM, "no memory for a difference");
    return ERR_OK;
}

static json_t *when(int64_t ms)
{
    char text[CIVIL_TIME_SIZE];
    if (ms == 0)
        return json_null();
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    return json_string(text);
}

/* ---- acts ---- */

static enum errc on_ruled(void *context, const struct act *act, enum errc rc, const struct err *why,
                          struct err *err)
{
    struct replay *replay = context;
    replay->acts++;
    if (rc >= 0)
        return ERR_OK;
    json_t *was = json_pack("{s:s,s:s,s:s}", "pack", act->pack, "version", act->pack_version, "clause",
                            act->clause);
    json_t *now = json_pack("{s:s,s:s,s:s}", "code", errc_info(rc)->slug, "clause", why->clause, "why",
                            why->message);
    return list_add(replay->refused,
                    json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "act", act->id, "kind", act->kind, "node",
                              act->node, "matter", act->subject, "recorded", when(act->recorded_ms), "was",
                              was, "now", now),
                    err);
}

enum errc replay_new(const struct desk_parts *parts, struct replay **out, struct err *err)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (!replay)
        return err_set(err, ERR_NOMEM, "no memory to replay the record");
    replay->refused = list_new();
    enum errc rc = replay->refused ? refold_new(parts, &replay->refold, err)
                                   : err_set(err, ERR_NOMEM, "no memory to replay the record");
    if (rc < 0) {
        replay_free(replay);
        return rc;
    }
    refold_watch(replay->refold, on_ruled, replay);
    *out = replay;
    return ERR_OK;
}

void replay_free(struct replay *replay)
{
    if (!replay)
        return;
    refold_free(replay->refold);
    json_decref(replay->refused);
    free(replay);
}

enum errc replay_act(void *context, struct store *fresh, const struct stored_act *stored, struct err *err)
{
    struct replay *replay = context;
    return refold_act(replay->refold, fresh, stored, err);
}

/* ---- levels ---- */

/* {"miit-2017-281": "II", …} of the gradings that a matter carries. */
static json_t *levels_of(const struct subject *subject)
{
    size_t i;
    json_t *grading;
    json_t *levels = json_object();
    json_array_foreach(json_object_get(subject->doc, "gradings"), i, grading)
    {
        const char *pack = json_string_value(json_object_get(grading, "pack"));
        json_t *level = json_object_get(grading, "level");
        if (pack)
            (void)json_object_set(levels, pack, level ? level : json_null());
    }
    return levels;
}

static enum errc compare_levels(const struct subject *before, struct store *after, struct arena *arena,
                                json_t *list, struct err *err)
{
    struct subject now;
    enum errc rc = subjects_load(after, before->id, arena, &now, err);
    if (rc < 0)
        return rc;
    json_t *was = levels_of(before);
    json_t *is = levels_of(&now);
    if (!json_equal(was, is))
        rc = list_add(list,
                      json_pack("{s:s,s:s,s:s,s:O,s:O}", "matter", before->id, "title", before->title,
                                "adopted", level_name(before->level), "was", was, "now", is),
                      err);
    json_decref(was);
    json_decref(is);
    return rc;
}

static enum errc walk_matters(struct store *before, struct store *after, json_t *list, struct err *err)
{
    struct arena arena;
    struct subject_filter filter = {.with_doc = true, .limit = PAGE, .oldest_first = true};
    enum errc rc = ERR_OK;
    char cursor[512] = "";
    arena_init(&arena, PAGE_ARENA_BYTES);
    do {
        struct subject_page page = {0};
        arena_reset(&arena);
        filter.cursor = *cursor ? cursor : NULL;
        rc = subjects_list(before, &filter, &arena, &page, err);
        for (size_t i = 0; rc >= 0 && i < page.count; i++)
            rc = compare_levels(&page.items[i], after, &arena, list, err);
        (void)snprintf(cursor, sizeof cursor, "%s", rc >= 0 && page.next ? page.next : "");
    } while (*cursor);
    arena_done(&arena);
    return rc;
}

/* ---- duties ---- */

struct duty_walk {
    struct store *other;
    json_t *missing; /* not there at all */
    json_t *moved;   /* due at another time; NULL = not asked */
};

static json_t *duty_json(const struct duty *duty)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "duty", duty->id, "rule", duty->rule, "clause",
                     duty->clause, "matter", duty->subject, "owner", duty->owner, "receiver", duty->receiver,
                     "opened_by", duty->opened_act, "due", when(duty->due_ms));
}

static enum errc compare_duty(const struct duty_walk *walk, const struct duty *duty, struct arena *arena,
                              struct err *err)
{
    struct duty other;
    enum errc rc = duties_load(walk->other, duty->id, arena, &other, err);
    if (rc == ERR_NOT_FOUND)
        return list_add(walk->missing, duty_json(duty), err);
    bool same = rc >= 0 && duty->due_ms == other.due_ms && duty->provisional == other.provisional &&
                duty->deadline == other.deadline;
    if (rc < 0 || same || !walk->moved)
        return rc;
    json_t *item = duty_json(duty);
    (void)json_object_set_new(item, "now", when(other.due_ms));
    (void)json_object_set_new(item, "provisional", json_boolean(other.provisional));
    (void)json_object_set_new(item, "calendar", json_string(other.calendar));
    return list_add(walk->moved, item, err);
}

static enum errc walk_duties(struct store *store, const struct duty_walk *walk, struct err *err)
{
    struct arena arena;
    struct duty_filter filter = {.limit = DUTIES_LIMIT_MAX};
    enum errc rc = ERR_OK;
    char cursor[512] = "";
    arena_init(&arena, PAGE_ARENA_BYTES);
    do {
        struct duty_page page = {0};
        arena_reset(&arena);
        filter.cursor = *cursor ? cursor : NULL;
        rc = duties_list(store, &filter, &arena, &page, err);
        for (size_t i = 0; rc >= 0 && i < page.count; i++)
            rc = compare_duty(walk, &page.items[i], &arena, err);
        (void)snprintf(cursor, sizeof cursor, "%s", rc >= 0 && page.next ? page.next : "");
    } while (*cursor);
    arena_done(&arena);
    return rc;
}

/* ---- the end ---- */

static bool nothing_in(const json_t *doc)
{
    static const char *const LISTS[] = {"refused", "gradings", "due", "opened", "gone"};
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++)
        if (json_integer_value(json_object_get(json_object_get(doc, LISTS[i]), "count")) > 0)
            return false;
    return true;
}

enum errc replay_end(struct replay *replay, struct store *before, struct store *after, json_t **out,
                     struct err *err)
{
    json_t *gradings = list_new();
    json_t *due = list_new();
    json_t *opened = list_new();
    json_t *gone = list_new();
    json_t *doc = json_pack("{s:I,s:b,s:O,s:o,s:o,s:o,s:o}", "acts", (json_int_t)replay->acts, "same", 0,
                            "refused", replay->refused, "gradings", gradings, "due", due, "opened", opened,
                            "gone", gone);
    if (!doc)
        return err_set(err, ERR_NOMEM, "no memory for the differences");
    const struct duty_walk forward = {.other = after, .missing = gone, .moved = due};
    const struct duty_walk back = {.other = before, .missing = opened};
    enum errc rc = walk_matters(before, after, gradings, err);
    if (rc >= 0)
        rc = walk_duties(before, &forward, err);
    if (rc >= 0)
        rc = walk_duties(after, &back, err);
    if (rc < 0) {
        json_decref(doc);
        return rc;
    }
    (void)json_object_set_new(doc, "same", json_boolean(nothing_in(doc)));
    *out = doc;
    return ERR_OK;
}
