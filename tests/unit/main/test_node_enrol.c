/* Joining needs a tier above that answers: tests/e2e does it between processes. */
#include "main/node_enrol.h"

#include "lib/check.h"
#include "unit/main/node_fixture.h"

#include <string.h>

#define OFFER                                                                                                   \
    "{\"id\":\"pca-330000\",\"name\":\"浙江省通信管理局\",\"tier\":\"province\",\"region\":\"330000\"," \
    "\"roles\":[\"PCA\"]"

static enum errc read_offer(const char *text, json_t **doc, struct admit_offer *out, struct err *err)
{
    assert_ok(doc_parse_object(text, strlen(text), doc, err), err);
    return node_enrol_read(*doc, out, err);
}

static void a_stopped_node_makes_its_own_ticket(void **state)
{
    struct node_fixture f;
    struct admit_offer offer;
    struct enrol_ticket ticket;
    char text[ENROL_TICKET_SIZE];
    json_t *doc = NULL;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_ok(read_offer(OFFER "}", &doc, &offer, &err), &err);
    assert_int_equal(offer.ttl_ms, 24 * 60 * 60 * 1000);
    assert_int_equal(node_enrol_offer(&f.config, &ENV_REAL, &offer, &f.arena, text, &err), ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "link.url"));
    f.config.link_url = "https://127.0.0.1:8443";
    assert_ok(node_enrol_offer(&f.config, &ENV_REAL, &offer, &f.arena, text, &err), &err);
    assert_ok(enrol_ticket_read(text, &ticket, &err), &err);
    assert_string_equal(ticket.parent, "miit");
    assert_string_equal(ticket.url, "https://127.0.0.1:8443");
    json_decref(doc);
    node_fixture_end(&f);
}

static void an_offer_names_what_is_wrong_with_it(void **state)
{
    static const struct {
        const char *text;
        const char *field;
    } BAD[] = {
        {OFFER ",\"tier2\":1}", "tier2"},
        {OFFER ",\"ttl_ms\":999}", "ttl_ms"},
        {OFFER ",\"large\":1}", "large"},
        {"{\"id\":\"a\",\"name\":\"x\",\"tier\":\"king\",\"region\":\"330000\",\"roles\":[\"TEL\"]}", "tier"},
        {"{\"id\":\"a\",\"name\":\"x\",\"tier\":\"vendor\",\"region\":\"330000\",\"roles\":[1]}", "roles"},
        {"{\"id\":\"a\",\"name\":\"x\",\"tier\":\"vendor\",\"region\":\"330000\"}", "roles"},
        {"{\"name\":\"x\",\"tier\":\"vendor\",\"region\":\"330000\",\"roles\":[]}", "id"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct admit_offer offer;
        struct err err;
        json_t *doc = NULL;
        assert_true(read_offer(BAD[i].text, &doc, &offer, &err) < 0);
        assert_string_equal(err.field, BAD[i].field);
        json_decref(doc);
    }
}

static void an_enrolled_node_does_not_join_again(void **state)
{
    struct node_fixture f;
    struct enrol_ticket ticket = {.parent = "miit", .url = "https://127.0.0.1:1"};
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_int_equal(node_enrol_join(&f.config, &ENV_REAL, &ticket, false, &f.arena, &err), ERR_CONFLICT);
    node_fixture_end(&f);
}

static void when_nobody_answers_nothing_is_written(void **state)
{
    struct node_fixture f;
    struct enrol_ticket ticket = {.parent = "miit", .url = "https://127.0.0.1:1"};
    struct err err;
    (void)state;
    node_fixture_begin(&f, false);
    f.config.link_url = "https://127.0.0.1:2";
    assert_true(node_enrol_join(&f.config, &ENV_REAL, &ticket, true, &f.arena, &err) < 0);
    assert_true(node_enrol_join(&f.config, &ENV_REAL, &ticket, true, &f.arena, &err) != ERR_CONFLICT);
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_node_makes_its_own_ticket),
        cmocka_unit_test(an_offer_names_what_is_wrong_with_it),
        cmocka_unit_test(an_enrolled_node_does_not_join_again),
        cmocka_unit_test(when_nobody_answers_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
