#include "lib/parcel.h"

#include "base/proof.h"
#include "lib/check.h"
#include "store/ledger.h"

void parcel_pack(struct parcel *parcel, struct world *world, const char *from, const char *to, int64_t n)
{
    struct err err;
    struct act_proof proof;
    struct buf text;
    struct world_node *maker = world_node(world, from);
    *parcel = (struct parcel){.world = world, .from = from, .to = to};
    arena_init(&parcel->arena, 16 << 20);
    buf_init(&text, 1 << 20);
    assert_ok(acts_at(maker->store, desk_last_pos(maker->desk), &parcel->arena, &parcel->stored, &err), &err);
    assert_ok(ledger_prove_act(maker->store, parcel->stored.pos, LEDGER_FIRST, &proof, &err), &err);
    json_t *doc = proof_act_write(&proof);
    assert_ok(doc_write(doc, &text, &err), &err);
    parcel->item = (struct incoming){
        .n = n,
        .bytes = parcel->stored.act.bytes,
        .size_bytes = parcel->stored.act.size_bytes,
        .annex = arena_strndup(&parcel->arena, parcel->stored.annex, parcel->stored.annex_bytes),
        .proof = arena_strdup(&parcel->arena, text.data),
        .targets = &parcel->to,
        .target_count = 1};
    json_decref(doc);
    buf_done(&text);
}

void parcel_done(struct parcel *parcel)
{
    arena_done(&parcel->arena);
}

enum received parcel_hand_over(struct parcel *parcel, int64_t *last)
{
    struct err err;
    struct desk *desk = world_node(parcel->world, parcel->to)->desk;
    assert_ok(desk_receive_batch(desk, parcel->from, &parcel->item, 1, last, &err), &err);
    return parcel->item.received;
}
