#include "domain/judge.h"

#include "base/str.h"
#include "domain/fields.h"
#include "domain/guard.h"
#include "domain/pack_law.h"

#include <stdio.h>
#include <string.h>

static const char *transfer_to(const struct matter *matter)
{
    const json_t *doc = matter->subject ? matter->subject->doc : NULL;
    return json_string_value(json_object_get(json_object_get(doc, "transfer"), "to"));
}

static bool is_party(const struct matter *matter)
{
    const json_t *parties = matter->root ? json_object_get(matter->root->doc, "parties") : NULL;
    size_t i;
    json_t *id;
    if (!matter->root)
        return true;
    json_array_foreach(parties, i, id)
    {
        if (streq(json_string_value(id), matter->actor->id))
            return true;
    }
    return false;
}

static bool owns(const struct matter *matter)
{
    return !matter->subject || streq(matter->subject->owner, matter->actor->id);
}

static bool stands_right(const struct matter *matter)
{
    const char *actor = matter->actor->id;
    switch (matter->row->by) {
    case BY_ANYONE: return matter->subject == NULL || is_party(matter) || owns(matter);
    case BY_OWNER:
    case BY_SYSTEM: return owns(matter);
    case BY_PARTY: return is_party(matter);
    case BY_ADDRESSEE: return is_party(matter) && !owns(matter);
    case BY_ASSIGNEE:
        return matter->subject &&
               streq(json_string_value(json_object_get(matter->subject->doc, "assignee")), actor);
    case BY_OFFERED: return streq(transfer_to(matter), actor);
    }
    return false;
}

/* Relations that another act, still on its way, may yet bring about. */
static bool may_still_come(enum act_by by)
{
    return by == BY_OWNER || by == BY_OFFERED || by == BY_SYSTEM;
}

/* A local matter knows only the acts of its own type, made here; ownership of it does not pass. */
static enum errc check_local(const struct matter *matter, enum judge_mode mode, struct err *err)
{
    const struct subject_row *type = matter->subject
                                         ? catalogue_subject(matter->catalogue, matter->subject->type)
                                         : matter->type;
    if (!type || !type->local || (mode != JUDGE_RECEIVE && type == matter->type))
        return ERR_OK;
    return err_set(err, ERR_PERMISSION, "%s (%s) is not possible on a %s: it is a node's own affair",
                   matter->row->zh, matter->row->kind, type->zh);
}

static enum errc check_relation(const struct matter *matter, enum judge_mode mode, struct err *err)
{
    static const char *const WHO[] = {
        [BY_ANYONE] = "a unit that takes part",     [BY_OWNER] = "the node that owns the matter",
        [BY_PARTY] = "a unit that takes part",      [BY_ADDRESSEE] = "a unit it was sent to",
        [BY_ASSIGNEE] = "the unit it was given to", [BY_OFFERED] = "the unit it was offered to",
        [BY_SYSTEM] = "the program itself",
    };
    enum act_by by = matter->row->by;
    if (by == BY_SYSTEM && mode == JUDGE_MAKE)
        return err_set(err, ERR_PERMISSION, "%s (%s) is done by the program itself, not on request",
                       matter->row->zh, matter->row->kind);
    if (stands_right(matter) || matter->row->free)
        return ERR_OK;
    /* Whoever acts on a matter has been told of it, even where we have not heard so. */
    if (mode == JUDGE_RECEIVE && (by == BY_ANYONE || by == BY_PARTY || by == BY_ADDRESSEE))
        return ERR_OK;
    bool wait = mode == JUDGE_RECEIVE && may_still_come(by);
    return err_set(err, wait ? ERR_BUSY : ERR_PERMISSION, "%s (%s) can only be done by %s; owner: %s",
                   matter->row->zh, matter->row->kind, WHO[by],
                   matter->subject ? matter->subject->owner : "none");
}

static bool state_allows(const struct matter *matter)
{
    const struct act_row *row = matter->row;
    if (!matter->subject)
        return row->creates || row->free;
    for (uint32_t i = 0; i < row->from_count; i++)
        if (streq(row->from[i], matter->subject->state))
            return true;
    if (row->from_count > 0 || row->creates)
        return false;
    const struct subject_row *type = catalogue_subject(matter->catalogue, matter->subject->type);
    const struct state_row *state = type ? catalogue_state(type, matter->subject->state) : NULL;
    return !state || !state->final || row->free;
}

static enum errc check_state(const struct matter *matter, struct err *err)
{
    if (state_allows(matter))
        return ERR_OK;
    if (!matter->subject)
        return err_set(err, ERR_WRONG_STATE, "%s (%s) needs the matter it is about", matter->row->zh,
                       matter->row->kind);
    const struct subject_row *type = catalogue_subject(matter->catalogue, matter->subject->type);
    const struct state_row *state = type ? catalogue_state(type, matter->subject->state) : NULL;
    return err_set(err, ERR_WRONG_STATE, "%s (%s) is not possible while the matter is in the state %s (%s)",
                   matter->row->zh, matter->row->kind, state ? state->zh : "?", matter->subject->state);
}

const char *judge_power(const struct matter *matter)
{
    const struct act_row *row = matter->row;
    for (uint32_t i = 0; matter->parent && i < row->power_under_count; i++)
        if (streq(row->power_under[i].parent, matter->parent->type))
            return row->power_under[i].power;
    return row->power;
}

static enum level asked_level(const struct matter *matter)
{
    enum level level = level_parse(json_string_value(json_object_get(matter->body, "level")));
    if (level == LEVEL_NONE && matter->subject)
        level = matter->subject->level;
    return level == LEVEL_NONE && matter->parent ? matter->parent->level : level;
}

static enum colour asked_colour(const struct matter *matter)
{
    enum colour colour = colour_parse(json_string_value(json_object_get(matter->body, "colour")));
    if (colour == COLOUR_NONE && matter->subject)
        colour = matter->subject->colour;
    return colour == COLOUR_NONE && matter->parent ? matter->parent->colour : colour;
}

static struct power_query ask(const struct matter *matter, const char *power)
{
    struct power_query query = power_query(power, matter->actor->tier);
    const struct node_card *owner = matter->subject ? directory_find(matter->dir, matter->subject->owner)
                                                    : NULL;
    int basis = basis_parse(json_string_value(json_object_get(matter->body, "basis")));
    query.region = matter->actor->region;
    query.level = asked_level(matter);
    query.colour = asked_colour(matter);
    query.basis = basis < 0 ? BASIS_NONE : (enum basis)basis;
    query.consent = matter->subject && streq(matter->subject->state, "consented") ? ANSWER_YES : ANSWER_NO;
    query.response_started = matter->parent && streq(matter->parent->state, "started") ? ANSWER_YES
                                                                                       : ANSWER_NO;
    if (owner) {
        query.publisher_tier = (int)owner->tier;
        query.publisher_region = owner->region;
    }
    return query;
}

static enum errc ask_for(const struct matter *matter, struct power_query query, const char *region,
                         struct ruling *out, struct err *err)
{
    struct power_answer answer;
    query.target_region = region;
    enum errc rc = power_check(matter->packs, &query, &answer, err);
    if (rc < 0)
        return rc;
    out->clause = answer.clause;
    out->then = answer.then;
    if (answer.pack) {
        out->pack = answer.pack->head->id;
        out->pack_version = answer.pack->head->version;
    }
    if (answer.allowed)
        return ERR_OK;
    (void)err_set(err, ERR_POWER, "%s",
                  answer.why.zh ? answer.why.zh : "the packs give this power to nobody here");
    if (err)
        (void)snprintf(err->clause, sizeof err->clause, "%s", answer.clause ? answer.clause : "");
    return ERR_POWER;
}

/* The power must hold for every region that the act names. */
static enum errc check_power(const struct matter *matter, struct ruling *out, struct err *err)
{
    const char *power = judge_power(matter);
    const json_t *regions = json_object_get(matter->body, "regions");
    const char *region = json_string_value(json_object_get(matter->body, "region"));
    if (!power)
        return ERR_OK;
    struct power_query query = ask(matter, power);
    if (!region && matter->subject && *matter->subject->region)
        region = matter->subject->region;
    enum errc rc = ask_for(matter, query, region, out, err);
    for (size_t i = 0; rc >= 0 && i < json_array_size(regions); i++)
        rc = ask_for(matter, query, json_string_value(json_array_get(regions, i)), out, err);
    return rc;
}

enum errc judge(const struct matter *matter, enum judge_mode mode, struct arena *arena, struct ruling *out,
                struct err *err)
{
    const struct pack *main_pack = pack_set_main(matter->packs);
    struct ruling ruling = {
        .pack = "", .pack_version = "", .clause = matter->row->clause ? matter->row->clause : ""};
    if (main_pack && *ruling.clause) {
        ruling.pack = main_pack->head->id;
        ruling.pack_version = main_pack->head->version;
    }
    enum errc rc = fields_check(matter, arena, err);
    if (rc >= 0)
        rc = check_local(matter, mode, err);
    if (rc >= 0)
        rc = check_relation(matter, mode, err);
    if (rc >= 0 && mode != JUDGE_RECEIVE)
        rc = check_state(matter, err);
    if (rc >= 0)
        rc = check_power(matter, &ruling, err);
    if (rc >= 0 && mode == JUDGE_MAKE)
        rc = guards_check(matter, err);
    *out = ruling;
    return rc;
}

static enum errc add_all(const struct matter *matter, const char *const *resolvers, uint32_t count,
                         struct arena *arena, struct node_list *out, struct err *err)
{
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; rc >= 0 && i < count; i++)
        rc = matter_resolve(matter, resolvers[i], arena, out, err);
    return rc;
}

static enum errc add_pack_routes(const struct matter *matter, const struct pack *pack, struct arena *arena,
                                 struct node_list *out, struct err *err)
{
    const json_t *happened = json_object_get(json_object_get(matter->body, "facts"), "happened");
    struct pack_case the_case = {.actor = matter->actor,
                                 .level = asked_level(matter),
                                 .colour = asked_colour(matter),
                                 .happened = happened ? (json_is_true(happened) ? ANSWER_YES : ANSWER_NO)
                                                      : ANSWER_UNKNOWN,
                                 .body = matter->body};
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; rc >= 0 && i < pack->routes_count; i++) {
        const struct route_row *row = &pack->routes[i];
        if (streq(row->act, matter->row->kind) && pack_when(pack, &row->when, &the_case))
            rc = add_all(matter, row->to.at, row->to.count, arena, out, err);
    }
    return rc;
}

enum errc judge_addressees(const struct matter *matter, struct arena *arena, struct node_list *out,
                           struct err *err)
{
    struct node_list all = {0};
    enum errc rc = add_all(matter, matter->row->route, matter->row->route_count, arena, &all, err);
    for (size_t i = 0; rc >= 0 && i < pack_set_count(matter->packs); i++)
        rc = add_pack_routes(matter, pack_set_at(matter->packs, i), arena, &all, err);
    for (size_t i = 0; rc >= 0 && i < all.count; i++) {
        bool skip = streq(all.ids[i], matter->actor->id) || node_is_outside(all.ids[i]);
        rc = skip ? ERR_OK : node_list_add(out, all.ids[i], arena, err);
    }
    return rc;
}
