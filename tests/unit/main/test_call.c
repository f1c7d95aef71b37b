#include "main/call.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct arena arena;
    struct call call;
    char *out;
    char *err;
    size_t out_bytes;
    size_t err_bytes;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 1 << 20);
    f->call.arena = &f->arena;
    f->call.streams.in = tmpfile();
    f->call.streams.out = open_memstream(&f->out, &f->out_bytes);
    f->call.streams.err = open_memstream(&f->err, &f->err_bytes);
}

static void flush(struct fixture *f)
{
    (void)fflush(f->call.streams.out);
    (void)fflush(f->call.streams.err);
}

static void done(struct fixture *f)
{
    (void)fclose(f->call.streams.in);
    (void)fclose(f->call.streams.out);
    (void)fclose(f->call.streams.err);
    free(f->out);
    free(f->err);
    arena_done(&f->arena);
}

static void an_error_names_place_clause_and_way_out(void **state)
{
    (void)state;
    struct fixture f;
    struct err err;
    begin(&f);
    (void)err_field(&err, ERR_POWER, "colour", "a province may not publish red");
    (void)snprintf(err.clause, sizeof err.clause, "4.4");
    assert_int_equal(call_fail(&f.call, &err), CLI_FAILED);
    flush(&f);
    assert_non_null(strstr(f.err, "error: colour: a province may not publish red (clause 4.4)\n"));
    assert_non_null(strstr(f.err, errc_info(ERR_POWER)->hint));
    done(&f);
}

static void an_error_in_a_file_begins_with_the_place(void **state)
{
    (void)state;
    struct fixture f;
    struct err err;
    begin(&f);
    (void)err_field(&err, ERR_SYNTAX, "api.lisen", "a.yaml:3: unknown key");
    err.line = 3;
    assert_int_equal(call_fail(&f.call, &err), CLI_FAILED);
    flush(&f);
    assert_non_null(strstr(f.err, "error: a.yaml:3: unknown key (at api.lisen)\n"));
    done(&f);
}

static void reads_a_stream_up_to_its_limit(void **state)
{
    (void)state;
    struct fixture f;
    struct err err;
    struct str text = {NULL, 0};
    begin(&f);
    (void)fputs("123456", f.call.streams.in);
    rewind(f.call.streams.in);
    assert_code(call_read(&f.call, "-", 5, &text, &err), ERR_LIMIT);
    assert_null(text.p);
    rewind(f.call.streams.in);
    assert_ok(call_read(&f.call, NULL, 6, &text, &err), &err);
    assert_string_equal(text.p, "123456");
    assert_int_equal(text.n, 6);
    assert_ok(call_read(&f.call, "/dev/null", 6, &text, &err), &err);
    assert_int_equal(text.n, 0);
    assert_code(call_read(&f.call, "/nonexistent", 6, &text, &err), ERR_NOT_FOUND);
    assert_code(call_read(&f.call, "/tmp", 6, &text, &err), ERR_IO);
    done(&f);
}

static void writes_a_document_as_one_line(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_t *doc = json_pack("{s:s, s:b}", "level", "II", "ok", 1);
    assert_int_equal(call_write(&f.call, doc), CLI_DONE);
    flush(&f);
    assert_string_equal(f.out, "{\"level\":\"II\",\"ok\":true}\n");
    json_decref(doc);
    done(&f);
}

static void styles_are_empty_without_colours(void **state)
{
    (void)state;
    for (int s = 0; s < STYLE_COUNT; s++) {
        assert_string_equal(call_style(false, (enum style)s), "");
        assert_int_equal(call_style(true, (enum style)s)[0], '\033');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_place_clause_and_way_out),
        cmocka_unit_test(an_error_in_a_file_begins_with_the_place),
        cmocka_unit_test(reads_a_stream_up_to_its_limit),
        cmocka_unit_test(writes_a_document_as_one_line),
        cmocka_unit_test(styles_are_empty_without_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
