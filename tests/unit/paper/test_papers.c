#include "paper/papers.h"

#include "lib/check.h"
#include "lib/files.h"
#include "lib/law.h"

#include "base/str.h"

#include <string.h>

static enum errc load(const char *text, struct err *err)
{
    struct law law;
    struct papers *papers = NULL;
    const struct embed_file file = {"x.yaml", text, strlen(text)};
    const struct embed_set set = {&file, 1};
    law_open(&law);
    enum errc rc = papers_load(&set, law.catalogue, &papers, err);
    papers_free(papers);
    law_close(&law);
    return rc;
}

static void the_shipped_documents_load_and_are_found(void **state)
{
    (void)state;
    struct law law;
    struct papers *papers = NULL;
    struct err err;
    struct embed_set files = folder_set("documents");
    law_open(&law);
    assert_ok(papers_load(&files, law.catalogue, &papers, &err), &err);
    folder_set_free(&files);
    static const char *const NAMES[] = {"incident-report", "situation", "warning", "response-start",
                                        "response-end",    "order",     "summary", "drill-report"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        assert_non_null(papers_find(papers, NAMES[i]));
    assert_null(papers_find(papers, "nothing"));
    assert_string_equal(papers_find(papers, "warning")->clause, "4.4");
    assert_non_null(papers_find(papers, "warning")->cap);
    assert_null(papers_find(papers, "summary")->cap);
    assert_string_equal(papers_register(papers, "incidents")->of, "incident");
    assert_null(papers_register(papers, "nothing"));
    assert_non_null(papers_word_at(papers, 0));
    assert_string_equal(papers_house(papers)->demo_label, "演示数据");
    size_t count = 0;
    while (papers_at(papers, count))
        count++;
    assert_true(count >= 10);
    papers_free(papers);
    law_close(&law);
}

/* A document that the law names by the same id is about one of the acts that the law names. */
static void documents_of_the_plan_are_about_its_acts(void **state)
{
    (void)state;
    struct law law;
    struct papers *papers = NULL;
    struct err err;
    struct embed_set files = folder_set("documents");
    size_t same = 0;
    law_open(&law);
    assert_ok(papers_load(&files, law.catalogue, &papers, &err), &err);
    folder_set_free(&files);
    const struct pack *pack = pack_set_main(law.packs);
    for (uint32_t i = 0; i < pack->documents_count; i++) {
        const struct document_row *law_row = &pack->documents[i];
        const struct paper_row *row = papers_find(papers, law_row->id);
        if (!row)
            continue;
        same++;
        assert_true(names_have(&row->acts, law_row->acts.at[0]));
    }
    assert_true(same >= 8);
    papers_free(papers);
    law_close(&law);
}

#define DOCUMENT(of, act)                                                                                    \
    "documents:\n  - {document: d, zh: d, en: d, of: " of ", acts: [" act "], clause: \"1\", head: h,"       \
    " title: t, to: addressees, parts: [{text: x}]}\n"

static void what_the_catalogue_does_not_have_is_refused_by_name(void **state)
{
    (void)state;
    struct err err;
    assert_code(load(DOCUMENT("nothing", "incident.reported"), &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "'nothing'"));
    assert_code(load(DOCUMENT("incident", "incident.eaten"), &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "'incident.eaten'"));
    assert_code(load("registers:\n  - {register: r, zh: r, en: r, of: nothing, clause: \"1\","
                     " columns: [{zh: x, field: x}]}\n",
                     &err),
                ERR_INVALID);
    assert_code(load(DOCUMENT("incident", "incident.reported"), &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "form"));
    assert_code(load("paper: 1\n", &err), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_documents_load_and_are_found),
        cmocka_unit_test(documents_of_the_plan_are_about_its_acts),
        cmocka_unit_test(what_the_catalogue_does_not_have_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
