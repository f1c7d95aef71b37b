#include "main/ledger_file.h"

#include "lib/check.h"
#include "unit/desk/audited.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct world world;
    char *text; /* the export of tel-zj */
    size_t size_bytes;
};

static char *export_of(struct fixture *f, bool with_secrets, size_t *size_bytes)
{
    char *text = NULL;
    struct err err;
    FILE *out = open_memstream(&text, size_bytes);
    assert_non_null(out);
    assert_ok(
        ledger_file_write(world_node(&f->world, "tel-zj")->store, &f->world.env, with_secrets, out, &err),
        &err);
    assert_int_equal(fclose(out), 0);
    return text;
}

static enum errc audit_text(const char *text, size_t size_bytes, json_t **out, struct err *err)
{
    FILE *in = fmemopen((char *)(uintptr_t)text, size_bytes, "r");
    assert_non_null(in);
    enum errc rc = ledger_file_audit(in, "export", out, err);
    (void)fclose(in);
    return rc;
}

static bool is_ok(json_t *report)
{
    return json_is_true(json_object_get(report, "ok"));
}

static void an_export_is_sound_without_the_node(void **state)
{
    struct fixture *f = *state;
    json_t *report = NULL;
    struct err err;
    assert_ok(audit_text(f->text, f->size_bytes, &report, &err), &err);
    assert_true(is_ok(report));
    assert_int_equal(json_array_size(json_object_get(report, "witnesses")), 2);
    assert_string_equal(json_string_value(json_object_get(report, "node")), "tel-zj");
    json_decref(report);
}

static void secrets_leave_only_when_asked(void **state)
{
    struct fixture *f = *state;
    json_t *report = NULL;
    struct err err;
    size_t size = 0;
    assert_null(strstr(f->text, "13800000000"));
    char *whole = export_of(f, true, &size);
    assert_non_null(strstr(whole, "13800000000"));
    assert_ok(audit_text(whole, size, &report, &err), &err);
    assert_true(is_ok(report));
    json_decref(report);
    free(whole);
}

/* One byte of every act's text in turn, wherever it stands: the act is named. */
static void a_changed_byte_of_any_act_is_named(void **state)
{
    struct fixture *f = *state;
    int64_t pos = 0;
    char *copy = malloc(f->size_bytes + 1);
    assert_non_null(copy);
    memcpy(copy, f->text, f->size_bytes + 1);
    for (char *at = copy; (at = strstr(at, "\\\"person\\\":\\\"")) != NULL; pos++) {
        json_t *report = NULL;
        struct err err;
        at += strlen("\\\"person\\\":\\\"") + 2;
        char kept = *at;
        *at = (char)(kept ^ 1);
        assert_ok(audit_text(copy, f->size_bytes, &report, &err), &err);
        *at = kept;
        json_t *problem = json_array_get(json_object_get(report, "problems"), 0);
        assert_false(is_ok(report));
        assert_int_equal(json_integer_value(json_object_get(problem, "pos")), pos);
        assert_int_equal(strlen(json_string_value(json_object_get(problem, "act"))), 36);
        json_decref(report);
    }
    assert_true(pos >= 3);
    free(copy);
}

/* The anchors before them are what the auditor believes, and compares by other means. */
static void every_changed_byte_behind_the_anchors_is_found(void **state)
{
    struct fixture *f = *state;
    char *copy = malloc(f->size_bytes + 1);
    assert_non_null(copy);
    memcpy(copy, f->text, f->size_bytes + 1);
    const char *first_act = strstr(f->text, "{\"pos\"");
    size_t step = f->size_bytes / 97;
    for (size_t i = (size_t)(first_act - f->text); i < f->size_bytes - 1; i += step) {
        json_t *report = NULL;
        struct err err;
        copy[i] ^= 1;
        enum errc rc = audit_text(copy, f->size_bytes, &report, &err);
        if (rc >= 0 && is_ok(report) && f->text[i] != ' ')
            print_message("unseen: byte %zu of\n%.60s…\n", i, f->text + (i > 30 ? i - 30 : 0));
        assert_true(rc < 0 || !is_ok(report));
        copy[i] ^= 1;
        json_decref(report);
    }
    free(copy);
}

static void a_file_that_breaks_off_is_told(void **state)
{
    struct fixture *f = *state;
    json_t *report = NULL;
    struct err err;
    size_t lines = 0;
    for (size_t i = 0; i < f->size_bytes - 1; i++) {
        if (f->text[i] != '\n' || ++lines % 3 != 0)
            continue;
        assert_ok(audit_text(f->text, i + 1, &report, &err), &err);
        assert_false(is_ok(report));
        json_decref(report);
    }
}

static void what_is_no_export_is_an_error(void **state)
{
    json_t *report = NULL;
    struct err err;
    static const char *const BAD[] = {"\n", "{}\n", "[]\n", "{\"fengsui\":\"ledger\",\"v\":2}\n",
                                      ("{\"fengsui\":\"index\",\"v\":1,\"node\":\"a\",\"universe\":\"real\","
                                       "\"suite\":\"p256-sha256\"}\n")};
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_code(audit_text(BAD[i], strlen(BAD[i]), &report, &err), ERR_SYNTAX);
        assert_non_null(strstr(err.message, "export:1:"));
    }
}

static int setup(void **state)
{
    static struct fixture f;
    audited_open(&f.world);
    f.text = export_of(&f, false, &f.size_bytes);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    free(f->text);
    world_close(&f->world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_is_sound_without_the_node),
        cmocka_unit_test(secrets_leave_only_when_asked),
        cmocka_unit_test(a_changed_byte_of_any_act_is_named),
        cmocka_unit_test(every_changed_byte_behind_the_anchors_is_found),
        cmocka_unit_test(a_file_that_breaks_off_is_told),
        cmocka_unit_test(what_is_no_export_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
