#include "unit/desk/audited.h"

#include "lib/check.h"
#include "store/ledger.h"

#include <string.h>

/* clang-format off */
#define REPORT \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"六省\"," \
    "\"harm\":\"无法上网\",\"measures\":\"切换解析\",\"advice\":\"请协调\",\"region\":\"330000\"," \
    "\"contact\":\"张三 13800000000\",\"facts\":{\"happened\":true}}"
/* clang-format on */

struct passing {
    struct ledger_sink to;
    const struct falsifier *falsifier;
};

static enum errc pass_anchor(void *context, const struct node_card *card, struct err *err)
{
    const struct passing *p = context;
    struct node_card copy = *card;
    if (p->falsifier->anchor)
        p->falsifier->anchor(&copy);
    return p->to.anchor(p->to.context, &copy, err);
}

static enum errc pass_act(void *context, const struct stored_act *stored, struct err *err)
{
    static char bytes[256 << 10];
    const struct passing *p = context;
    struct stored_act copy = *stored;
    if (stored->pos == p->falsifier->omit)
        return ERR_OK;
    memcpy(bytes, stored->act.bytes, stored->act.size_bytes);
    copy.act.bytes = bytes;
    if (p->falsifier->act)
        p->falsifier->act(&copy, bytes);
    return p->to.act(p->to.context, &copy, err);
}

static enum errc pass_head(void *context, const struct tree_head *head, struct err *err)
{
    const struct passing *p = context;
    struct tree_head copy = *head;
    if (p->falsifier->head)
        p->falsifier->head(&copy);
    return p->to.head(p->to.context, &copy, err);
}

static enum errc pass_witness(void *context, const struct cosignature *cosignature, struct err *err)
{
    const struct passing *p = context;
    struct cosignature copy = *cosignature;
    if (p->falsifier->witness)
        p->falsifier->witness(&copy);
    return p->to.witness(p->to.context, &copy, err);
}

/* The witness sees the whole ledger at once: nothing kept yet, so no growth is asked for. */
static void witness(struct world *world, const char *node, const char *by)
{
    struct tree_head head;
    struct cosignature cosig;
    struct err err;
    struct world_node *of = world_node(world, node);
    assert_ok(ledger_last_head(of->store, &head, &err), &err);
    assert_ok(seal_cosign(world_node(world, by)->seal, &head, NULL, world->now_ms, &cosig, &err), &err);
    assert_ok(store_begin(of->store, &err), &err);
    assert_ok(ledger_save_cosignature(of->store, head.tree.size, &cosig, &err), &err);
    assert_ok(store_commit(of->store, &err), &err);
}

void audited_open(struct world *world)
{
    struct submission sub;
    world_open(world);
    world_people(world);
    assert_ok(world_act(world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    assert_true(world_deliver(world) > 0);
    witness(world, "tel-zj", "pca-330000");
    witness(world, "tel-zj", "miit");
}

json_t *audited(struct world *world, const char *node, const struct falsifier *falsifier)
{
    static const struct falsifier NONE = {.omit = -1};
    struct audit *audit = NULL;
    struct err err;
    const struct audit_ledger ledger = {node, "real", SUITE_P256_SHA256};
    assert_ok(audit_new(&ledger, &audit, &err), &err);
    struct passing passing = {ledger_audit_sink(audit), falsifier ? falsifier : &NONE};
    struct ledger_sink sink = {&passing, pass_anchor, pass_act, pass_head, pass_witness};
    assert_ok(ledger_walk(world_node(world, node)->store, &sink, &err), &err);
    json_t *report = audit_end(audit);
    assert_non_null(report);
    audit_free(audit);
    return report;
}
