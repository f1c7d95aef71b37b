#include "desk/view.h"

#include "lib/check.h"
#include "lib/law.h"

static struct law LAW;

static const char *text(json_t *doc, const char *name)
{
    const char *said = json_string_value(json_object_get(doc, name));
    return said ? said : "";
}

static void a_duty_says_how_it_stands(void **state)
{
    (void)state;
    struct view view = {LAW.catalogue, LAW.packs, 1000000};
    struct duty duty = {.id = "d",
                        .rule = "004.6.1a",
                        .pack = "miit-2017-281",
                        .clause = "6.1",
                        .subject = "s",
                        .root = "r",
                        .owner = "a",
                        .receiver = "b",
                        .opened_act = "o",
                        .opened_ms = 1000,
                        .deadline = DEADLINE_WORKING_DAYS,
                        .due_ms = 500000,
                        .calendar = "",
                        .done_act = "",
                        .receipt_act = ""};
    json_t *doc = view_duty(&view, &duty);
    assert_string_equal(text(doc, "standing"), "overdue");
    assert_true(json_string_length(json_object_get(doc, "text")) > 0);
    json_decref(doc);
    duty.state = DUTY_DISCHARGED;
    duty.done_ms = 400000;
    doc = view_duty(&view, &duty);
    assert_string_equal(text(doc, "standing"), "done");
    assert_int_equal(json_integer_value(json_object_get(doc, "took_ms")), 399000);
    json_decref(doc);
    duty.done_ms = 600000;
    doc = view_duty(&view, &duty);
    assert_string_equal(text(doc, "standing"), "done_late");
    json_decref(doc);
}

static void a_matter_is_shown_with_its_words(void **state)
{
    (void)state;
    struct view view = {LAW.catalogue, LAW.packs, 0};
    struct subject subject = {.id = "i",
                              .type = "warning",
                              .root = "i",
                              .parent = "",
                              .state = "published",
                              .owner = "miit",
                              .region = "",
                              .colour = COLOUR_ORANGE,
                              .title = "预警",
                              .rev = 2};
    json_t *doc = view_subject(&view, &subject);
    assert_string_equal(text(doc, "colour"), "orange");
    assert_true(json_is_null(json_object_get(doc, "level")));
    assert_string_equal(text(json_object_get(doc, "state"), "zh"), "已发布");
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_duty_says_how_it_stands),
        cmocka_unit_test(a_matter_is_shown_with_its_words),
    };
    law_open(&LAW);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    law_close(&LAW);
    return failed;
}
