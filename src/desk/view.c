#include "desk/view.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/cards.h"

json_t *view_time(int64_t ms)
{
    char text[CIVIL_TIME_SIZE];
    if (ms == 0)
        return json_null();
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    return json_string(text);
}

static json_t *words(const char *name, const char *zh, const char *en)
{
    return json_pack("{s:s,s:s,s:s}", "name", name, "zh", zh, "en", en);
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

json_t *view_subject(const struct view *view, const struct subject *subject)
{
    const struct subject_row *type = catalogue_subject(view->catalogue, subject->type);
    const struct state_row *state = type ? catalogue_state(type, subject->state) : NULL;
    json_t *out = json_pack("{s:s,s:s,s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:s,s:I,s:o,s:o}", "id", subject->id,
                            "type", subject->type, "root", subject->root, "parent",
                            text_or_null(subject->parent), "state",
                            words(subject->state, state ? state->zh : subject->state, state ? state->en : ""),
                            "owner", subject->owner, "title", text_or_null(subject->title), "region",
                            text_or_null(subject->region), "level", text_or_null(level_name(subject->level)),
                            "colour", text_or_null(colour_name(subject->colour)), "type_zh",
                            type ? type->zh : "", "rev", (json_int_t)subject->rev, "opened",
                            view_time(subject->opened_ms), "updated", view_time(subject->updated_ms));
    if (subject->doc)
        (void)json_object_set(out, "doc", subject->doc);
    return out;
}

/* How a duty stands now: what is late is late from its due time; what has no number is only measured. */
static const char *standing(const struct view *view, const struct duty *duty)
{
    bool done = duty->state == DUTY_PERFORMED || duty->state == DUTY_DISCHARGED;
    int64_t at = done ? duty->done_ms : view->now_ms;
    if (duty->state == DUTY_CANCELLED)
        return "cancelled";
    if (duty->due_ms > 0 && at > duty->due_ms)
        return done ? "done_late" : "overdue";
    return done ? "done" : "open";
}

json_t *view_duty(const struct view *view, const struct duty *duty)
{
    const struct pack *pack = pack_set_find(view->packs, duty->pack);
    const struct duty_row *row = pack ? pack_duty(pack, duty->rule) : NULL;
    json_t *out = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:o}", "id", duty->id, "rule", duty->rule,
                            "pack", duty->pack, "clause", duty->clause, "subject", duty->subject, "root",
                            duty->root, "owner", duty->owner, "receiver", text_or_null(duty->receiver),
                            "opened_act", duty->opened_act, "opened", view_time(duty->opened_ms));
    (void)json_object_update_new(
        out, json_pack("{s:s,s:o,s:b,s:o,s:s,s:s,s:o,s:o,s:o,s:o}", "deadline", deadline_name(duty->deadline),
                       "due", view_time(duty->due_ms), "provisional", duty->provisional, "calendar",
                       text_or_null(duty->calendar), "state", duty_state_name(duty->state), "standing",
                       standing(view, duty), "done_act", text_or_null(duty->done_act), "done",
                       view_time(duty->done_ms), "receipt_act", text_or_null(duty->receipt_act), "receipt",
                       view_time(duty->receipt_ms)));
    if (duty->done_ms > 0)
        (void)json_object_set_new(out, "took_ms", json_integer(duty->done_ms - duty->opened_ms));
    if (row) {
        (void)json_object_set_new(out, "text", json_string(row->law->zh));
        (void)json_object_set_new(out, "performed_by", json_array());
        for (uint32_t i = 0; i < row->performed_by.count; i++)
            (void)json_array_append_new(json_object_get(out, "performed_by"),
                                        json_string(row->performed_by.at[i]));
    }
    return out;
}

json_t *view_act(const struct view *view, const struct stored_act *stored)
{
    const struct act *act = &stored->act;
    const struct act_row *row = catalogue_act(view->catalogue, act->kind, NULL);
    json_t *written = json_loadb(act->bytes, act->size_bytes, JSON_REJECT_DUPLICATES, NULL);
    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:s#}", "pos", (json_int_t)stored->pos, "id", act->id,
                     "kind", act->kind, "kind_zh", row ? row->zh : "", "node", act->node, "received",
                     view_time(stored->received_ms), "from", text_or_null(stored->from_node), "act",
                     written ? written : json_null(), "bytes", act->bytes, (int)act->size_bytes);
}

json_t *view_receipt(const struct receipt *receipt)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:s,s:o,s:o}", "act", receipt->act, "node", receipt->node,
                     "receipt_act", receipt->receipt_act, "received", view_time(receipt->received_ms),
                     "state", receipt->state, "why", text_or_null(receipt->reason), "clause",
                     text_or_null(receipt->clause));
}

json_t *view_outbox(const struct outbox_item *item)
{
    json_t *targets = json_array();
    for (size_t i = 0; i < item->target_count; i++)
        (void)json_array_append_new(targets, json_string(item->targets[i]));
    return json_pack("{s:s,s:s,s:I,s:o,s:s,s:o,s:o,s:I,s:o,s:o,s:o}", "peer", item->peer, "act", item->act,
                     "n", (json_int_t)item->n, "targets", targets, "state", outbox_state_name(item->state),
                     "why", text_or_null(item->reason), "clause", text_or_null(item->clause), "tries",
                     (json_int_t)item->tries, "queued", view_time(item->queued_ms), "sent",
                     view_time(item->sent_ms), "done", view_time(item->done_ms));
}

json_t *view_peer(const struct peer *peer, const struct node_card *card)
{
    json_t *shown = card ? card_write(card) : json_null();
    return json_pack("{s:s,s:o,s:s,s:s,s:o,s:I,s:I,s:o}", "id", peer->id, "card", shown, "url", peer->url,
                     "state", peer->state, "seen", view_time(peer->seen_ms), "skew_ms",
                     (json_int_t)peer->skew_ms, "failures", (json_int_t)peer->failures, "why",
                     text_or_null(peer->reason));
}
