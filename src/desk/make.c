#include "desk/desk_internal.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/route.h"
#include "desk/story.h"
#include "domain/act.h"
#include "store/acts.h"

#include <string.h>

static enum errc next_seq(struct desk *desk, int64_t *out, struct err *err)
{
    if (desk->next_seq == 0) {
        enum errc rc = acts_next_seq(desk->parts.store, desk->parts.node, &desk->next_seq, err);
        if (rc < 0)
            return rc;
        if (desk->next_seq < desk->seq_floor)
            desk->next_seq = desk->seq_floor;
    }
    *out = desk->next_seq;
    return ERR_OK;
}

/* What was told by telephone first was done when it was told, whenever it is typed in. */
static int64_t happened_ms(const struct making *making)
{
    const char *told = json_string_value(json_object_get(making->body, "told"));
    int64_t ms = 0;
    if (making->happened_ms)
        return making->happened_ms;
    if (told && civil_parse_time(told, &ms, NULL) >= 0 && ms < making->recorded_ms)
        return ms;
    return making->recorded_ms;
}

static enum errc draft(struct desk *desk, const struct loaded *loaded, struct making *making, struct act *out,
                       struct err *err)
{
    const struct matter *matter = &loaded->matter;
    bool free = matter->row->free && !matter->subject;
    struct act act = {.id = making->act,
                      .universe = store_identity(desk->parts.store)->universe,
                      .node = desk->parts.node,
                      .kind = matter->row->kind,
                      .subject = free ? "" : making->subject,
                      .opens = !free && !matter->subject,
                      .root = free ? "" : making->root,
                      .parent = matter->parent && !matter->subject ? matter->parent->id : "",
                      .person = making->person,
                      .post = making->post,
                      .happened_ms = happened_ms(making),
                      .recorded_ms = making->recorded_ms,
                      .pack = making->ruling->pack,
                      .pack_version = making->ruling->pack_version,
                      .clause = making->ruling->clause,
                      .to = making->to.ids,
                      .to_count = making->to.count,
                      .body = making->body};
    enum errc rc = next_seq(desk, &act.seq, err);
    if (rc >= 0)
        rc = env_uuid(desk->parts.env, making->act, err);
    if (rc >= 0 && matter->subject)
        memcpy(making->subject, matter->subject->id, UUID_TEXT_SIZE);
    else if (rc >= 0 && !free)
        rc = env_uuid(desk->parts.env, making->subject, err);
    if (rc < 0)
        return rc;
    const char *root = matter->subject  ? matter->subject->root
                       : matter->parent ? matter->parent->root
                                        : making->subject;
    memcpy(making->root, root, UUID_TEXT_SIZE);
    *out = act;
    return ERR_OK;
}

static enum errc take_secrets(struct desk *desk, const struct act_row *row, struct act *act,
                              struct arena *arena, const char **out_annex, struct err *err)
{
    json_t *annex = NULL;
    unsigned char *salts = arena_array(arena, row->fields_count, ACT_SALT_BYTES);
    if (!salts)
        return err_set(err, ERR_NOMEM, "no memory for salts");
    enum errc rc = env_random(desk->parts.env, salts, (size_t)row->fields_count * ACT_SALT_BYTES, err);
    if (rc >= 0)
        rc = act_seal_secrets(row, act->body, salts, &act->commits, &annex, err);
    *out_annex = "";
    if (rc < 0 || !annex)
        return rc;
    struct buf text;
    buf_init(&text, ACT_BYTES_MAX);
    rc = doc_write(annex, &text, err);
    json_decref(annex);
    if (rc >= 0 && !(*out_annex = arena_strndup(arena, text.data, text.size_bytes)))
        rc = err_set(err, ERR_NOMEM, "no memory for what travels beside an act");
    buf_done(&text);
    return rc;
}

/* From here on only the bytes count: the act is read back from them, as a peer will read it. */
static enum errc to_bytes(struct act *act, struct arena *arena, json_t **out_doc, struct err *err)
{
    struct buf buf;
    struct act read;
    buf_init(&buf, ACT_BYTES_MAX + 4096);
    enum errc rc = act_write(act, &buf, err);
    char *bytes = rc >= 0 ? arena_strndup(arena, buf.data, buf.size_bytes) : NULL;
    if (rc >= 0 && !bytes)
        rc = err_set(err, ERR_NOMEM, "no memory for the bytes of an act");
    if (rc >= 0)
        rc = act_read(bytes, buf.size_bytes, arena, &read, out_doc, err);
    buf_done(&buf);
    if (rc >= 0)
        *act = read;
    return rc;
}

enum errc make_act(struct desk *desk, struct loaded *loaded, struct making *making, struct arena *arena,
                   struct err *err)
{
    struct record record = {.from = "", .proof = "", .annex = ""};
    json_t *doc = NULL;
    making->recorded_ms = env_now_ms(desk->parts.env);
    record.received_ms = making->recorded_ms;
    enum errc rc = draft(desk, loaded, making, &record.act, err);
    if (rc >= 0)
        rc = take_secrets(desk, loaded->matter.row, &record.act, arena, &record.annex, err);
    json_t *commits = record.act.commits;
    if (rc >= 0)
        rc = to_bytes(&record.act, arena, &doc, err);
    struct story story;
    if (rc >= 0)
        rc = story_newcomers(loaded, &making->to, arena, &story, err);
    if (rc >= 0) {
        loaded->matter.body = record.act.body;
        rc = record_act(desk, loaded, &record, arena, err);
    }
    if (rc >= 0) {
        desk->next_seq = record.act.seq + 1;
        rc = story_tell(desk, &story, record.pos, arena, err);
    }
    if (rc >= 0)
        rc = route_act(desk, &record.act, record.act.to, record.act.to_count, arena, err);
    if (rc >= 0)
        rc = follow_act(desk, loaded, &record.act, 0, arena, err);
    making->pos = record.pos;
    making->rev = loaded->matter.subject ? loaded->matter.subject->rev : 0;
    json_decref(commits);
    json_decref(doc);
    return rc;
}
