#include "desk/tick.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/desk_internal.h"
#include "store/duties.h"
#include "store/meta.h"
#include "store/subjects.h"

#include <stdio.h>
#include <stdlib.h>

enum { ALARMS_MAX = 100, SHIFTS_MAX = 400, TEXT_SIZE = 400 };

#define SOON_MS CIVIL_DAY_MS /* warned of a day ahead; a policy of this program, not of any clause */

static enum errc raise(struct desk *desk, const char *what, const char *text, const char *duty,
                       struct arena *arena, struct err *err)
{
    struct node_list nobody = {0};
    json_t *body = json_pack("{s:s,s:s}", "what", what, "text", text);
    if (duty)
        (void)json_object_set_new(body, "duty", json_string(duty));
    struct system_request request = {.kind = "alarm.raised", .body = body, .to = &nobody};
    return system_act(desk, &request, arena, err);
}

static enum errc open_year(struct desk *desk, int64_t now_ms, struct arena *arena, struct err *err)
{
    int64_t opened = 0;
    char title[16];
    struct node_list nobody = {0};
    int year = civil_date_at(now_ms, CIVIL_CHINA_MIN).year;
    enum errc rc = meta_get_int(desk->parts.store, "year", &opened, err);
    if (rc < 0 || opened >= year)
        return rc;
    (void)snprintf(title, sizeof title, "%d年", year % 10000);
    struct system_request request = {
        .kind = "year.opened", .body = json_pack("{s:s,s:i}", "title", title, "year", year), .to = &nobody};
    rc = system_act(desk, &request, arena, err);
    return rc < 0 ? rc : meta_set_int(desk->parts.store, "year", year, err);
}

/* Own open duties whose due time lies in (from, until]. */
static enum errc alarm_due(struct desk *desk, const char *what, int64_t from_ms, int64_t until_ms,
                           struct arena *arena, struct err *err)
{
    struct duty_filter filter = {
        .owner = desk->parts.node, .due_before_ms = until_ms + 1, .limit = DUTIES_LIMIT_MAX};
    struct duty_page page = {0};
    filter.states[DUTY_OPEN] = true;
    enum errc rc = duties_list(desk->parts.store, &filter, arena, &page, err);
    size_t raised = 0;
    for (size_t i = 0; rc >= 0 && i < page.count && raised < ALARMS_MAX; i++) {
        const struct duty *duty = &page.items[i];
        char due[CIVIL_TIME_SIZE];
        char text[TEXT_SIZE];
        if (duty->due_ms <= from_ms)
            continue;
        civil_format_time(duty->due_ms, CIVIL_CHINA_MIN, due);
        (void)snprintf(text, sizeof text, "%s §%s（%s）期限 %s，接收方 %s", duty->pack, duty->clause,
                       duty->rule, due, *duty->receiver ? duty->receiver : "—");
        rc = raise(desk, what, text, duty->id, arena, err);
        raised++;
    }
    return rc;
}

struct shift {
    int64_t from_ms;
    int64_t until_ms;
};

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const struct shift *)a)->from_ms;
    int64_t y = ((const struct shift *)b)->from_ms;
    return (x > y) - (x < y);
}

static enum errc load_shifts(struct desk *desk, struct arena *arena, struct shift *out, size_t *out_count,
                             struct err *err)
{
    struct subject_filter filter = {.type = "roster",
                                    .states = {"current"},
                                    .state_count = 1,
                                    .owner = desk->parts.node,
                                    .with_doc = true,
                                    .limit = SHIFTS_MAX};
    struct subject_page page = {0};
    *out_count = 0;
    enum errc rc = subjects_list(desk->parts.store, &filter, arena, &page, err);
    for (size_t i = 0; rc >= 0 && i < page.count; i++) {
        const char *starts = json_string_value(json_object_get(page.items[i].doc, "starts"));
        const char *ends = json_string_value(json_object_get(page.items[i].doc, "ends"));
        struct shift *shift = &out[*out_count];
        if (starts && ends && civil_parse_time(starts, &shift->from_ms, NULL) >= 0 &&
            civil_parse_time(ends, &shift->until_ms, NULL) >= 0)
            (*out_count)++;
    }
    qsort(out, *out_count, sizeof *out, by_start);
    return rc;
}

/* The first instant from now_ms to until_ms that no shift covers; until_ms when there is none. */
static int64_t first_gap(const struct shift *shifts, size_t count, int64_t now_ms, int64_t until_ms)
{
    int64_t at = now_ms;
    for (size_t i = 0; i < count; i++)
        if (shifts[i].from_ms <= at && shifts[i].until_ms > at)
            at = shifts[i].until_ms;
    return at < until_ms ? at : until_ms;
}

/* A duty that a roster performs: 24小时值班, by the rows of the packs. */
static bool asks_for_roster(struct desk *desk, const struct duty *duty)
{
    const struct pack *pack = pack_set_find(desk->parts.packs, duty->pack);
    const struct duty_row *row = pack ? pack_duty(pack, duty->rule) : NULL;
    return row && names_have(&row->performed_by, "roster.set");
}

/* It is a state to be kept: while such a duty is open, the next day must be covered. */
static enum errc watch_roster(struct desk *desk, int64_t now_ms, struct arena *arena, struct err *err)
{
    struct shift shifts[SHIFTS_MAX];
    struct duty_filter filter = {.owner = desk->parts.node, .limit = DUTIES_LIMIT_MAX};
    struct duty_page page = {0};
    size_t count = 0;
    int64_t told_ms = 0;
    filter.states[DUTY_OPEN] = true;
    enum errc rc = duties_list(desk->parts.store, &filter, arena, &page, err);
    bool wanted = false;
    for (size_t i = 0; rc >= 0 && i < page.count; i++)
        wanted |= asks_for_roster(desk, &page.items[i]);
    if (rc < 0 || !wanted || (rc = load_shifts(desk, arena, shifts, &count, err)) < 0)
        return rc;
    int64_t gap_ms = first_gap(shifts, count, now_ms, now_ms + SOON_MS);
    if (gap_ms >= now_ms + SOON_MS ||
        (rc = meta_get_int(desk->parts.store, "roster_gap_ms", &told_ms, err)) < 0)
        return rc;
    /* One alarm a gap: a gap that begins "now" would otherwise begin anew at every tick. */
    if (told_ms > now_ms - SOON_MS && gap_ms - told_ms < SOON_MS)
        return ERR_OK;
    char at[CIVIL_TIME_SIZE];
    char text[TEXT_SIZE];
    civil_format_time(gap_ms, CIVIL_CHINA_MIN, at);
    (void)snprintf(text, sizeof text, "24小时值班期间，值班表自 %s 起无人值班", at);
    rc = raise(desk, "roster_gap", text, NULL, arena, err);
    return rc < 0 ? rc : meta_set_int(desk->parts.store, "roster_gap_ms", gap_ms, err);
}

static enum errc run(struct desk *desk, struct arena *arena, struct err *err)
{
    struct store *store = desk->parts.store;
    int64_t now_ms = env_now_ms(desk->parts.env);
    int64_t last_ms = 0;
    enum errc rc = meta_get_int(store, "tick_ms", &last_ms, err);
    if (rc >= 0)
        rc = open_year(desk, now_ms, arena, err);
    if (rc >= 0 && now_ms > last_ms)
        rc = alarm_due(desk, "duty_overdue", last_ms, now_ms, arena, err);
    if (rc >= 0 && now_ms > last_ms)
        rc = alarm_due(desk, "duty_due_soon", last_ms + SOON_MS, now_ms + SOON_MS, arena, err);
    if (rc >= 0)
        rc = watch_roster(desk, now_ms, arena, err);
    return rc < 0 || now_ms <= last_ms ? rc : meta_set_int(store, "tick_ms", now_ms, err);
}

enum errc desk_tick(struct desk *desk, struct err *err)
{
    struct arena arena;
    if (!desk_self(desk))
        return ERR_OK;
    arena_init(&arena, DESK_ARENA_BYTES);
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0) {
        rc = run(desk, &arena, err);
        if (rc >= 0)
            rc = commit_batch(desk, err);
        else
            abandon_batch(desk);
    }
    arena_done(&arena);
    return rc;
}
