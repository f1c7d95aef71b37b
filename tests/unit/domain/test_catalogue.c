#include "domain/catalogue.h"
#include "lib/check.h"
#include "lib/files.h"

#include <string.h>

static enum errc load_text(const char *text, struct catalogue **out, struct err *err)
{
    struct embed_file file = {"acts/test.yaml", text, strlen(text)};
    struct embed_set set = {&file, 1};
    return catalogue_load(&set, out, err);
}

static void the_shipped_catalogue_is_sound(void **state)
{
    (void)state;
    struct embed_set files = folder_set("api");
    assert_true(files.count >= 18);
    struct catalogue *cat = NULL;
    struct err err;
    assert_ok(catalogue_load(&files, &cat, &err), &err);
    const struct subject_row *type = NULL;
    const struct act_row *row = catalogue_act(cat, "warning.published", &type);
    assert_non_null(row);
    assert_string_equal(type->subject, "warning");
    assert_int_equal(act_row_field(row, "colour")->type, FIELD_COLOUR);
    assert_true(act_row_field(row, "hotline")->required);
    assert_string_equal(field_type_name(FIELD_TEXT), "text");
    assert_string_equal(field_type_name(act_row_field(row, "colour")->type), "colour");
    assert_string_equal(field_type_name(FIELD_OBJECT), "object");
    assert_string_equal(act_by_name(row->by), "owner");
    assert_string_equal(act_by_name(BY_SYSTEM), "system");
    assert_null(catalogue_act(cat, "warning.whispered", &type));
    folder_set_free(&files);
    catalogue_free(cat);
}

#define HEAD "subject: x\nzh: 某\nen: x\nstates:\n  - {name: a, zh: 甲, en: a, initial: true}\n"
#define ACT                                                                                                  \
    "acts:\n  - kind: x.made\n    zh: 做\n    en: make\n    creates: true\n    to: a\n    by: anyone\n"

static void unsound_machines_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum errc code;
        const char *says;
    } CASES[] = {
        {HEAD ACT, ERR_INVALID, "no act leaves the state 'a'"},
        {HEAD "  - {name: b, zh: 乙, en: b, final: true}\n" ACT "    from: [a]\n", ERR_INVALID,
         "no act leads to the state 'b'"},
        {HEAD ACT "    from: [z]\n", ERR_INVALID, "there is no state 'z'"},
        {HEAD ACT "    from: [a]\n    fold: append\n", ERR_INVALID, "append and list"},
        {HEAD ACT "    from: [a]\n    colour: red\n", ERR_SYNTAX, "test.yaml:14"},
        {HEAD ACT "    from: [a]\n    by: nobody\n", ERR_SYNTAX, "test.yaml:1"},
        {HEAD ACT "    from: [a]\n    follow: [x.gone]\n", ERR_INVALID, "not an act by the system"},
        {HEAD ACT "    from: [a]\n    parent_to: b\n", ERR_INVALID, "parent_to"},
        {HEAD ACT "    from: [a]\n    fields:\n      - {name: f, type: enum, zh: 域, en: f}\n", ERR_INVALID,
         "values belong"},
        {"{", ERR_SYNTAX, "test.yaml"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct catalogue *cat = NULL;
        struct err err;
        assert_code(load_text(CASES[i].text, &cat, &err), CASES[i].code);
        if (!strstr(err.message, CASES[i].says))
            fail_msg("case %zu says: [%s] %s", i, err.field, err.message);
        assert_string_not_equal(err.field, "");
    }
    struct catalogue *cat = NULL;
    struct err err;
    assert_ok(load_text(HEAD ACT "    from: [a]\n", &cat, &err), &err);
    catalogue_free(cat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_catalogue_is_sound),
        cmocka_unit_test(unsound_machines_are_refused_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
