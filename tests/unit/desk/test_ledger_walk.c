#include "desk/ledger_walk.h"

#include "lib/check.h"
#include "store/ledger.h"
#include "unit/desk/audited.h"

/* What came, in order. */
struct seen {
    int64_t acts;
    uint64_t covered;
    size_t anchors;
    size_t heads;
    size_t witnesses;
    bool head_last;
    int64_t fail_at;
};

static enum errc see_anchor(void *context, const struct node_card *card, struct err *err)
{
    struct seen *seen = context;
    (void)card;
    (void)err;
    assert_int_equal(seen->acts, 0);
    seen->anchors++;
    return ERR_OK;
}

static enum errc see_act(void *context, const struct stored_act *stored, struct err *err)
{
    struct seen *seen = context;
    if (stored->pos == seen->fail_at)
        return err_set(err, ERR_FULL, "no more room");
    assert_int_equal(stored->pos, seen->acts);
    seen->acts++;
    seen->head_last = false;
    return ERR_OK;
}

static enum errc see_head(void *context, const struct tree_head *head, struct err *err)
{
    struct seen *seen = context;
    (void)err;
    assert_int_equal(head->tree.size, seen->acts);
    assert_true(head->tree.size > seen->covered);
    seen->covered = head->tree.size;
    seen->heads++;
    seen->head_last = true;
    return ERR_OK;
}

static enum errc see_witness(void *context, const struct cosignature *cosignature, struct err *err)
{
    struct seen *seen = context;
    (void)cosignature;
    (void)err;
    assert_true(seen->head_last);
    seen->witnesses++;
    return ERR_OK;
}

static void every_act_comes_once_and_every_head_behind_its_acts(void **state)
{
    struct world *world = *state;
    struct seen seen = {.fail_at = -1};
    struct ledger_sink sink = {&seen, see_anchor, see_act, see_head, see_witness};
    struct store *store = world_node(world, "tel-zj")->store;
    struct err err;
    assert_ok(ledger_walk(store, &sink, &err), &err);
    assert_int_equal(seen.acts, ledger_size(store));
    assert_int_equal(seen.covered, ledger_size(store));
    assert_int_equal(seen.anchors, 7);
    assert_int_equal(seen.witnesses, 2);
    assert_true(seen.heads >= 2);
}

static void an_error_of_the_sink_ends_the_walk(void **state)
{
    struct world *world = *state;
    struct seen seen = {.fail_at = 1};
    struct ledger_sink sink = {&seen, see_anchor, see_act, see_head, see_witness};
    struct err err;
    assert_code(ledger_walk(world_node(world, "tel-zj")->store, &sink, &err), ERR_FULL);
    assert_int_equal(seen.acts, 1);
}

static int setup(void **state)
{
    static struct world world;
    audited_open(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_comes_once_and_every_head_behind_its_acts),
        cmocka_unit_test(an_error_of_the_sink_ends_the_walk),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
