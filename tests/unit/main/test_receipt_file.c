#include "main/receipt_file.h"

#include "lib/check.h"
#include "store/acts.h"
#include "unit/desk/audited.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct world world;
    struct arena arena;
    char act[UUID_TEXT_SIZE]; /* the report of tel-zj */
};

static json_t *make(struct fixture *f)
{
    json_t *file = NULL;
    struct err err;
    assert_ok(receipt_file_make(world_node(&f->world, "tel-zj")->store, f->act, &f->arena, &file, &err),
              &err);
    return file;
}

static bool verify(struct fixture *f, json_t *file, json_t **out)
{
    json_t *report = NULL;
    struct err err;
    assert_ok(receipt_file_verify(file, &f->arena, &report, &err), &err);
    bool ok = json_is_true(json_object_get(report, "ok"));
    if (out)
        *out = report;
    else
        json_decref(report);
    return ok;
}

static void a_receipt_proves_who_received_what_and_when(void **state)
{
    struct fixture *f = *state;
    json_t *report = NULL;
    json_t *file = make(f);
    assert_true(verify(f, file, &report));
    assert_true(json_array_size(json_object_get(report, "receipts")) >= 2);
    json_t *first = json_array_get(json_object_get(report, "receipts"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "state")), "accepted");
    assert_true(json_integer_value(json_object_get(report, "tree_size")) > 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(report, "act"), "id")), f->act);
    json_decref(report);
    json_decref(file);
}

/* Replaces a piece of a text member by another of the same length. */
static void alter(json_t *object, const char *name, const char *from, const char *to)
{
    char *copy = strdup(json_string_value(json_object_get(object, name)));
    char *at = strstr(copy, from);
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    assert_int_equal(json_object_set_new(object, name, json_string(copy)), 0);
    free(copy);
}

static void an_altered_act_receipt_or_proof_does_not_hold(void **state)
{
    struct fixture *f = *state;
    json_t *file = make(f);
    alter(file, "act", "六省断网", "七省断网");
    assert_false(verify(f, file, NULL));
    json_decref(file);
    file = make(f);
    json_t *receipt = json_array_get(json_object_get(file, "receipts"), 0);
    alter(receipt, "act", "accepted", "acceptee");
    assert_false(verify(f, file, NULL));
    json_decref(file);
    file = make(f);
    receipt = json_array_get(json_object_get(file, "receipts"), 0);
    alter(receipt, "proof", "\"pos\":", "\"poz\":");
    assert_false(verify(f, file, NULL));
    json_decref(file);
}

static void a_receipt_under_anothers_card_does_not_hold(void **state)
{
    struct fixture *f = *state;
    json_t *file = make(f);
    json_t *a = json_array_get(json_object_get(file, "receipts"), 0);
    json_t *b = json_array_get(json_object_get(file, "receipts"), 1);
    json_t *card = json_incref(json_object_get(a, "card"));
    (void)json_object_set(a, "card", json_object_get(b, "card"));
    json_decref(card);
    assert_false(verify(f, file, NULL));
    (void)json_array_clear(json_object_get(file, "receipts"));
    assert_false(verify(f, file, NULL));
    json_decref(file);
}

static void what_nobody_has_confirmed_has_no_receipt(void **state)
{
    struct fixture *f = *state;
    json_t *file = NULL;
    struct err err;
    struct store *store = world_node(&f->world, "miit")->store;
    assert_code(receipt_file_make(store, f->act, &f->arena, &file, &err), ERR_NOT_FOUND);
    assert_code(receipt_file_make(store, "nothing", &f->arena, &file, &err), ERR_NOT_FOUND);
}

static void a_document_of_another_form_is_an_error(void **state)
{
    struct fixture *f = *state;
    json_t *report = NULL;
    struct err err;
    json_t *file = make(f);
    (void)json_object_set_new(file, "more", json_true());
    assert_code(receipt_file_verify(file, &f->arena, &report, &err), ERR_INVALID);
    (void)json_object_del(file, "more");
    (void)json_object_set_new(file, "v", json_integer(2));
    assert_code(receipt_file_verify(file, &f->arena, &report, &err), ERR_INVALID);
    json_decref(file);
}

static int setup(void **state)
{
    static struct fixture f;
    struct stored_act first;
    struct err err;
    audited_open(&f.world);
    arena_init(&f.arena, 64 << 20);
    assert_ok(acts_at(world_node(&f.world, "tel-zj")->store, 0, &f.arena, &first, &err), &err);
    memcpy(f.act, first.act.id, sizeof f.act);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_done(&f->arena);
    world_close(&f->world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_proves_who_received_what_and_when),
        cmocka_unit_test(an_altered_act_receipt_or_proof_does_not_hold),
        cmocka_unit_test(a_receipt_under_anothers_card_does_not_hold),
        cmocka_unit_test(what_nobody_has_confirmed_has_no_receipt),
        cmocka_unit_test(a_document_of_another_form_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
