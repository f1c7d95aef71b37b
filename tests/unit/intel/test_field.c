#include "unit/intel/field_fixture.h"

static enum field_type type_of(enum field_family family, const char *path)
{
    static struct field_table table;
    field_table_init(&table, family);
    const struct field_rule *rule = field_find(&table, str_of(path));
    return rule ? rule->type : FIELD_NONE;
}

static void a_rule_holds_for_the_end_of_a_path(void **state)
{
    (void)state;
    assert_int_equal(type_of(FAMILY_EVE, "dns.rrname"), FIELD_NAME);
    assert_int_equal(type_of(FAMILY_EVE, "data.dns.answers.rrname"), FIELD_NAME);
    assert_int_equal(type_of(FAMILY_EVE, "http.hostname"), FIELD_HOST);
    assert_int_equal(type_of(FAMILY_EVE, "data.http.hostname"), FIELD_HOST);
    assert_int_equal(type_of(FAMILY_EVE, "dhcp.hostname"), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_EVE, "xrrname"), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_EVE, "rrnamex"), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_EVE, ""), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_EVE, "email.subject"), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_EVE, "tls.subject"), FIELD_SUBJECT);
}

static void families_do_not_mix(void **state)
{
    (void)state;
    assert_int_equal(type_of(FAMILY_EVE, "host"), FIELD_NONE); /* the sensor's name */
    assert_int_equal(type_of(FAMILY_ZEEK, "host"), FIELD_HOST);
    assert_int_equal(type_of(FAMILY_JSON, "host"), FIELD_HOST);
    assert_int_equal(type_of(FAMILY_ZEEK, "src_ip"), FIELD_NONE);
    assert_int_equal(type_of(FAMILY_ZEEK, "id.orig_h"), FIELD_IP);
    assert_int_equal(type_of(FAMILY_JSON, "sm3"), FIELD_DIGEST);
}

/* A scan sees only the last part of a path: for all rules with it, it must give a type that covers them. */
static void the_scan_covers_every_rule(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"src_ip",  "dns.rrname", "http.url", "email.url",
                                        "san.uri", "uri",        "sip.uri",  "tls.sni",
                                        "md5",     "id.orig_h",  "host",     "request.host"};
    static struct field_table table;
    field_table_init(&table, FAMILY_JSON);
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        const char *dot = strrchr(PATHS[i], '.');
        uint8_t group;
        enum field_type seen = field_table_scan(&table, field_key(str_of(dot ? dot + 1 : PATHS[i])), &group);
        const struct field_rule *rule = field_find(&table, str_of(PATHS[i]));
        assert_non_null(rule);
        bool wide = seen == FIELD_PATH &&
                    (rule->type == FIELD_URL || rule->type == FIELD_SIP || rule->type == FIELD_PATH);
        assert_true(wide || seen == rule->type);
        assert_true(rule->group == GROUP_NONE || rule->group == (enum field_group)group);
    }
    uint8_t group;
    assert_int_equal(field_table_scan(&table, field_key(str_of("timestamp")), &group), FIELD_NONE);
    assert_int_equal(field_table_scan(&table, field_key(str_of("")), &group), FIELD_NONE);
}

static void keys_are_their_last_eight_bytes(void **state)
{
    (void)state;
    assert_true(field_key(str_of("hostname")) == field_key(str_of("xhostname")));
    assert_true(field_key(str_of("md5")) != field_key(str_of("xmd5")));
    assert_true(field_key(str_of("")) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_holds_for_the_end_of_a_path),
        cmocka_unit_test(families_do_not_mix),
        cmocka_unit_test(the_scan_covers_every_rule),
        cmocka_unit_test(keys_are_their_last_eight_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
