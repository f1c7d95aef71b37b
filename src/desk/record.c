#include "desk/desk_internal.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/people.h"
#include "desk/receipts.h"
#include "store/acts.h"
#include "store/duties.h"
#include "store/subjects.h"

#include <string.h>

/* Few matters have more; each page sets this many aside. */
enum { DUTIES_AT_ONCE = 32 };

static enum errc append(struct desk *desk, struct record *record, struct err *err)
{
    struct stored_act stored = {.act = record->act,
                                .received_ms = record->received_ms,
                                .from_node = record->from,
                                .annex = record->annex,
                                .annex_bytes = strlen(record->annex),
                                .proof = record->proof,
                                .proof_bytes = strlen(record->proof)};
    enum errc rc = acts_append(desk->parts.store, &stored, err);
    record->pos = stored.pos;
    return rc;
}

struct duty_load {
    struct desk *desk;
    struct arena *arena;
    struct duty *at;
    size_t count;
    size_t room;
};

static bool loaded_already(const struct duty_load *load, const char *id)
{
    for (size_t i = 0; i < load->count; i++)
        if (streq(load->at[i].id, id))
            return true;
    return false;
}

static enum errc keep(struct duty_load *load, const struct duty *duty, struct err *err)
{
    if (loaded_already(load, duty->id))
        return ERR_OK;
    if (load->count == load->room) {
        size_t room = load->room ? load->room * 2 : 32;
        struct duty *at = arena_array(load->arena, room, sizeof *at);
        if (!at)
            return err_set(err, ERR_NOMEM, "no memory for the open duties of a matter");
        if (load->count > 0)
            memcpy(at, load->at, load->count * sizeof *at);
        load->at = at;
        load->room = room;
    }
    load->at[load->count++] = *duty;
    return ERR_OK;
}

static enum errc keep_listed(struct duty_load *load, struct duty_filter filter, struct err *err)
{
    enum errc rc = ERR_OK;
    filter.limit = DUTIES_AT_ONCE;
    do {
        struct duty_page page = {0};
        rc = duties_list(load->desk->parts.store, &filter, load->arena, &page, err);
        for (size_t i = 0; rc >= 0 && i < page.count; i++)
            rc = keep(load, &page.items[i], err);
        filter.cursor = page.next;
    } while (rc >= 0 && filter.cursor);
    return rc;
}

/* Duties of readiness (a year's drill) hang under another root than the act that performs them. */
static enum errc keep_anywhere(struct duty_load *load, const struct act *act, struct err *err)
{
    const struct desk_parts *parts = &load->desk->parts;
    enum errc rc = ERR_OK;
    for (size_t p = 0; p < pack_set_count(parts->packs); p++) {
        const struct pack *pack = pack_set_at(parts->packs, p);
        for (uint32_t i = 0; rc >= 0 && i < pack->duties_count; i++) {
            const struct duty_row *row = &pack->duties[i];
            if (!row->anywhere || !names_have(&row->performed_by, act->kind))
                continue;
            struct duty_filter filter = {.owner = act->node, .rule = row->id};
            filter.states[DUTY_OPEN] = true;
            rc = keep_listed(load, filter, err);
        }
    }
    return rc;
}

/* Open and performed duties of the root, the acting node's own of readiness, and the one the act names. */
static enum errc load_duties(struct desk *desk, const struct act *act, struct arena *arena, struct fold *fold,
                             struct err *err)
{
    struct duty_load load = {.desk = desk, .arena = arena};
    struct duty_filter of_root = {.root = act->root};
    const char *named = json_string_value(json_object_get(act->body, "duty"));
    struct duty duty;
    of_root.states[DUTY_OPEN] = of_root.states[DUTY_PERFORMED] = true;
    enum errc rc = *act->root ? keep_listed(&load, of_root, err) : ERR_OK;
    if (rc >= 0)
        rc = keep_anywhere(&load, act, err);
    if (rc >= 0 && named) {
        rc = duties_load(desk->parts.store, named, arena, &duty, err);
        if (rc >= 0)
            rc = keep(&load, &duty, err);
        else if (rc == ERR_NOT_FOUND)
            rc = ERR_OK; /* a peer's duty need not be known here */
    }
    fold->duties = load.at;
    fold->duty_count = load.count;
    return rc;
}

static enum errc save_changed(struct desk *desk, struct loaded *loaded, const struct fold *fold,
                              struct err *err)
{
    struct store *store = desk->parts.store;
    enum errc rc = subjects_save(store, fold->subject, loaded->subject_rev, err);
    if (rc >= 0 && fold->parent_changed && fold->parent != fold->root) {
        fold->parent->rev++;
        rc = subjects_save(store, fold->parent, loaded->parent_rev, err);
    }
    bool root_apart = fold->root && fold->root != fold->subject;
    if (rc >= 0 && root_apart && (fold->root_changed || fold->parent_changed)) {
        int64_t before = fold->root->rev++;
        fold->root->updated_ms = fold->act->recorded_ms;
        rc = subjects_save(store, fold->root, before, err);
    }
    return rc;
}

static enum errc fold_into_store(struct desk *desk, struct loaded *loaded, struct record *record,
                                 struct arena *arena, struct err *err)
{
    struct fold fold = {.matter = loaded->matter,
                        .act = &record->act,
                        .subject = loaded->matter.row->free ? NULL : &loaded->subject,
                        .parent = loaded->matter.parent ? &loaded->parent : NULL};
    if (loaded->matter.root == &loaded->parent)
        fold.root = &loaded->parent;
    else if (loaded->matter.root == &loaded->root)
        fold.root = &loaded->root;
    else
        fold.root = loaded->matter.root ? &loaded->subject : NULL;
    enum errc rc = load_duties(desk, &record->act, arena, &fold, err);
    if (rc >= 0)
        rc = fold_act(&fold, arena, err);
    if (rc >= 0 && fold.subject)
        rc = save_changed(desk, loaded, &fold, err);
    for (size_t i = 0; rc >= 0 && i < fold.changed_count; i++)
        rc = duties_save(desk->parts.store, &fold.changed[i], err);
    loaded->matter.subject = fold.subject;
    return rc;
}

enum errc record_relayed(struct desk *desk, struct record *record, struct err *err)
{
    enum errc rc = append(desk, record, err);
    if (rc >= 0)
        desk->last_pos = record->pos;
    return rc;
}

enum errc fold_recorded(struct desk *desk, struct loaded *loaded, struct record *record, struct arena *arena,
                        struct err *err)
{
    enum errc rc = fold_into_store(desk, loaded, record, arena, err);
    if (rc >= 0)
        rc = cards_apply(desk, &record->act, arena, err);
    if (rc >= 0)
        rc = people_apply(desk, &record->act, arena, err);
    return rc < 0 ? rc : receipts_apply(desk, &record->act, arena, err);
}

enum errc record_act(struct desk *desk, struct loaded *loaded, struct record *record, struct arena *arena,
                     struct err *err)
{
    enum errc rc = record_relayed(desk, record, err);
    return rc < 0 ? rc : fold_recorded(desk, loaded, record, arena, err);
}
