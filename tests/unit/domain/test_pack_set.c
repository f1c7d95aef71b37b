#include "domain/pack_set.h"

#include "base/str.h"
#include "domain/calendar.h"
#include "domain/region.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static void loads_every_pack_of_the_repository(void **state)
{
    (void)state;
    static const char *const IDS[] = {"miit-2017-281", "cac-2025", "miit-2018-261", "shca-2020"};
    struct pack_set *set = rules_load();
    assert_int_equal(pack_set_count(set), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(pack_set_at(set, i)->head->id, IDS[i]);
        assert_ptr_equal(pack_set_find(set, IDS[i]), pack_set_at(set, i));
    }
    assert_ptr_equal(pack_set_main(set), pack_set_at(set, 0));
    assert_null(pack_set_at(set, 4));
    assert_null(pack_set_find(set, "order-11"));
    pack_set_free(set);
    pack_set_free(NULL);
}

static enum errc load(const struct rules_copy *copy, struct err *err)
{
    struct pack_set *set = NULL;
    enum errc rc = pack_set_load(&copy->set, &set, err);
    pack_set_free(set);
    return rc;
}

static void a_list_may_stand_in_any_file_but_in_one_only(void **state)
{
    (void)state;
    struct rules_copy copy;
    struct err err;
    rules_copy_open(&copy);
    rules_copy_add(&copy, "miit-2017-281/zz.yaml", "");
    assert_ok(load(&copy, &err), &err);
    rules_copy_add(&copy, "miit-2017-281/zzz.yaml", "\ngaps:\n  - {provision: a, kind: b, reason: c}\n");
    assert_code(load(&copy, &err), ERR_INVALID);
    assert_int_equal(err.line, 2);
    assert_non_null(strstr(err.message, "miit-2017-281/gaps.yaml"));
    rules_copy_done(&copy);
}

static void a_pack_is_described_once(void **state)
{
    (void)state;
    static const char HEAD[] = "pack: {id: x, version: a, title: a, en: a, issuer: a, provenance: a}\n";
    struct rules_copy copy;
    struct err err;
    rules_copy_open(&copy);
    rules_copy_add(&copy, "x/duties.yaml", "duties: []\n");
    assert_code(load(&copy, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "x/pack.yaml"));
    rules_copy_add(&copy, "x/pack.yaml", HEAD);
    assert_ok(load(&copy, &err), &err);
    rules_copy_add(&copy, "x/pack2.yaml", HEAD);
    assert_code(load(&copy, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "twice"));
    rules_copy_done(&copy);
}

static void looks_at_rule_files_only(void **state)
{
    (void)state;
    struct rules_copy copy;
    struct err err;
    rules_copy_open(&copy);
    rules_copy_add(&copy, "README.md", "{");
    rules_copy_add(&copy, "top.yaml", "{");
    rules_copy_add(&copy, "miit-2017-281/notes.txt", "{");
    assert_ok(load(&copy, &err), &err);
    rules_copy_add(&copy, "miit-2017-281/broken.yaml", "{");
    assert_code(load(&copy, &err), ERR_SYNTAX);
    rules_copy_done(&copy);
}

static void has_its_limits(void **state)
{
    (void)state;
    static struct embed_file files[PACK_FILES_MAX + 1];
    char paths[PACK_SET_MAX + 1][16];
    struct pack_set *set = NULL;
    struct err err;
    struct embed_set many = {files, PACK_FILES_MAX + 1};
    assert_code(pack_set_load(&many, &set, &err), ERR_LIMIT);
    for (size_t i = 0; i <= PACK_SET_MAX; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "p%zu/a.yaml", i);
        files[i] = (struct embed_file){paths[i], "", 0};
    }
    struct embed_set packs = {files, PACK_SET_MAX + 1};
    assert_code(pack_set_load(&packs, &set, &err), ERR_LIMIT);
    assert_null(set);
}

static void an_empty_set_answers_nothing(void **state)
{
    (void)state;
    struct pack_set *set = NULL;
    struct err err;
    struct embed_set none = {NULL, 0};
    assert_ok(pack_set_load(&none, &set, &err), &err);
    assert_int_equal(pack_set_count(set), 0);
    assert_null(pack_set_main(set));
    assert_int_equal(region_count(pack_set_regions(set)), 0);
    pack_set_free(set);
}

struct seen {
    const char *unknown;
    size_t asked;
};

static bool known(void *context, const char *kind)
{
    struct seen *seen = context;
    seen->asked++;
    return !streq(kind, seen->unknown);
}

static void every_act_kind_that_rows_name_is_asked_for(void **state)
{
    (void)state;
    static const char *const KINDS[] = {"incident.received", "summary.submitted", "incident.merged",
                                        "support.escalated", "users.notified",    "expert.set"};
    struct pack_set *set = rules_load();
    struct seen seen = {.unknown = ""};
    struct err err;
    assert_ok(pack_set_check_kinds(set, known, &seen, &err), &err);
    assert_true(seen.asked > 300);
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        seen.unknown = KINDS[i];
        assert_code(pack_set_check_kinds(set, known, &seen, &err), ERR_INVALID);
        assert_non_null(strstr(err.message, KINDS[i]));
    }
    pack_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_every_pack_of_the_repository),
        cmocka_unit_test(a_list_may_stand_in_any_file_but_in_one_only),
        cmocka_unit_test(a_pack_is_described_once),
        cmocka_unit_test(looks_at_rule_files_only),
        cmocka_unit_test(has_its_limits),
        cmocka_unit_test(an_empty_set_answers_nothing),
        cmocka_unit_test(every_act_kind_that_rows_name_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
