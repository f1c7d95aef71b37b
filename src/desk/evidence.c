#include "desk/evidence.h"

#include "base/civil.h"
#include "base/str.h"
#include "domain/matter.h"
#include "store/duties.h"
#include "store/subjects.h"

#include <stdio.h>
#include <string.h>

enum { WHY_SIZE = 400, DUTIES_AT_ONCE = 64 };

struct finding {
    const char *conduct; /* the words of accountability.recorded, or "measured" */
    const char *unit;
    const char *why;
    const char *clause;
    const char *act;
    const char *duty;
};

static void add(json_t *list, const struct finding *finding)
{
    json_t *acts = json_array();
    json_t *duties = json_array();
    if (finding->act && *finding->act)
        (void)json_array_append_new(acts, json_string(finding->act));
    if (finding->duty)
        (void)json_array_append_new(duties, json_string(finding->duty));
    (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "conduct", finding->conduct,
                                                "unit", finding->unit, "why", finding->why, "clause",
                                                finding->clause, "acts", acts, "duties", duties));
}

static void say_duration(int64_t ms, char *out, size_t size)
{
    long long s = (long long)(ms / 1000);
    if (s < 3600)
        (void)snprintf(out, size, "%lld分%lld秒", s / 60, s % 60);
    else
        (void)snprintf(out, size, "%lld天%lld小时%lld分", s / 86400, s / 3600 % 24, s / 60 % 60);
}

/* Past its number, done or not: that is arithmetic, and evidence of late reporting. */
static void look_at_due(const struct view *view, const struct duty *duty, json_t *list)
{
    char why[WHY_SIZE];
    char by[60];
    bool open = duty->state == DUTY_OPEN;
    int64_t at = open ? view->now_ms : duty->done_ms;
    if (duty->due_ms == 0 || at <= duty->due_ms || duty->state == DUTY_CANCELLED)
        return;
    say_duration(at - duty->due_ms, by, sizeof by);
    (void)snprintf(why, sizeof why, "%s：逾期 %s%s", duty->rule, by, open ? "，至今未履行" : "");
    add(list, &(struct finding){"late", duty->owner, why, duty->clause, duty->done_act, duty->id});
}

static void look_at_measured(const struct duty *duty, int64_t aware_ms, json_t *list)
{
    char why[WHY_SIZE];
    char took[60];
    bool worded = duty->deadline == DEADLINE_IMMEDIATE || duty->deadline == DEADLINE_PROMPT;
    bool done = duty->state == DUTY_PERFORMED || duty->state == DUTY_DISCHARGED;
    if (!worded || !done)
        return;
    int64_t from_ms = aware_ms > 0 && aware_ms < duty->opened_ms ? aware_ms : duty->opened_ms;
    say_duration(duty->done_ms > from_ms ? duty->done_ms - from_ms : 0, took, sizeof took);
    (void)snprintf(why, sizeof why, "%s（%s）：自%s起用时 %s", duty->rule,
                   duty->deadline == DEADLINE_IMMEDIATE ? "立即" : "及时", aware_ms > 0 ? "获知" : "义务产生",
                   took);
    add(list, &(struct finding){"measured", duty->owner, why, duty->clause, duty->done_act, duty->id});
}

struct duties_read {
    struct duty *at;
    size_t count;
    size_t room;
};

/* The same duty of the same act, owed to another who was told. */
static bool told_another(const struct duties_read *all, const struct duty *duty)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct duty *other = &all->at[i];
        bool done = other->state == DUTY_PERFORMED || other->state == DUTY_DISCHARGED;
        if (done && streq(other->opened_act, duty->opened_act) && streq(other->rule, duty->rule) &&
            streq(other->owner, duty->owner) && !streq(other->receiver, duty->receiver))
            return true;
    }
    return false;
}

/* Somebody who must be told was not, though another was told the same, or though all is over. What goes on
 * and can still be told is owed, not omitted. */
static void look_at_omitted(const struct duties_read *all, const struct duty *duty, bool over, json_t *list)
{
    char why[WHY_SIZE];
    bool owed = duty->state == DUTY_OPEN && duty->deadline != DEADLINE_CONTINUOUS;
    over = over && duty->due_ms == 0; /* what has a date is late, or has time yet */
    if (!owed || !*duty->receiver || node_is_outside(duty->receiver) || !(over || told_another(all, duty)))
        return;
    (void)snprintf(why, sizeof why, "%s：应向 %s 报送而没有报送", duty->rule, duty->receiver);
    add(list, &(struct finding){"omitted", duty->owner, why, duty->clause, duty->opened_act, duty->id});
}

static void look_at_flags(const json_t *doc, json_t *list)
{
    size_t i;
    json_t *flag;
    json_array_foreach(json_object_get(doc, "flags"), i, flag)
    {
        char why[WHY_SIZE];
        const char *unit = json_string_value(json_object_get(flag, "node"));
        const char *figure = json_string_value(json_object_get(flag, "figure"));
        (void)snprintf(why, sizeof why, "%s 由 %lld 改为 %lld", figure ? figure : "?",
                       (long long)json_integer_value(json_object_get(flag, "from")),
                       (long long)json_integer_value(json_object_get(flag, "to")));
        add(list, &(struct finding){"false", unit ? unit : "?", why, "4.1",
                                    json_string_value(json_object_get(flag, "act")), NULL});
    }
}

/* Others reported what happened at a unit, and the unit itself has said nothing. */
static void look_at_concealed(const json_t *doc, json_t *list)
{
    const char *victim = json_string_value(json_object_get(doc, "victim"));
    const char *reporter = json_string_value(json_object_get(doc, "reporter"));
    size_t i;
    json_t *entry;
    if (!victim || streq(victim, reporter))
        return;
    json_array_foreach(json_object_get(doc, "follow_ups"), i, entry)
    {
        if (streq(json_string_value(json_object_get(entry, "node")), victim))
            return;
    }
    add(list, &(struct finding){"concealed", victim, "由其他单位报告，事发单位自身尚无任何报告", "4.1", NULL,
                                NULL});
}

static int64_t aware_at(const json_t *doc)
{
    int64_t ms = 0;
    const char *aware = json_string_value(json_object_get(doc, "aware"));
    return aware && civil_parse_time(aware, &ms, NULL) >= 0 ? ms : 0;
}

static bool is_over(const struct view *view, const struct subject *subject)
{
    const struct subject_row *row = catalogue_subject(view->catalogue, subject->type);
    const struct state_row *state = row ? catalogue_state(row, subject->state) : NULL;
    return state && state->final;
}

static enum errc read_duties(struct store *store, const char *root, struct arena *arena,
                             struct duties_read *out, struct err *err)
{
    struct duty_filter filter = {.root = root, .limit = DUTIES_AT_ONCE};
    enum errc rc = ERR_OK;
    do {
        struct duty_page page = {0};
        rc = duties_list(store, &filter, arena, &page, err);
        if (rc >= 0 && out->count + page.count > out->room) {
            size_t room = (out->count + page.count) * 2;
            struct duty *at = arena_array(arena, room, sizeof *at);
            if (!at)
                return err_set(err, ERR_NOMEM, "no memory for the duties of a matter");
            if (out->count > 0)
                memcpy(at, out->at, out->count * sizeof *at);
            out->at = at;
            out->room = room;
        }
        if (rc >= 0 && page.count > 0)
            memcpy(out->at + out->count, page.items, page.count * sizeof *page.items);
        out->count += page.count;
        filter.cursor = page.next;
    } while (rc >= 0 && filter.cursor);
    return rc;
}

enum errc evidence_of(const struct view *view, struct store *store, const char *root, struct arena *arena,
                      json_t **out, struct err *err)
{
    struct subject subject;
    struct duties_read all = {0};
    enum errc rc = subjects_load(store, root, arena, &subject, err);
    if (rc >= 0)
        rc = read_duties(store, root, arena, &all, err);
    if (rc < 0)
        return rc;
    json_t *list = json_array();
    look_at_flags(subject.doc, list);
    look_at_concealed(subject.doc, list);
    for (size_t i = 0; i < all.count; i++) {
        look_at_due(view, &all.at[i], list);
        look_at_measured(&all.at[i], aware_at(subject.doc), list);
        look_at_omitted(&all, &all.at[i], is_over(view, &subject), list);
    }
    *out = list;
    return ERR_OK;
}
