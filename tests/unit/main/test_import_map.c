#include "main/import_map.h"

#include "lib/check.h"
#include "lib/law.h"
#include "lib/shared.h"

#include <stdio.h>
#include <string.h>

static struct law LAW;
static char folder[SHARED_PATH_SIZE];

static int set_up(void **state)
{
    (void)state;
    law_open(&LAW);
    return shared_folder(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    law_close(&LAW);
    shared_remove(folder);
    return 0;
}

#define HEAD "source: 清单\nformat: csv\nid: n\nfields:\n"
#define REST                                                                                                 \
    "  - {field: occurred, from: t}\n  - {field: scope, text: x}\n  - {field: harm, text: x}\n"              \
    "  - {field: measures, text: x}\n  - {field: advice, text: x}\n"
#define TITLE "  - {field: title, from: n}\n"

static enum errc load(const char *text, struct import_map **out, struct err *err)
{
    char path[SHARED_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/map.yaml", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return import_map_load(path, catalogue_act(LAW.catalogue, "incident.reported", NULL), out, err);
}

static void refused(const char *text, const char *said, int line)
{
    struct err err;
    struct import_map *map = NULL;
    enum errc rc = load(text, &map, &err);
    if (rc >= 0 || !strstr(err.message, said) || err.line != line)
        fail_msg("%d at line %d: %s", rc, err.line, err.message);
}

static void a_whole_map_loads(void **state)
{
    struct err err;
    struct import_map *map = NULL;
    (void)state;
    assert_ok(load(HEAD TITLE REST "  - {field: facts.leaked_users, from: c}\n", &map, &err), &err);
    assert_int_equal(map->format, IMPORT_CSV);
    assert_int_equal(map->fields_count, 7);
    assert_string_equal(map->fields[6].from, "c");
    import_map_free(map);
}

static void faults_are_told_with_their_line(void **state)
{
    (void)state;
    refused(HEAD TITLE REST "  - {field: titel, from: n}\n", "is no field of an incident report", 11);
    refused(HEAD TITLE REST "  - {field: facts.users, from: n}\n", "nor a fact", 11);
    refused(HEAD TITLE REST "  - {field: title, from: n}\n", "is mapped twice", 11);
    refused(HEAD TITLE REST "  - {field: source, from: n}\n", "by the import itself", 11);
    refused(HEAD "  - {field: title}\n" REST, "needs either", 5);
    refused(HEAD "  - {field: title, from: n, text: x}\n" REST, "needs either", 5);
    refused(HEAD REST, "'title' (标题", 4);
    refused("source: x\nformat: xml\nid: n\nfields:\n" TITLE REST, "xml", 2);
    refused(HEAD TITLE REST "  - {field: region, form: n}\n", "form", 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_map_loads),
        cmocka_unit_test(faults_are_told_with_their_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
