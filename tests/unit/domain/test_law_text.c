/* The words of the law are the words of the published documents. Blanks and line ends do not count. */
#include "base/str.h"
#include "domain/pack.h"
#include "lib/check.h"
#include "lib/rules.h"
#include "lib/shared.h"

#include <stdlib.h>
#include <string.h>

static struct pack_set *SET;

/* Takes out ASCII blanks, the ideographic space, and the asterisks that mark bold type in one source. */
static void squeeze(char *text)
{
    char *out = text;
    for (const char *p = text; *p;) {
        if (strncmp(p, "\xe3\x80\x80", 3) == 0)
            p += 3;
        else if (strchr(" \t\r\n*", *p))
            p++;
        else
            *out++ = *p++;
    }
    *out = '\0';
}

static char *source(const char *name)
{
    char path[SHARED_PATH_SIZE];
    size_t size_bytes = 0;
    if (!shared_find(name, path))
        skip();
    char *text = shared_read(path, &size_bytes);
    assert_non_null(text);
    squeeze(text);
    return text;
}

static char *squeezed(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    squeeze(copy);
    return copy;
}

static void check_clauses(const char *pack_id, const char *name)
{
    char *text = source(name);
    const struct pack *pack = pack_set_find(SET, pack_id);
    for (uint32_t i = 0; i < pack->clauses_count; i++) {
        if (!pack->clauses[i].text)
            continue;
        char *clause = squeezed(pack->clauses[i].text);
        if (!strstr(text, clause))
            fail_msg("%s %s is not in the source word for word", pack_id, pack->clauses[i].id);
        free(clause);
    }
    free(text);
}

static void clauses_stand_in_their_documents(void **state)
{
    (void)state;
    check_clauses("miit-2017-281", "sources/004_7ce28a3037bf9b47.txt");
    check_clauses("miit-2018-261", "sources/002_1a2f230c7bcf9ff7.txt");
    check_clauses("shca-2020", "sources/003_64cd4f8ebd22f981.txt");
}

/* "1.总则", "1.1编制目的"; items have no heading. */
static void add_heading(struct buf *out, const struct clause_row *clause)
{
    if (clause->title)
        buf_addf(out, "%s%s%s", clause->id, strchr(clause->id, '.') ? "" : ".", clause->title);
}

static void the_clauses_of_the_plan_are_the_whole_plan(void **state)
{
    (void)state;
    static const char TITLE[] = "公共互联网网络安全突发事件应急预案";
    char *text = source("sources/004_7ce28a3037bf9b47.txt");
    const struct pack *plan = pack_set_main(SET);
    struct buf all;
    buf_init(&all, 1 << 20);
    for (uint32_t i = 0; i < plan->clauses_count; i++) {
        add_heading(&all, &plan->clauses[i]);
        buf_adds(&all, plan->clauses[i].text ? plan->clauses[i].text : "");
    }
    squeeze(all.data);
    const char *begin = strstr(text, "1.总则");
    assert_non_null(begin);
    assert_int_equal(strncmp(begin - strlen(TITLE), TITLE, strlen(TITLE)), 0);
    assert_string_equal(all.data, begin);
    buf_done(&all);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_stand_in_their_documents),
        cmocka_unit_test(the_clauses_of_the_plan_are_the_whole_plan),
    };
    SET = rules_load();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
