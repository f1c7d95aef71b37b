#include "paper/xml.h"

#include "lib/check.h"

static void marks_are_escaped_and_forbidden_characters_replaced(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    xml_text(&out, "甲<b>&\"'\t\x01\xEF\xBF\xBE乙");
    assert_string_equal(out.data, "甲&lt;b&gt;&amp;&quot;'\t\xEF\xBF\xBD\xEF\xBF\xBD乙");
    buf_done(&out);
}

static void an_element_without_text_is_none(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    xml_element(&out, "a", NULL);
    xml_element(&out, "a", "");
    assert_int_equal(out.size_bytes, 0);
    xml_element(&out, "a", "<");
    assert_string_equal(out.data, "<a>&lt;</a>");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_escaped_and_forbidden_characters_replaced),
        cmocka_unit_test(an_element_without_text_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
