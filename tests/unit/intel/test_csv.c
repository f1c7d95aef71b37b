#include "intel/csv.h"
#include "lib/check.h"

#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void cells_lose_blanks_and_quotes(void **state)
{
    (void)state;
    struct str cells[CSV_COLUMNS_MAX];
    assert_int_equal(csv_split(text("a, \"b,c\" ,\"\", d "), ',', cells), 4);
    assert_true(str_eq(cells[0], "a"));
    assert_true(str_eq(cells[1], "b,c"));
    assert_int_equal(cells[2].n, 0);
    assert_true(str_eq(cells[3], "d"));
    assert_int_equal(csv_split(text(""), ',', cells), 1);
    char many[300];
    memset(many, ',', sizeof many);
    assert_int_equal(csv_split((struct str){many, sizeof many}, ',', cells), CSV_COLUMNS_MAX);
}

static void headers_are_known_by_their_columns(void **state)
{
    (void)state;
    struct csv csv;
    assert_true(csv_header(text("\"id\",\"dateadded\",\"url\",\"threat\",\"tags\",\"host\""), &csv));
    assert_int_equal(csv.delimiter, ',');
    assert_int_equal(csv.roles[2], CSV_URL);
    assert_int_equal(csv.roles[3], CSV_FAMILY);
    assert_int_equal(csv.roles[4], CSV_OTHER); /* the threat says more than the tags */
    assert_true(csv_is_value(&csv, CSV_URL));
    assert_false(csv_is_value(&csv, CSV_HOST)); /* a bad URL does not make its host bad */
    assert_true(csv_header(text("Value;Type;Confidence"), &csv));
    assert_int_equal(csv.delimiter, ';');
    assert_true(csv_header(text("sha256\tmd5"), &csv));
    assert_true(csv_is_value(&csv, CSV_MD5));
    assert_true(csv_header(text("domain"), &csv));
    assert_false(csv_header(text("evil.example,malware"), &csv));
    assert_false(csv_header(text("evil.example"), &csv));
    assert_false(csv_header(text(""), &csv));
}

static void rows_say_what_their_columns_mean(void **state)
{
    (void)state;
    struct csv csv;
    struct csv_said said;
    struct str cells[CSV_COLUMNS_MAX];
    assert_true(csv_header(text("value,family,confidence,tlp,first_seen,valid_until"), &csv));
    size_t n = csv_split(text("evil.example,Emotet,75,TLP:AMBER,2024-05-01 10:00:00,2024-06-01"), ',', cells);
    csv_read_said(&csv, cells, n, &said);
    assert_true(str_eq(said.family, "Emotet"));
    assert_int_equal(said.confidence, 75);
    assert_int_equal(said.tlp, TLP_AMBER);
    assert_true(said.valid_from_ms == INT64_C(1714557600000));
    assert_true(said.valid_until_ms == INT64_C(1717200000000));
    n = csv_split(text("evil.example,,high,purple,yesterday"), ',', cells);
    csv_read_said(&csv, cells, n, &said);
    assert_int_equal(said.confidence, LABEL_UNKNOWN);
    assert_int_equal(said.tlp, TLP_UNKNOWN);
    assert_true(said.valid_from_ms == LABEL_NO_TIME && said.valid_until_ms == LABEL_NO_TIME);
}

static void times_are_read_in_three_spellings(void **state)
{
    (void)state;
    assert_true(csv_time(text("2024-05-01")) == INT64_C(1714521600000));
    assert_true(csv_time(text("2024-05-01 10:00:00 UTC")) == INT64_C(1714557600000));
    assert_true(csv_time(text("2024-05-01T18:00:00+08:00")) == INT64_C(1714557600000));
    assert_true(csv_time(text("2024-02-30")) == LABEL_NO_TIME);
    assert_true(csv_time(text("")) == LABEL_NO_TIME);
    assert_true(csv_time(text("2024-05-01 10:00:00 and then some more of it all")) == LABEL_NO_TIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_lose_blanks_and_quotes),
        cmocka_unit_test(headers_are_known_by_their_columns),
        cmocka_unit_test(rows_say_what_their_columns_mean),
        cmocka_unit_test(times_are_read_in_three_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
