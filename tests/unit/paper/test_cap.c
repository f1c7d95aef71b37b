#include "paper/cap.h"

#include "lib/check.h"
#include "lib/run.h"
#include "lib/shared.h"
#include "unit/paper/desk_of_paper.h"

#include <stdio.h>
#include <string.h>

static void make(struct desk_of_paper *desk, const char *document, const struct act *original,
                 struct buf *out)
{
    struct err err;
    buf_init(out, 1 << 20);
    assert_ok(cap_write(&desk->facts, papers_find(desk->papers, document), original, out, &err), &err);
}

static void holds(const struct buf *alert, const char *text)
{
    if (!strstr(alert->data, text))
        fail_msg("the alert does not hold %s:\n%s", text, alert->data);
}

static void a_warning_says_all_that_an_alert_asks_for(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf alert;
    paper_desk_open(&desk, "warning.published", "warning", PAPER_WARNING, "{}");
    make(&desk, "warning", NULL, &alert);
    static const char *const TEXTS[] = {
        "<identifier>" ACT_ID "</identifier><sender>tel-zj</sender><sent>2009-05-19T22:00:00+08:00</sent>"
        "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>",
        "<event>网络安全黄色预警</event><urgency>Expected</urgency><severity>Moderate</severity>",
        "<effective>2009-05-19T22:00:00+08:00</effective>",
        "全省 &lt;内网&gt; &amp; 外网",
        "<geocode><valueName>GB/T 2260</valueName><value>330000</value></geocode>",
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        holds(&alert, TEXTS[i]);
    buf_done(&alert);
    paper_desk_close(&desk);
}

static void demonstrations_and_drills_are_never_actual(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf alert;
    paper_desk_open(&desk, "warning.published", "warning", PAPER_WARNING, "{}");
    desk.act.universe = "drill-1";
    make(&desk, "warning", NULL, &alert);
    holds(&alert, "<status>Exercise</status>");
    buf_done(&alert);
    desk.matter.owner = "demo-telecom";
    make(&desk, "warning", NULL, &alert);
    holds(&alert, "<status>Test</status>");
    buf_done(&alert);
    paper_desk_close(&desk);
}

static void a_cancellation_names_what_it_cancels(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf alert;
    paper_desk_open(&desk, "warning.lifted", "warning", "{\"reason\":\"已处置\"}", PAPER_WARNING);
    const struct act original = {
        .id = "0190f1c2-0000-7000-8000-000000000009", .node = "miit", .recorded_ms = 0};
    make(&desk, "warning-lifted", &original, &alert);
    holds(&alert, "<msgType>Cancel</msgType>");
    holds(&alert,
          "<references>miit,0190f1c2-0000-7000-8000-000000000009,1970-01-01T08:00:00+08:00</references>");
    holds(&alert, "<severity>Moderate</severity>");
    buf_done(&alert);
    paper_desk_close(&desk);
}

static void what_is_no_warning_has_no_alert(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf alert;
    struct err err;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    buf_init(&alert, 1000);
    assert_code(cap_write(&desk.facts, papers_find(desk.papers, "incident-report"), NULL, &alert, &err),
                ERR_UNSUPPORTED);
    buf_done(&alert);
    paper_desk_close(&desk);
}

/* xmllint against the schema of the standard. */
static void check_schema(const struct buf *alert, const char *folder, bool valid)
{
    char path[SHARED_PATH_SIZE + 20];
    char command[3 * SHARED_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/alert.xml", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(alert->data, 1, alert->size_bytes, file), alert->size_bytes);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(command, sizeof command, "%s/schema/cap12.xsd", folder);
    const char *const words[] = {"xmllint", "--noout", "--nonet", "--schema", command, path, NULL};
    int code = run_program(words, NULL, 0);
    assert_int_equal(code == 0, valid);
}

static void alerts_are_valid_against_the_schema_of_the_standard(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    struct desk_of_paper desk;
    struct buf alert;
    if (!shared_find("data/cap-library.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    paper_desk_open(&desk, "warning.published", "warning", PAPER_WARNING, "{}");
    make(&desk, "warning", NULL, &alert);
    check_schema(&alert, folder, true);
    buf_reset(&alert);
    buf_adds(&alert,
             "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>x</identifier></alert>");
    check_schema(&alert, folder, false);
    buf_done(&alert);
    paper_desk_close(&desk);
    paper_desk_open(&desk, "warning.lifted", "warning", "{\"reason\":\"已处置\"}", PAPER_WARNING);
    make(&desk, "warning-lifted", &desk.act, &alert);
    check_schema(&alert, folder, true);
    buf_done(&alert);
    paper_desk_close(&desk);
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warning_says_all_that_an_alert_asks_for),
        cmocka_unit_test(demonstrations_and_drills_are_never_actual),
        cmocka_unit_test(a_cancellation_names_what_it_cancels),
        cmocka_unit_test(what_is_no_warning_has_no_alert),
        cmocka_unit_test(alerts_are_valid_against_the_schema_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
