#include "main/act_form.h"

#include "lib/check.h"
#include "main/lawbook.h"

#include <string.h>

static struct lawbook LAW;

static int set_up(void **state)
{
    struct err err;
    (void)state;
    assert_ok(lawbook_open(NULL, &LAW, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lawbook_close(&LAW);
    return 0;
}

static void every_form_is_an_act_of_the_catalogue_with_its_fields(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct act_form *form = ACT_FORMS; form->command; form++, count++) {
        const struct act_row *row = catalogue_act(LAW.catalogue, form->kind, NULL);
        if (!row || row->by == BY_SYSTEM)
            fail_msg("%s is no act of people", form->kind);
        size_t fields = 0;
        for (const struct act_field *field = form->fields; field->name; field++, fields++) {
            const struct field_row *of = act_row_field(row, field->name);
            if (!of || of->required != field->required)
                fail_msg("%s: the field %s is not the catalogue's", form->kind, field->name);
        }
        assert_int_equal(fields, row->fields_count);
        assert_true(form->path_new || form->path_on || form->path_under);
    }
    assert_true(count > 60);
}

static void every_form_has_its_command(void **state)
{
    (void)state;
    for (const struct act_form *form = ACT_FORMS; form->command; form++) {
        const struct command *command = command_find(&COMMANDS, form->command);
        assert_non_null(command);
        assert_true(command->run == act_run);
        assert_ptr_equal(act_form_of_command(form->command), form);
        assert_ptr_equal(act_form_of_kind(form->kind), form);
    }
    assert_null(act_form_of_kind("incident.imagined"));
    assert_null(act_form_of_command("incident imagine"));
}

static void fields_are_found_by_either_of_their_names(void **state)
{
    (void)state;
    const struct act_form *form = act_form_of_kind("incident.reported");
    assert_non_null(form);
    assert_string_equal(act_form_field(form, "told_to")->option, "told-to");
    assert_string_equal(act_form_field(form, "told-to")->name, "told_to");
    assert_null(act_form_field(form, "told to"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_an_act_of_the_catalogue_with_its_fields),
        cmocka_unit_test(every_form_has_its_command),
        cmocka_unit_test(fields_are_found_by_either_of_their_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
