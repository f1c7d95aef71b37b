#include "domain/fold.h"

#include "base/civil.h"
#include "base/plant.h"
#include "base/str.h"
#include "domain/duties.h"
#include "domain/grade.h"

#include <string.h>

enum { TRANSFERS_MAX = 100 };

/* Body fields that are columns of the subject, so they stand once. */
static bool is_column(const char *name)
{
    static const char *const COLUMNS[] = {"title", "region", "level", "colour"};
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++)
        if (streq(COLUMNS[i], name))
            return true;
    return false;
}

static enum errc set_columns(struct subject *subject, json_t *body, struct arena *arena, struct err *err)
{
    const char *title = json_string_value(json_object_get(body, "title"));
    const char *region = json_string_value(json_object_get(body, "region"));
    enum level level = level_parse(json_string_value(json_object_get(body, "level")));
    enum colour colour = colour_parse(json_string_value(json_object_get(body, "colour")));
    if (title)
        subject->title = arena_strdup(arena, title);
    if (region)
        subject->region = arena_strdup(arena, region);
    if (level != LEVEL_NONE)
        subject->level = level;
    if (colour != COLOUR_NONE)
        subject->colour = colour;
    return arena->exhausted ? err_set(err, ERR_NOMEM, "no memory for a matter's title") : ERR_OK;
}

static json_t *list_of(json_t *doc, const char *name)
{
    json_t *list = json_object_get(doc, name);
    if (!json_is_array(list)) {
        list = json_array();
        (void)json_object_set_new(doc, name, list);
    }
    return list;
}

static enum errc append(struct fold *fold, const char *name, struct err *err)
{
    const struct act *act = fold->act;
    json_t *list = list_of(fold->subject->doc, name);
    char at[CIVIL_TIME_SIZE];
    if (json_array_size(list) >= FOLD_LIST_MAX)
        return err_set(err, ERR_LIMIT, "'%s' of this matter has %d entries already", name, FOLD_LIST_MAX);
    civil_format_time(act->happened_ms, CIVIL_CHINA_MIN, at);
    json_t *entry = json_pack("{s:s,s:s,s:s,s:s}", "act", act->id, "node", act->node, "person", act->person,
                              "at", at);
    (void)json_object_update(entry, act->body);
    if (json_array_append_new(list, entry) < 0)
        return err_set(err, ERR_NOMEM, "no memory for an entry of '%s'", name);
    return ERR_OK;
}

/* A figure that goes down after it was reported is no proof of anything, but it must be seen. */
static void flag_lowered(struct fold *fold, const char *name, const json_t *before, const json_t *after)
{
    if (!json_is_integer(before) || !json_is_integer(after))
        return;
    if (json_integer_value(after) >= json_integer_value(before))
        return;
    (void)json_array_append_new(list_of(fold->subject->doc, "flags"),
                                json_pack("{s:s,s:s,s:I,s:I,s:s,s:s}", "flag", "figure_lowered", "figure",
                                          name, "from", json_integer_value(before), "to",
                                          json_integer_value(after), "act", fold->act->id, "node",
                                          fold->act->node));
}

static void merge_facts(struct fold *fold, json_t *said)
{
    json_t *facts = json_object_get(fold->subject->doc, "facts");
    const char *name;
    json_t *value;
    if (!facts) {
        facts = json_object();
        (void)json_object_set_new(fold->subject->doc, "facts", facts);
    }
    json_object_foreach(said, name, value)
    {
        flag_lowered(fold, name, json_object_get(facts, name), value);
        json_t *inner = json_object_get(facts, name);
        if (json_is_object(inner) && json_is_object(value))
            (void)json_object_update(inner, value);
        else
            (void)json_object_set_new(facts, name, json_deep_copy(value));
    }
}

static void merge(struct fold *fold)
{
    const char *name;
    json_t *value;
    json_object_foreach(fold->act->body, name, value)
    {
        if (!is_column(name) && !streq(name, "facts") && !json_is_null(value))
            (void)json_object_set(fold->subject->doc, name, value);
    }
}

static void offer(struct fold *fold)
{
    (void)json_object_set_new(fold->subject->doc, "transfer",
                              json_pack("{s:s,s:s,s:s}", "from", fold->act->node, "to",
                                        json_string_value(json_object_get(fold->act->body, "assignee")),
                                        "act", fold->act->id));
    if (PLANTED(RELEASE_BEFORE_ACCEPT))
        fold->subject->owner = json_string_value(json_object_get(fold->act->body, "assignee"));
}

static void remember_transfer(struct fold *fold, const char *how)
{
    json_t *list = list_of(fold->subject->doc, "transfers");
    if (json_array_size(list) < TRANSFERS_MAX)
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s}", "act", fold->act->id, "node", fold->act->node, "how", how));
}

static void accept(struct fold *fold)
{
    json_t *transfer = json_object_get(fold->subject->doc, "transfer");
    (void)json_object_set_new(transfer, "accepted", json_string(fold->act->id));
    remember_transfer(fold, "accepted");
}

static void decline(struct fold *fold)
{
    remember_transfer(fold, "refused");
    (void)json_object_del(fold->subject->doc, "transfer");
}

/* The epoch orders releases that arrive by different ways: a later owner is never undone by an older act. */
static void release(struct fold *fold, struct arena *arena)
{
    struct subject *subject = fold->subject;
    json_int_t epoch = json_integer_value(json_object_get(fold->act->body, "epoch"));
    if (epoch <= json_integer_value(json_object_get(subject->doc, "epoch")))
        return;
    const char *owner = json_string_value(json_object_get(fold->act->body, "assignee"));
    subject->owner = arena_strdup(arena, owner ? owner : subject->owner);
    (void)json_object_set_new(subject->doc, "epoch", json_integer(epoch));
    remember_transfer(fold, "released");
    (void)json_object_del(subject->doc, "transfer");
}

static enum errc fold_document(struct fold *fold, struct arena *arena, struct err *err)
{
    const struct act_row *row = fold->matter.row;
    json_t *facts = json_object_get(fold->act->body, "facts");
    enum errc rc = ERR_OK;
    if (json_is_object(facts))
        merge_facts(fold, facts);
    switch (row->fold) {
    case FOLD_MERGE:
        merge(fold);
        rc = set_columns(fold->subject, fold->act->body, arena, err);
        break;
    case FOLD_APPEND: rc = append(fold, row->list, err); break;
    case FOLD_OFFER: offer(fold); break;
    case FOLD_ACCEPT: accept(fold); break;
    case FOLD_DECLINE: decline(fold); break;
    case FOLD_RELEASE: release(fold, arena); break;
    case FOLD_NONE: break;
    }
    return rc;
}

static const char *initial_state(const struct subject_row *type)
{
    for (uint32_t i = 0; i < type->states_count; i++)
        if (type->states[i].initial)
            return type->states[i].name;
    return "";
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

static enum errc make_subject(struct fold *fold, struct arena *arena, struct err *err)
{
    const struct act *act = fold->act;
    const struct matter *matter = &fold->matter;
    *fold->subject = (struct subject){.id = act->subject,
                                      .type = matter->type->subject,
                                      .root = act->root,
                                      .parent = act->parent ? act->parent : "",
                                      .state = matter->row->to ? matter->row->to
                                                               : initial_state(matter->type),
                                      .owner = act->node,
                                      .region = "",
                                      .title = "",
                                      .opened_ms = act->recorded_ms,
                                      .doc = json_pack("{s:s}", "reporter", act->node)};
    if (streq(act->subject, act->root))
        fold->root = fold->subject;
    return arena_tie(arena, drop_doc, fold->subject->doc)
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for the document of a new matter");
}

static bool state_in(const struct act_row *row, const char *state)
{
    for (uint32_t i = 0; i < row->from_count; i++)
        if (streq(row->from[i], state))
            return true;
    return row->from_count == 0 && !row->creates;
}

static bool is_final(const struct matter *matter, const struct subject *subject)
{
    const struct subject_row *type = catalogue_subject(matter->catalogue, subject->type);
    const struct state_row *state = type ? catalogue_state(type, subject->state) : NULL;
    return state && state->final;
}

/* A parent leaves the state its children brought it to only with the last of them. */
static void move_parent(struct fold *fold, bool ended)
{
    struct subject *parent = fold->parent;
    if (!fold->matter.row->parent_to || !parent)
        return;
    json_int_t active = json_integer_value(json_object_get(parent->doc, "active_children"));
    active += ended ? -1 : 1;
    (void)json_object_set_new(parent->doc, "active_children", json_integer(active < 0 ? 0 : active));
    fold->parent_changed = true;
    if (!is_final(&fold->matter, parent) && (!ended || active <= 0))
        parent->state = fold->matter.row->parent_to;
}

static void add_party(json_t *parties, const char *id)
{
    size_t i;
    json_t *known;
    json_array_foreach(parties, i, known)
    {
        if (streq(json_string_value(known), id))
            return;
    }
    (void)json_array_append_new(parties, json_string(id));
}

/* Whoever made or was sent an act of a matter knows it, and what it hangs under: others must be told the
 * story so far before the next act makes sense to him (desk/story.h). */
static void note_parties_of(struct subject *subject, const struct act *act)
{
    json_t *parties = list_of(subject->doc, "parties");
    add_party(parties, act->node);
    for (size_t i = 0; i < act->to_count; i++)
        add_party(parties, act->to[i]);
}

static void note_parties(struct fold *fold)
{
    note_parties_of(fold->subject, fold->act);
    if (fold->parent) {
        note_parties_of(fold->parent, fold->act);
        fold->parent_changed = true;
    }
    if (fold->root && fold->root != fold->subject && fold->root != fold->parent)
        note_parties_of(fold->root, fold->act);
    fold->root_changed = fold->root != NULL;
}

static enum errc grade_all(struct fold *fold, struct arena *arena, struct err *err)
{
    const struct pack_set *packs = fold->matter.packs;
    struct facts facts;
    json_t *gradings = json_array();
    (void)json_object_set_new(fold->subject->doc, "gradings", gradings);
    enum errc rc = facts_read(json_object_get(fold->subject->doc, "facts"), pack_set_regions(packs), arena,
                              &facts, err);
    for (size_t i = 0; rc >= 0 && i < pack_set_count(packs); i++) {
        struct grade grade;
        const struct pack *pack = pack_set_at(packs, i);
        if (pack->conditions_count == 0)
            continue;
        rc = grade_facts(pack, &facts, arena, &grade, err);
        json_t *kept = rc >= 0 ? grade_json(&grade, GRADE_MET) : NULL;
        if (rc >= 0 && (json_object_set_new(kept, "version", json_string(pack->head->version)) < 0 ||
                        json_array_append(gradings, kept) < 0))
            rc = err_set(err, ERR_NOMEM, "no memory for a grading");
        json_decref(kept);
    }
    return rc;
}

static enum errc fold_subject(struct fold *fold, struct arena *arena, struct err *err)
{
    const struct act_row *row = fold->matter.row;
    bool made = fold->subject->id == NULL;
    enum errc rc = made ? make_subject(fold, arena, err) : ERR_OK;
    if (rc < 0)
        return rc;
    fold->matter.subject = fold->subject;
    fold->matter.root = fold->root;
    fold->late = !made && !row->free && !state_in(row, fold->subject->state) && row->fold != FOLD_RELEASE;
    rc = fold->late ? append(fold, "late", err) : fold_document(fold, arena, err);
    if (rc < 0)
        return rc;
    if (!fold->late && row->to)
        fold->subject->state = row->to;
    if (!fold->late)
        move_parent(fold, is_final(&fold->matter, fold->subject));
    if (!fold->late && json_object_get(fold->act->body, "facts"))
        rc = grade_all(fold, arena, err);
    fold->subject->rev++;
    fold->subject->updated_ms = fold->act->recorded_ms;
    note_parties(fold);
    return rc;
}

enum errc fold_act(struct fold *fold, struct arena *arena, struct err *err)
{
    struct duty_list changed = {0};
    json_t *gradings = fold->subject ? json_incref(json_object_get(fold->subject->doc, "gradings")) : NULL;
    enum errc rc = fold->subject ? fold_subject(fold, arena, err) : ERR_OK;
    /* An act about a child matter leaves the gradings as they are: nothing is newly found by it. */
    const json_t *root_gradings = fold->root ? json_object_get(fold->root->doc, "gradings") : NULL;
    fold->matter.gradings_before = gradings || fold->subject == fold->root ? gradings : root_gradings;
    fold->matter.to = fold->act->to;
    fold->matter.to_count = fold->act->to_count;
    if (rc >= 0)
        rc = duties_apply(&fold->matter, fold->act, fold->duties, fold->duty_count, arena, &changed, err);
    fold->matter.gradings_before = NULL;
    json_decref(gradings);
    fold->changed = changed.at;
    fold->changed_count = changed.count;
    return rc;
}
