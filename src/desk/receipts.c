#include "desk/receipts.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/desk_internal.h"
#include "domain/duties.h"
#include "store/duties.h"
#include "store/inbox.h"

/* The receiver's receipt discharges what this act performed towards it. */
static enum errc discharge(struct desk *desk, const struct receipt *receipt, struct arena *arena,
                           struct err *err)
{
    struct duty_filter filter = {
        .done_act = receipt->act, .receiver = receipt->node, .limit = DUTIES_LIMIT_MAX};
    struct duty_page page = {0};
    enum errc rc = duties_list(desk->parts.store, &filter, arena, &page, err);
    for (size_t i = 0; rc >= 0 && i < page.count; i++) {
        struct duty duty = page.items[i];
        if (duty.state != DUTY_PERFORMED)
            continue;
        duty_receipt(&duty, receipt->receipt_act, receipt->received_ms);
        rc = duties_save(desk->parts.store, &duty, err);
    }
    return rc;
}

static const char *text(const json_t *doc, const char *name)
{
    const char *said = json_string_value(json_object_get(doc, name));
    return said ? said : "";
}

enum errc receipts_apply(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    if (!streq(act->kind, "receipt.given"))
        return ERR_OK;
    int64_t received_ms = 0;
    enum errc rc = civil_parse_time(text(act->body, "received"), &received_ms, err);
    const char *id;
    json_t *entry;
    json_object_foreach(json_object_get(act->body, "acts"), id, entry)
    {
        struct receipt receipt = {.act = id,
                                  .node = act->node,
                                  .receipt_act = act->id,
                                  .received_ms = received_ms,
                                  .state = text(entry, "state"),
                                  .reason = text(entry, "why"),
                                  .clause = text(entry, "clause")};
        if (rc >= 0)
            rc = receipts_save(desk->parts.store, &receipt, err);
        if (rc >= 0 && streq(receipt.state, "accepted"))
            rc = discharge(desk, &receipt, arena, err);
    }
    return rc;
}
