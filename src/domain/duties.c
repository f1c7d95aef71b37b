#include "domain/duties.h"

#include "base/str.h"
#include "domain/due.h"
#include "domain/fingerprint.h"
#include "domain/pack_law.h"

#include <string.h>

enum { DUTY_ID_DIGITS = 32, ROOM = 16, DUTIES_MAX = 100000 };

struct work {
    const struct matter *matter;
    const struct act *act;
    struct arena *arena;
    struct duty_list *out;
    struct err *err;
};

static enum errc push(const struct work *work, const struct duty *duty)
{
    struct duty_list *list = work->out;
    for (size_t i = 0; i < list->count; i++) {
        if (streq(list->at[i].id, duty->id)) {
            list->at[i] = *duty;
            return ERR_OK;
        }
    }
    if (list->count == DUTIES_MAX)
        return err_set(work->err, ERR_LIMIT, "one act would open more than %d duties", DUTIES_MAX);
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : ROOM;
        struct duty *at = arena_array(work->arena, room, sizeof *at);
        if (!at)
            return err_set(work->err, ERR_NOMEM, "no memory for the duties of an act");
        if (list->count > 0)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
        list->room = room;
    }
    list->at[list->count++] = *duty;
    return ERR_OK;
}

static const char *duty_id(const struct work *work, const char *rule, const char *owner, const char *receiver)
{
    char text[FINGERPRINT_TEXT_SIZE];
    struct str parts[] = {{rule, strlen(rule)},
                          {work->act->id, strlen(work->act->id)},
                          {owner, strlen(owner)},
                          {receiver, strlen(receiver)}};
    if (fingerprint(parts, 4, text, work->err) < 0)
        return NULL;
    char *id = arena_strndup(work->arena, text, DUTY_ID_DIGITS);
    if (!id)
        (void)err_set(work->err, ERR_NOMEM, "no memory for a duty");
    return id;
}

static enum errc open_one(const struct work *work, const struct pack *pack, const struct duty_row *row,
                          const char *owner, const char *receiver)
{
    const struct act *act = work->act;
    struct due due = {0};
    if (streq(owner, receiver))
        return ERR_OK;
    enum errc rc = due_compute(pack_set_calendar(work->matter->packs), &row->deadline,
                               due_start_ms(&row->deadline, act), act->recorded_ms, &due, work->err);
    if (rc < 0)
        return rc;
    struct duty duty = {.id = duty_id(work, row->id, owner, receiver),
                        .rule = row->id,
                        .pack = pack->head->id,
                        .clause = row->law->clause,
                        .subject = act->subject,
                        .root = act->root,
                        .owner = owner,
                        .receiver = receiver,
                        .opened_act = act->id,
                        .opened_ms = act->recorded_ms,
                        .deadline = row->deadline.kind,
                        .due_ms = due.due_ms,
                        .provisional = due.provisional,
                        .calendar = arena_strdup(work->arena, due.calendar),
                        .state = DUTY_OPEN,
                        .done_act = "",
                        .receipt_act = ""};
    if (!duty.id)
        return ERR_NOMEM;
    if (!duty.calendar)
        return err_set(work->err, ERR_NOMEM, "no memory for a duty");
    return push(work, &duty);
}

static enum errc resolve_all(const struct work *work, const struct names *names, struct node_list *out)
{
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; rc >= 0 && i < names->count; i++)
        rc = matter_resolve(work->matter, names->at[i], work->arena, out, work->err);
    return rc;
}

static bool owes(const struct work *work, const struct pack *pack, const struct duty_row *row,
                 const char *owner)
{
    const struct node_card *card = directory_find(work->matter->dir, owner);
    if (row->owner_roles.count == 0)
        return card != NULL;
    return card && pack_any_role(pack, card, &row->owner_roles);
}

static enum errc open_row(const struct work *work, const struct pack *pack, const struct duty_row *row)
{
    struct node_list owners = {0};
    struct node_list receivers = {0};
    enum errc rc = resolve_all(work, &row->owners, &owners);
    if (rc >= 0)
        rc = resolve_all(work, &row->receivers, &receivers);
    for (size_t o = 0; rc >= 0 && o < owners.count; o++) {
        if (!owes(work, pack, row, owners.ids[o]))
            continue;
        if (row->receivers.count == 0)
            rc = open_one(work, pack, row, owners.ids[o], "");
        for (size_t r = 0; rc >= 0 && r < receivers.count; r++)
            rc = open_one(work, pack, row, owners.ids[o], receivers.ids[r]);
    }
    return rc;
}

static struct pack_case case_of(const struct matter *matter)
{
    const struct subject *subject = matter->subject;
    const json_t *facts = subject ? json_object_get(subject->doc, "facts") : NULL;
    const json_t *happened = json_object_get(facts, "happened");
    struct pack_case the_case = {.actor = matter->actor, .body = matter->body, .happened = ANSWER_UNKNOWN};
    if (happened)
        the_case.happened = json_is_true(happened) ? ANSWER_YES : ANSWER_NO;
    the_case.doc = subject ? subject->doc : NULL;
    the_case.root_doc = matter->root ? matter->root->doc : NULL;
    for (const struct subject *at = subject; at; at = at == subject ? matter->parent : NULL) {
        if (the_case.level == LEVEL_NONE)
            the_case.level = at->level;
        if (the_case.colour == COLOUR_NONE)
            the_case.colour = at->colour;
    }
    return the_case;
}

/* The level that a pack proposes in a list of gradings, as fold_act keeps them. */
static enum level level_in(const json_t *gradings, const char *pack)
{
    size_t i;
    json_t *grading;
    json_array_foreach(gradings, i, grading)
    {
        if (streq(json_string_value(json_object_get(grading, "pack")), pack))
            return level_parse(json_string_value(json_object_get(grading, "level")));
    }
    return LEVEL_NONE;
}

static const json_t *gradings_of(const struct matter *matter)
{
    const json_t *own = matter->subject ? json_object_get(matter->subject->doc, "gradings") : NULL;
    return own || !matter->root ? own : json_object_get(matter->root->doc, "gradings");
}

static enum errc open_all(const struct work *work)
{
    const json_t *gradings = gradings_of(work->matter);
    struct pack_case the_case = case_of(work->matter);
    const char *kind = work->matter->row->kind;
    enum errc rc = ERR_OK;
    for (size_t p = 0; p < pack_set_count(work->matter->packs); p++) {
        const struct pack *pack = pack_set_at(work->matter->packs, p);
        the_case.graded = level_in(gradings, pack->head->id);
        the_case.graded_before = level_in(work->matter->gradings_before, pack->head->id);
        for (uint32_t i = 0; rc >= 0 && i < pack->duties_count; i++) {
            const struct duty_row *row = &pack->duties[i];
            if (row->enforce && names_have(&row->opened_by, kind) && pack_when(pack, &row->when, &the_case))
                rc = open_row(work, pack, row);
        }
    }
    return rc;
}

static bool told(const struct act *act, const char *receiver)
{
    for (size_t i = 0; i < act->to_count; i++)
        if (streq(act->to[i], receiver))
            return true;
    return false;
}

static const char *body_text(const struct act *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* Does this act, by the duty's owner, do what the row asks, towards the one who is owed? */
static bool performs(const struct work *work, const struct duty_row *row, const struct duty *duty)
{
    const struct act *act = work->act;
    if (!streq(duty->owner, act->node))
        return false;
    bool received = !*duty->receiver || node_is_outside(duty->receiver) || told(act, duty->receiver);
    /* An alarm names a duty too, and performs nothing. */
    if (streq(body_text(act, "duty"), duty->id) && work->matter->row->by != BY_SYSTEM)
        return received;
    if (!row || !names_have(&row->performed_by, act->kind))
        return false;
    bool same_matter = streq(duty->subject, act->subject);
    bool same_root = streq(duty->root, act->root);
    const char *party = body_text(act, "party");
    if (node_is_outside(duty->receiver))
        return (same_root || row->anywhere) && (!party || streq(party, duty->receiver));
    if (!received)
        return false;
    /* An order is answered on the order itself; a report about the incident counts wherever it hangs. */
    return same_matter || row->anywhere ||
           (same_root && !streq(duty->opened_act, act->id) && work->matter->root &&
            (streq(duty->subject, duty->root) || streq(act->subject, act->root)));
}

static void perform(const struct act *act, struct duty *duty, bool repeats)
{
    duty->done_act = act->id;
    duty->done_ms = act->happened_ms;
    if (repeats)
        return;
    bool receipt_needed = *duty->receiver && !node_is_outside(duty->receiver);
    duty->state = receipt_needed ? DUTY_PERFORMED : DUTY_DISCHARGED;
}

/* What ends a matter ends its duties, and what ends the root ends all below; one order's end is not that of
 * another. */
static bool reaches(const struct act *act, const struct duty *duty)
{
    return streq(duty->subject, act->subject) || streq(duty->root, act->subject);
}

static void cancel(const struct act *act, struct duty *duty)
{
    duty->state = DUTY_CANCELLED;
    duty->done_act = act->id;
}

static enum errc settle(const struct work *work, const struct duty *duty)
{
    const struct pack *pack = pack_set_find(work->matter->packs, duty->pack);
    const struct duty_row *row = pack ? pack_duty(pack, duty->rule) : NULL;
    struct duty changed = *duty;
    if (duty->state != DUTY_OPEN)
        return ERR_OK;
    if (row && names_have(&row->cancelled_by, work->act->kind) && reaches(work->act, duty))
        cancel(work->act, &changed);
    else if (performs(work, row, duty))
        perform(work->act, &changed, row && row->repeats);
    else
        return ERR_OK;
    return push(work, &changed);
}

void duty_receipt(struct duty *duty, const char *receipt_act, int64_t received_ms)
{
    if (duty->state != DUTY_PERFORMED)
        return;
    duty->state = DUTY_DISCHARGED;
    duty->receipt_act = receipt_act;
    duty->receipt_ms = received_ms;
}

enum errc duties_apply(const struct matter *matter, const struct act *act, const struct duty *open,
                       size_t open_count, struct arena *arena, struct duty_list *out, struct err *err)
{
    struct work work = {matter, act, arena, out, err};
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < open_count; i++)
        rc = settle(&work, &open[i]);
    size_t before = out->count;
    if (rc >= 0)
        rc = open_all(&work);
    /* An act may perform what it opens: the report that the law makes owed is this report. */
    for (size_t i = before; rc >= 0 && i < out->count; i++) {
        struct duty fresh = out->at[i];
        rc = settle(&work, &fresh);
    }
    return rc;
}
