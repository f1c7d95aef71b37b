/* The record itself: acts, their proofs, the ledger and its heads. */
#include "base/civil.h"
#include "desk/query_internal.h"
#include "store/ledger.h"

enum { CURSOR_SIZE = 24 };

static enum errc not_here(struct asked *asked, const char *field, const char *what)
{
    return err_field(asked->err, ERR_NOT_FOUND, field, "there is no such %s here", what);
}

/* --- acts ----------------------------------------------------------------------------------------- */

static enum errc fill(struct asked *asked, struct act_filter *filter)
{
    static const char *const ORDERS[] = {"newest", "oldest", NULL};
    int order = 0;
    *filter = (struct act_filter){.subject = asked_text(asked, "subject"),
                                  .root = asked_text(asked, "root"),
                                  .kind = asked_text(asked, "kind"),
                                  .node = asked_text(asked, "node"),
                                  .after_pos = -1};
    enum errc rc = asked_word(asked, "order", ORDERS, &order);
    if (rc == ERR_OK)
        rc = asked_int(asked, "cursor", 0, INT64_MAX, &filter->after_pos);
    if (rc == ERR_OK)
        rc = asked_limit(asked, &filter->limit);
    if (rc == ERR_OK && filter->kind && !catalogue_act(asked->reader->catalogue, filter->kind, NULL))
        rc = asked_wrong(asked, "kind", "there is no such act");
    filter->newest_first = order == 0;
    return rc;
}

static enum errc list(struct asked *asked, const struct act_filter *filter)
{
    struct act_page page;
    char cursor[CURSOR_SIZE] = "";
    enum errc rc = acts_list(asked->reader->store, filter, asked->arena, &page, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++)
        (void)json_array_append_new(items, view_act(&asked->view, &page.items[i]));
    if (page.count == filter->limit)
        (void)snprintf(cursor, sizeof cursor, "%lld", (long long)page.items[page.count - 1].pos);
    return told_list(asked, items, cursor);
}

static enum errc acts(struct asked *asked)
{
    struct act_filter filter;
    enum errc rc = fill(asked, &filter);
    return rc < 0 ? rc : list(asked, &filter);
}

/* Of one matter; with whole=true also of what hangs under its root. */
static enum errc matter_acts(struct asked *asked)
{
    struct act_filter filter;
    bool whole = false;
    struct subject subject;
    enum errc rc = fill(asked, &filter);
    if (rc == ERR_OK)
        rc = asked_bool(asked, "whole", &whole);
    if (rc == ERR_OK)
        rc = asked_matter(asked, &subject);
    if (rc < 0)
        return rc;
    if (whole)
        filter.root = asked_id(asked, "id");
    else
        filter.subject = asked_id(asked, "id");
    return list(asked, &filter);
}

static enum errc load(struct asked *asked, struct stored_act *out)
{
    enum errc rc = acts_get(asked->reader->store, asked_id(asked, "id"), asked->arena, out, asked->err);
    return rc == ERR_NOT_FOUND ? not_here(asked, "id", "act") : rc;
}

static enum errc act(struct asked *asked)
{
    struct stored_act stored = {0};
    enum errc rc = load(asked, &stored);
    return rc < 0 ? rc : told(asked, view_act(&asked->view, &stored));
}

/* As they were signed: their hash is the leaf of the ledger. */
static enum errc act_bytes(struct asked *asked)
{
    struct stored_act stored = {0};
    enum errc rc = load(asked, &stored);
    if (rc < 0)
        return rc;
    asked->out->bytes = stored.act.bytes;
    asked->out->size_bytes = stored.act.size_bytes;
    return ERR_OK;
}

/* Where it stands in our ledger, and for a peer's act also what its maker proved. */
static enum errc act_proof(struct asked *asked)
{
    static const char *const COVERS[] = {"newest", "first", NULL};
    struct stored_act stored = {0};
    struct act_proof proof;
    json_t *origin = NULL;
    int cover = 0;
    enum errc rc = asked_word(asked, "head", COVERS, &cover);
    if (rc == ERR_OK)
        rc = load(asked, &stored);
    if (rc == ERR_OK)
        rc = ledger_prove_act(asked->reader->store, stored.pos, cover == 1 ? LEDGER_FIRST : LEDGER_NEWEST,
                              &proof, asked->err);
    if (rc == ERR_OK && stored.proof_bytes > 0)
        rc = doc_parse_object(stored.proof, stored.proof_bytes, &origin, asked->err);
    if (rc < 0)
        return rc;
    return told(asked, json_pack("{s:s,s:s#,s:o,s:o}", "act", stored.act.id, "bytes", stored.act.bytes,
                                 (int)stored.act.size_bytes, "proof", proof_act_write(&proof), "origin",
                                 origin ? origin : json_null()));
}

static enum errc act_receipts(struct asked *asked)
{
    struct stored_act stored = {0};
    struct receipt *receipts = NULL;
    size_t count = 0;
    enum errc rc = load(asked, &stored);
    if (rc == ERR_OK)
        rc = receipts_list(asked->reader->store, stored.act.id, asked->arena, &receipts, &count, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, view_receipt(&receipts[i]));
    return told_list(asked, items, NULL);
}

/* Per peer: queued, sent, acknowledged, refused with its clause, or held with the reason. */
static enum errc act_deliveries(struct asked *asked)
{
    struct stored_act stored = {0};
    struct outbox_page page = {0};
    enum errc rc = load(asked, &stored);
    struct outbox_filter filter = {.act = rc == ERR_OK ? stored.act.id : NULL, .limit = OUTBOX_LIMIT_MAX};
    if (rc == ERR_OK)
        rc = outbox_list(asked->reader->store, &filter, asked->arena, &page, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++)
        (void)json_array_append_new(items, view_outbox(&page.items[i]));
    return told_list(asked, items, NULL);
}

/* --- ledger --------------------------------------------------------------------------------------- */

static enum errc head(struct asked *asked)
{
    struct tree_head head;
    int64_t size = -1;
    enum errc rc = asked_int(asked, "size", 1, INT64_MAX, &size);
    if (rc == ERR_OK)
        rc = size < 0 ? ledger_last_head(asked->reader->store, &head, asked->err)
                      : ledger_head_at(asked->reader->store, (uint64_t)size, &head, asked->err);
    if (rc == ERR_NOT_FOUND)
        return not_here(asked, "query.size", "tree head");
    return rc < 0 ? rc : told(asked, proof_head_write(&head));
}

static enum errc consistency(struct asked *asked)
{
    struct growth_proof proof;
    int64_t size = (int64_t)ledger_size(asked->reader->store);
    int64_t from = 0;
    int64_t to = size;
    enum errc rc = asked_int(asked, "from", 1, size, &from);
    if (rc == ERR_OK)
        rc = asked_int(asked, "to", 1, size, &to);
    if (rc == ERR_OK && (from < 1 || from > to))
        rc = asked_wrong(asked, "from", "say from which size on; not larger than `to`");
    if (rc == ERR_OK)
        rc = ledger_prove_growth(asked->reader->store, (uint64_t)from, (uint64_t)to, &proof, asked->err);
    return rc < 0 ? rc : told(asked, proof_growth_write(&proof));
}

static enum errc witnesses(struct asked *asked)
{
    struct ledger_witness *rows = NULL;
    size_t count = 0;
    size_t limit = 0;
    int64_t from = 0;
    enum errc rc = asked_int(asked, "from", 0, INT64_MAX, &from);
    if (rc == ERR_OK)
        rc = asked_limit(asked, &limit);
    if (rc == ERR_OK)
        rc = ledger_witnesses(asked->reader->store, (uint64_t)from, limit, asked->arena, &rows, &count,
                              asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, json_pack("{s:I,s:o}", "size", (json_int_t)rows[i].size,
                                                     "cosignature", proof_cosignature_write(&rows[i].cosig)));
    return told_list(asked, items, NULL);
}

const struct query_row QUERIES_ACTS[] = {
    {"acts", acts},
    {"matter_acts", matter_acts},
    {"act", act},
    {"act_bytes", act_bytes},
    {"act_proof", act_proof},
    {"act_receipts", act_receipts},
    {"act_deliveries", act_deliveries},
    {"ledger_head", head},
    {"ledger_consistency", consistency},
    {"ledger_witnesses", witnesses},
    {NULL, NULL},
};

/* --- the live stream ------------------------------------------------------------------------------ */

static enum errc tell(const struct stored_act *stored, query_event_fn fn, void *context, struct err *err)
{
    const struct act *act = &stored->act;
    struct query_event event = {stored->pos + 1, act->kind, act->root ? act->root : "", NULL};
    struct buf text;
    json_t *doc = json_pack("{s:I,s:s,s:s,s:o,s:o,s:s,s:o,s:o}", "pos", (json_int_t)stored->pos, "id",
                            act->id, "kind", act->kind, "subject", text_json(act->subject), "root",
                            text_json(act->root), "node", act->node, "from", text_json(stored->from_node),
                            "recorded", view_time(act->recorded_ms));
    buf_init(&text, DOC_BYTES_MAX);
    enum errc rc = doc_write(doc, &text, err);
    if (rc == ERR_OK) {
        event.data = text.data;
        fn(context, &event);
    }
    json_decref(doc);
    buf_done(&text);
    return rc;
}

enum errc query_events(const struct query_reader *reader, int64_t after, size_t count, query_event_fn fn,
                       void *context, int64_t *out_through, struct err *err)
{
    enum { EVENTS_ARENA_BYTES = 64 << 20 };
    const struct act_filter filter = {.after_pos = after - 1, .limit = count};
    struct act_page page = {0};
    struct arena arena;
    arena_init(&arena, EVENTS_ARENA_BYTES);
    enum errc rc = acts_list(reader->store, &filter, &arena, &page, err);
    for (size_t i = 0; rc == ERR_OK && i < page.count; i++)
        rc = tell(&page.items[i], fn, context, err);
    if (rc == ERR_OK)
        *out_through = page.count > 0 ? page.items[page.count - 1].pos + 1 : after;
    arena_done(&arena);
    return rc;
}
