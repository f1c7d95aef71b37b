#include "intel/zeek_tsv.h"
#include "unit/intel/field_fixture.h"

static struct field_table table;
static struct zeek_header header;
static struct read_space space;

static void head(const char *const *lines)
{
    field_table_init(&table, FAMILY_ZEEK);
    zeek_header_init(&header);
    for (; *lines; lines++)
        zeek_header_line(&header, &table, str_of(*lines));
}

static const char *row(const char *line)
{
    static struct fields_told told;
    told.size = 0;
    told.text[0] = '\0';
    zeek_read(&header, str_of(line), &space, field_fixture_take, &told);
    return told.text;
}

static const char *const DNS[] = {"#separator \\x09",
                                  "#set_separator\t,",
                                  "#empty_field\t(empty)",
                                  "#unset_field\t-",
                                  "#path\tdns",
                                  "#fields\tts\tid.orig_h\tid.orig_p\tquery\tanswers\tother\tlast",
                                  "#types\ttime\taddr\tport\tstring\tvector[string]\taddr\tstring",
                                  NULL};

static void columns_are_known_by_name_and_type(void **state)
{
    (void)state;
    head(DNS);
    assert_string_equal(row("1.5\t192.0.2.1\t53\tevil.example\ta.example,192.0.2.2\t192.0.2.3\tx"),
                        "id.orig_h=192.0.2.1\nid.orig_p=53\nquery=evil.example\nanswers[0]=a.example\n"
                        "answers[1]=192.0.2.2\nother=192.0.2.3\n");
    assert_string_equal(row("1.5\t-\t53\t-\t(empty)\t-\t-"), "id.orig_p=53\n");
    assert_string_equal(row(""), "");
    assert_string_equal(row("1.5\t192.0.2.1"), "id.orig_h=192.0.2.1\n");
}

static void escapes_are_bytes(void **state)
{
    (void)state;
    head(DNS);
    assert_string_equal(row("1\t-\t-\tev\\x69l.example\ta\\x2cb,c\t-\t-"),
                        "query=evil.example\nanswers[0]=a,b\nanswers[1]=c\n");
    assert_string_equal(row("1\t-\t-\ta\\\\b\\x\t-\t-\t-"), "query=a\\b\\x\n");
}

static void another_header_takes_over(void **state)
{
    (void)state;
    static const char *const SPACES[] = {"#separator \\x20",          "#set_separator |",
                                         "#unset_field none",         "#fields query host",
                                         "#types string set[string]", NULL};
    head(DNS);
    for (const char *const *line = SPACES; *line; line++)
        zeek_header_line(&header, &table, str_of(*line));
    assert_string_equal(row("evil.example a|b"), "query=evil.example\nhost[0]=a\nhost[1]=b\n");
    assert_string_equal(row("none none"), "");
}

static void without_a_header_there_are_no_fields(void **state)
{
    (void)state;
    static const char *const NONE[] = {NULL};
    head(NONE);
    assert_string_equal(row("1.5\t192.0.2.1\t53\tevil.example"), "");
    /* Types without names, names without end. */
    zeek_header_line(&header, &table, str_of("#types\taddr"));
    char many[9000] = "#fields";
    for (size_t i = 7; i + 3 < sizeof many; i += 2)
        memcpy(many + i, "\tq", 2);
    zeek_header_line(&header, &table, str_of(many));
    assert_true(header.count <= ZEEK_COLUMNS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_known_by_name_and_type),
        cmocka_unit_test(escapes_are_bytes),
        cmocka_unit_test(another_header_takes_over),
        cmocka_unit_test(without_a_header_there_are_no_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
