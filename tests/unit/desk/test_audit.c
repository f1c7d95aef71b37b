#include "desk/audit.h"

#include "lib/check.h"
#include "unit/desk/audited.h"

#include <string.h>

static struct world world;
static char altered[UUID_TEXT_SIZE];
static int64_t target;

static int setup(void **state)
{
    (void)state;
    audited_open(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

static bool is_ok(json_t *report)
{
    return json_is_true(json_object_get(report, "ok"));
}

static const char *why_of(json_t *report, size_t index)
{
    const char *why = json_string_value(
        json_object_get(json_array_get(json_object_get(report, "problems"), index), "why"));
    return why ? why : "";
}

static void an_untouched_ledger_is_sound_and_names_its_witnesses(void **state)
{
    static const char *const NODES[] = {"miit", "pca-330000", "pca-320000", "tel-zj", "tel-js"};
    (void)state;
    for (size_t i = 0; i < sizeof NODES / sizeof NODES[0]; i++) {
        json_t *report = audited(&world, NODES[i], NULL);
        if (!is_ok(report))
            fail_msg("%s: %s", NODES[i], why_of(report, 0));
        json_decref(report);
    }
    json_t *report = audited(&world, "tel-zj", NULL);
    assert_int_equal(json_array_size(json_object_get(report, "witnesses")), 2);
    assert_int_equal(json_integer_value(json_object_get(report, "acts")),
                     json_integer_value(json_object_get(report, "tree_size")));
    assert_int_equal(strlen(json_string_value(json_object_get(report, "root"))), 64);
    json_decref(report);
}

static void flip_own(struct stored_act *stored, char *bytes)
{
    if (stored->pos != target)
        return;
    /* Inside a text, so that the form stays right. */
    char *person = memmem(bytes, stored->act.size_bytes, "\"person\":\"", 10);
    assert_non_null(person);
    person[12] ^= 1;
    memcpy(altered, stored->act.id, sizeof altered);
}

static void one_altered_byte_is_found_by_the_signed_root(void **state)
{
    (void)state;
    struct falsifier falsifier = {.act = flip_own, .omit = -1};
    target = 0;
    json_t *report = audited(&world, "tel-zj", &falsifier);
    assert_false(is_ok(report));
    assert_non_null(strstr(why_of(report, 0), "one of number 0"));
    json_decref(report);
}

static void an_altered_act_of_a_peer_is_named(void **state)
{
    (void)state;
    struct falsifier falsifier = {.act = flip_own, .omit = -1};
    target = 0; /* the ministry's first act came from the enterprise */
    json_t *report = audited(&world, "miit", &falsifier);
    json_t *problem = json_array_get(json_object_get(report, "problems"), 0);
    assert_string_equal(json_string_value(json_object_get(problem, "act")), altered);
    json_decref(report);
}

static void an_omitted_act_is_missed(void **state)
{
    (void)state;
    struct falsifier falsifier = {.omit = 1};
    json_t *report = audited(&world, "tel-zj", &falsifier);
    assert_false(is_ok(report));
    assert_non_null(strstr(why_of(report, 0), "missing"));
    json_decref(report);
}

static void resize(struct tree_head *head)
{
    head->time_ms += 1;
}

static void break_cosignature(struct cosignature *cosignature)
{
    cosignature->time_ms += 1;
}

static void a_changed_head_or_witness_is_no_longer_signed(void **state)
{
    (void)state;
    struct falsifier head = {.head = resize, .omit = -1};
    json_t *report = audited(&world, "tel-zj", &head);
    assert_false(is_ok(report));
    assert_int_equal(json_array_size(json_object_get(report, "witnesses")), 0);
    json_decref(report);
    struct falsifier witness = {.witness = break_cosignature, .omit = -1};
    report = audited(&world, "tel-zj", &witness);
    assert_false(is_ok(report));
    assert_int_equal(json_array_size(json_object_get(report, "witnesses")), 0);
    json_decref(report);
}

static void forget_own(struct node_card *card)
{
    if (strcmp(card->id, "tel-zj") == 0)
        card->id = "somebody";
}

static void a_node_that_nobody_enrolled_is_not_believed(void **state)
{
    (void)state;
    struct falsifier falsifier = {.anchor = forget_own, .omit = -1};
    json_t *own = audited(&world, "tel-zj", &falsifier);
    assert_false(is_ok(own));
    json_decref(own);
    json_t *peer = audited(&world, "miit", &falsifier);
    assert_non_null(strstr(why_of(peer, 0), "nobody has enrolled"));
    json_decref(peer);
}

static void cut_annex(struct stored_act *stored, char *bytes)
{
    (void)bytes;
    static const char OTHER[] =
        "{\"contact\":{\"salt\":\"00000000000000000000000000000000\",\"value\":\"李四\"}}";
    if (stored->annex_bytes > 0) {
        stored->annex = OTHER;
        stored->annex_bytes = sizeof OTHER - 1;
    }
}

static void a_secret_must_be_the_one_committed_to(void **state)
{
    (void)state;
    struct falsifier falsifier = {.act = cut_annex, .omit = -1};
    json_t *report = audited(&world, "tel-zj", &falsifier);
    assert_false(is_ok(report));
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_ledger_is_sound_and_names_its_witnesses),
        cmocka_unit_test(one_altered_byte_is_found_by_the_signed_root),
        cmocka_unit_test(an_altered_act_of_a_peer_is_named),
        cmocka_unit_test(an_omitted_act_is_missed),
        cmocka_unit_test(a_changed_head_or_witness_is_no_longer_signed),
        cmocka_unit_test(a_node_that_nobody_enrolled_is_not_believed),
        cmocka_unit_test(a_secret_must_be_the_one_committed_to),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
