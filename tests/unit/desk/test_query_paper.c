#include "base/str.h"
#include "desk/query.h"
#include "lib/check.h"
#include "lib/files.h"
#include "lib/world.h"
#include "paper/papers.h"

#include <string.h>

#define REPORT                                                                                                       \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等六省\",\"harm\":" \
    "\"大量用户无法上网\","                                                                                  \
    "\"measures\":\"切换解析\",\"advice\":\"请协调\",\"region\":\"330000\",\"contact\":\"张三\"}"
#define WARNING                                                                                                      \
    "{\"title\":\"勒索病毒\",\"colour\":\"yellow\",\"starts\":\"2009-05-19T22:00:00+08:00\",\"scope\":"          \
    "\"全省\","                                                                                                    \
    "\"harm\":\"数据丢失\",\"precautions\":\"关闭端口\",\"time_limit\":\"立即\",\"issuer\":\"浙江局\"," \
    "\"hotline\":\"0571\",\"region\":\"330000\"}"

struct fixture {
    struct world world;
    struct papers *papers;
    struct arena arena;
    struct query_told told;
    struct err err;
    char incident[UUID_TEXT_SIZE];
    char warning[UUID_TEXT_SIZE];
    char published[UUID_TEXT_SIZE];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct submission sub;
    struct embed_set files = folder_set("documents");
    world_open(&f->world);
    world_people(&f->world);
    arena_init(&f->arena, 256 << 20);
    assert_ok(papers_load(&files, f->world.law.catalogue, &f->papers, &f->err), &f->err);
    folder_set_free(&files);
    assert_ok(world_act(&f->world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(f->incident, sub.made, sizeof f->incident);
    assert_ok(world_act(&f->world, "pca-330000", "warning.published", NULL, NULL, WARNING, &sub), &sub.err);
    memcpy(f->warning, sub.made, sizeof f->warning);
    memcpy(f->published, sub.act, sizeof f->published);
    assert_ok(world_act(&f->world, "pca-330000", "warning.lifted", f->warning, NULL,
                        "{\"reason\":\"已处置\"}", &sub),
              &sub.err);
    assert_true(world_deliver(&f->world) > 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    json_decref(f->told.doc);
    arena_done(&f->arena);
    papers_free(f->papers);
    world_close(&f->world);
    free(f);
    return 0;
}

/* Names and values, one after the other, NULL at the end. */
static const char *param(const void *context, const char *name)
{
    for (const char *const *at = context; *at; at += 2)
        if (streq(at[0], name))
            return at[1];
    return NULL;
}

static enum errc ask(struct fixture *f, const char *node, const char *name, const char *const *params)
{
    const struct query_reader reader = {world_node(&f->world, node)->store, f->world.law.catalogue,
                                        f->world.law.packs, &f->world.env, f->papers};
    const struct query_ask question = {name, NULL, param, params, NULL};
    json_decref(f->told.doc);
    f->told = (struct query_told){0};
    err_clear(&f->err);
    return query_run(&reader, &question, &f->arena, &f->told, &f->err);
}

static bool told_holds(const struct fixture *f, const char *text)
{
    return memmem(f->told.bytes, f->told.size_bytes, text, strlen(text)) != NULL;
}

static void a_document_is_the_same_wherever_its_act_is(void **state)
{
    struct fixture *f = *state;
    const char *const params[] = {"id", f->incident, "document", "incident-report", NULL};
    assert_ok(ask(f, "tel-zj", "document", params), &f->err);
    struct query_told first = f->told;
    assert_string_equal(first.media, "application/pdf");
    assert_memory_equal(first.bytes, "%PDF-", 5);
    assert_non_null(strstr(first.file, "incident-report-"));
    assert_ok(ask(f, "pca-330000", "document", params), &f->err);
    assert_int_equal(first.size_bytes, f->told.size_bytes);
    assert_memory_equal(first.bytes, f->told.bytes, first.size_bytes);
}

static void what_travels_beside_is_shown_only_when_asked_for(void **state)
{
    struct fixture *f = *state;
    const char *const plain[] = {"id", f->incident, "document", "incident-report", "format", "pdf", NULL};
    const char *const whole[] = {"id", f->incident, "document", "incident-report", "secrets", "true", NULL};
    assert_ok(ask(f, "tel-zj", "document", plain), &f->err);
    size_t without = f->told.size_bytes;
    assert_ok(ask(f, "tel-zj", "document", whole), &f->err);
    assert_true(f->told.size_bytes != without);
}

static void a_warning_has_every_form_and_its_lifting_refers_to_it(void **state)
{
    struct fixture *f = *state;
    const char *const docx[] = {"id", f->warning, "document", "warning", "format", "docx", NULL};
    const char *const cap[] = {"id", f->warning, "document", "warning-lifted", "format", "xml", NULL};
    assert_ok(ask(f, "tel-zj", "document", docx), &f->err);
    assert_memory_equal(f->told.bytes, "PK", 2);
    assert_ok(ask(f, "tel-zj", "document", cap), &f->err);
    assert_string_equal(f->told.media, "application/cap+xml");
    assert_true(told_holds(f, "<msgType>Cancel</msgType>"));
    assert_true(told_holds(f, f->published));
}

static void what_cannot_be_made_is_refused_by_name(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *params[9];
        enum errc code;
        const char *field;
    } ROWS[] = {
        {{"id", f->incident, "document", "nothing", NULL}, ERR_NOT_FOUND, "document"},
        {{"id", f->incident, "document", "warning", NULL}, ERR_NOT_FOUND, "id"},
        {{"id", "nobody", "document", "incident-report", NULL}, ERR_NOT_FOUND, "id"},
        {{"id", f->incident, "document", "summary", NULL}, ERR_NOT_FOUND, "document"},
        {{"id", f->incident, "document", "incident-report", "format", "odt", NULL},
         ERR_INVALID,
         "query.format"},
        {{"id", f->incident, "document", "incident-report", "format", "xml", NULL},
         ERR_UNSUPPORTED,
         "format"},
        {{"id", f->incident, "document", "incident-report", "act", f->published, NULL},
         ERR_NOT_FOUND,
         "document"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        enum errc rc = ask(f, "tel-zj", "document", ROWS[i].params);
        if (rc != ROWS[i].code || strcmp(f->err.field, ROWS[i].field) != 0)
            fail_msg("row %zu: %s [%s] %s", i, errc_info(rc)->name, f->err.field, f->err.message);
    }
}

static void documents_and_registers_are_listed(void **state)
{
    struct fixture *f = *state;
    const char *const none[] = {NULL};
    assert_ok(ask(f, "tel-zj", "documents", none), &f->err);
    assert_true(json_array_size(json_object_get(f->told.doc, "items")) >= 10);
    assert_ok(ask(f, "tel-zj", "registers", none), &f->err);
    assert_true(json_array_size(json_object_get(f->told.doc, "items")) >= 5);
}

static void registers_and_statistics_are_workbooks(void **state)
{
    struct fixture *f = *state;
    const char *const params[] = {"register", "incidents", "state", "reported", NULL};
    const char *const wrong[] = {"register", "nothing", NULL};
    const char *const period[] = {"from", "2009-05-01", "until", "2009-06-01", NULL};
    assert_ok(ask(f, "miit", "register", params), &f->err);
    assert_memory_equal(f->told.bytes, "PK", 2);
    assert_string_equal(f->told.file, "incidents.xlsx");
    assert_code(ask(f, "miit", "register", wrong), ERR_NOT_FOUND);
    assert_ok(ask(f, "miit", "statistics_book", period), &f->err);
    assert_memory_equal(f->told.bytes, "PK", 2);
    assert_true(told_holds(f, "xl/worksheets/sheet8.xml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_the_same_wherever_its_act_is),
        cmocka_unit_test(what_travels_beside_is_shown_only_when_asked_for),
        cmocka_unit_test(a_warning_has_every_form_and_its_lifting_refers_to_it),
        cmocka_unit_test(what_cannot_be_made_is_refused_by_name),
        cmocka_unit_test(documents_and_registers_are_listed),
        cmocka_unit_test(registers_and_statistics_are_workbooks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
