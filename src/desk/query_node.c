/* The node itself: who it is, what can be done here, who has access, how much there is. */
#include "base/civil.h"
#include "desk/cards.h"
#include "desk/query_internal.h"
#include "store/duties.h"
#include "store/inbox.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/sessions.h"
#include "store/subjects.h"
#include "store/tokens.h"

static enum errc self(struct asked *asked)
{
    const struct store_identity *identity = store_identity(asked->reader->store);
    struct node_card card;
    enum errc rc = nodes_load(asked->reader->store, identity->node, asked->arena, &card, NULL, asked->err);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    json_t *shown = rc == ERR_OK ? card_write(&card) : json_null();
    return told(asked, json_pack("{s:s,s:s,s:s,s:o,s:I,s:o}", "node", identity->node, "universe",
                                 identity->universe, "suite", suite_name(identity->suite), "card", shown,
                                 "acts", (json_int_t)acts_count(asked->reader->store), "now",
                                 view_time(asked->view.now_ms)));
}

/* --- catalogue -------------------------------------------------------------------------------------- */

static json_t *texts_json(const char *const *texts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *field_json(const struct field_row *row)
{
    json_t *out = json_pack("{s:s,s:s,s:b,s:b,s:s,s:s}", "name", row->name, "type",
                            field_type_name(row->type), "required", (int)row->required, "secret",
                            (int)row->secret, "zh", row->zh, "en", row->en);
    if (row->clause)
        (void)json_object_set_new(out, "clause", json_string(row->clause));
    if (row->of)
        (void)json_object_set_new(out, "of", json_string(row->of));
    if (row->max != 0)
        (void)json_object_set_new(out, "max", json_integer(row->max));
    if (row->min != 0)
        (void)json_object_set_new(out, "min", json_integer(row->min));
    if (row->values_count > 0)
        (void)json_object_set_new(out, "values", texts_json(row->values, row->values_count));
    return out;
}

static json_t *act_json(const struct act_row *row)
{
    json_t *fields = json_array();
    for (uint32_t i = 0; i < row->fields_count; i++)
        (void)json_array_append_new(fields, field_json(&row->fields[i]));
    return json_pack("{s:s,s:s,s:s,s:b,s:b,s:o,s:s?,s:s,s:s?,s:s?,s:o}", "kind", row->kind, "zh", row->zh,
                     "en", row->en, "creates", (int)row->creates, "code", (int)row->code, "from",
                     texts_json(row->from, row->from_count), "to", row->to, "by", act_by_name(row->by),
                     "power", row->power, "clause", row->clause, "fields", fields);
}

static json_t *type_json(const struct subject_row *row)
{
    json_t *states = json_array();
    json_t *acts = json_array();
    for (uint32_t i = 0; i < row->states_count; i++)
        (void)json_array_append_new(states, json_pack("{s:s,s:s,s:s,s:b,s:b}", "name", row->states[i].name,
                                                      "zh", row->states[i].zh, "en", row->states[i].en,
                                                      "initial", (int)row->states[i].initial, "final",
                                                      (int)row->states[i].final));
    for (uint32_t i = 0; i < row->acts_count; i++)
        (void)json_array_append_new(acts, act_json(&row->acts[i]));
    return json_pack("{s:s,s:s,s:s,s:s?,s:o,s:o}", "type", row->subject, "zh", row->zh, "en", row->en,
                     "parent", row->parent, "states", states, "acts", acts);
}

static enum errc catalogue(struct asked *asked)
{
    json_t *items = json_array();
    for (size_t i = 0; i < catalogue_count(asked->reader->catalogue); i++)
        (void)json_array_append_new(items, type_json(catalogue_at(asked->reader->catalogue, i)));
    return told_list(asked, items, NULL);
}

/* --- tokens ----------------------------------------------------------------------------------------- */

static enum errc tokens(struct asked *asked)
{
    struct token *rows = NULL;
    size_t count = 0;
    enum errc rc = tokens_list(asked->reader->store, asked->arena, &rows, &count, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "id", rows[i].id,
                                                     "role", rows[i].role, "person", rows[i].person, "post",
                                                     rows[i].post, "created", view_time(rows[i].created_ms),
                                                     "expires", view_time(rows[i].expires_ms), "revoked",
                                                     view_time(rows[i].revoked_ms)));
    return told_list(asked, items, NULL);
}

/* --- sessions --------------------------------------------------------------------------------------- */

static enum errc sessions(struct asked *asked)
{
    struct session *rows = NULL;
    size_t count = 0;
    enum errc rc = sessions_list(asked->reader->store, NULL, asked->arena, &rows, &count, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "id", rows[i].id, "user",
                                                     rows[i].person, "post", rows[i].post, "address",
                                                     rows[i].address, "opened", view_time(rows[i].opened_ms),
                                                     "seen", view_time(rows[i].seen_ms)));
    return told_list(asked, items, NULL);
}

/* --- figures ---------------------------------------------------------------------------------------- */

static enum errc tally(struct asked *asked, const char *type, enum subject_group group, json_t **out)
{
    const struct subject_filter filter = {.type = type, .limit = 1};
    struct subject_count *counts = NULL;
    size_t count = 0;
    enum errc rc = subjects_tally(asked->reader->store, &filter, group, asked->arena, &counts, &count,
                                  asked->err);
    if (rc < 0)
        return rc;
    *out = json_object();
    for (size_t i = 0; i < count; i++)
        (void)json_object_set_new(*out, *counts[i].key ? counts[i].key : "none",
                                  json_integer(counts[i].count));
    return ERR_OK;
}

static enum errc outbox_json(struct asked *asked, json_t **out)
{
    struct outbox_count *counts = NULL;
    size_t count = 0;
    enum errc rc = outbox_counts(asked->reader->store, asked->arena, &counts, &count, asked->err);
    if (rc < 0)
        return rc;
    *out = json_object();
    for (int state = 0; state < OUTBOX_STATE_COUNT; state++) {
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += counts[i].state == (enum outbox_state)state ? counts[i].count : 0;
        (void)json_object_set_new(*out, outbox_state_name((enum outbox_state)state), json_integer(sum));
    }
    return ERR_OK;
}

static enum errc stats(struct asked *asked)
{
    struct store *store = asked->reader->store;
    json_t *types = NULL;
    json_t *levels = NULL;
    json_t *outbox = NULL;
    int64_t overdue = 0;
    int64_t waiting = 0;
    enum errc rc = tally(asked, NULL, SUBJECTS_BY_TYPE, &types);
    if (rc == ERR_OK)
        rc = tally(asked, "incident", SUBJECTS_BY_LEVEL, &levels);
    if (rc == ERR_OK)
        rc = outbox_json(asked, &outbox);
    if (rc == ERR_OK)
        rc = duties_count_overdue(store, store_identity(store)->node, asked->view.now_ms, &overdue,
                                  asked->err);
    if (rc == ERR_OK)
        rc = waiting_count(store, &waiting, asked->err);
    if (rc < 0) {
        json_decref(types);
        json_decref(levels);
        json_decref(outbox);
        return rc;
    }
    return told(asked, json_pack("{s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "acts", (json_int_t)acts_count(store),
                                 "ledger_size", (json_int_t)ledger_size(store), "duties_overdue",
                                 (json_int_t)overdue, "acts_waiting", (json_int_t)waiting, "matters", types,
                                 "incident_levels", levels, "outbox", outbox));
}

const struct query_row QUERIES_NODE[] = {
    {"self", self},         {"catalogue", catalogue}, {"tokens", tokens},
    {"sessions", sessions}, {"stats", stats},         {NULL, NULL},
};
