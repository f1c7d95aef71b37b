#include "sensor/protect.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static enum errc read_text(const char *text, struct protect *out, struct err *err)
{
    return protect_read(text, strlen(text), out, err);
}

static struct protected_name *find(const struct protect *protect, const char *name)
{
    return protect_find(protect, (struct str){name, strlen(name)});
}

static void a_list_names_what_is_good(void **state)
{
    (void)state;
    struct protect protect;
    struct err err;
    struct ip in = ip_of("192.0.2.77");
    struct ip out = ip_of("203.0.113.1");
    struct ip six = ip_of("2001:db8::5");
    assert_ok(read_text("# comment\n\nwww.BANK.example 192.0.2.0/24\t2001:db8::/32 cdn.example # "
                        "more\na.example 192.0.2.1",
                        &protect, &err),
              &err);
    assert_int_equal(protect.count, 2);
    struct protected_name *bank = find(&protect, "www.bank.example");
    assert_non_null(bank);
    assert_true(protect_address(bank, &in));
    assert_true(protect_address(bank, &six));
    assert_false(protect_address(bank, &out));
    assert_true(protect_points(bank, (struct str){"cdn.example", 11}));
    assert_false(protect_points(bank, (struct str){"cdn.exampl", 10}));
    assert_null(find(&protect, "bank.example"));
    assert_null(find(&protect, "www.bank.exampl"));
    protect_done(&protect);
}

static void a_name_without_addresses_learns_from_the_first(void **state)
{
    (void)state;
    struct protect protect;
    struct err err;
    struct ip first = ip_of("192.0.2.1");
    struct ip near = ip_of("192.0.2.200");
    struct ip other = ip_of("203.0.113.1");
    assert_ok(read_text("a.example\n", &protect, &err), &err);
    struct protected_name *name = find(&protect, "a.example");
    for (int i = 0; i < PROTECT_LEARN; i++)
        assert_true(protect_address(name, &first));
    assert_true(protect_address(name, &near));
    assert_false(protect_address(name, &other));
    protect_done(&protect);
}

static void a_wrong_line_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } CASES[] = {
        {"ok.example\nbad name..example 1", "line 2"},
        {"..\n", "line 1: '..' is no name"},
        {"a.example 192.0.2.0/99", "192.0.2.0/99"},
    };
    (void)state;
    struct protect protect;
    struct err err;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_code(read_text(CASES[i].text, &protect, &err), ERR_SYNTAX);
        assert_non_null(strstr(err.message, CASES[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_names_what_is_good),
        cmocka_unit_test(a_name_without_addresses_learns_from_the_first),
        cmocka_unit_test(a_wrong_line_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
