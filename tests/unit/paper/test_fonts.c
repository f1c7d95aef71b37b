#include "paper/fonts.h"

#include "lib/check.h"

static const struct paper_house HOUSE = {.song = "Noto Serif CJK SC",
                                         .song_bold = "Noto Serif CJK SC",
                                         .fang = "No such face,Noto Serif CJK SC",
                                         .hei = "Noto Sans CJK SC",
                                         .kai = "Noto Serif CJK SC"};

static void a_face_that_is_missing_gives_way_to_the_next(void **state)
{
    (void)state;
    struct fonts *fonts = NULL;
    struct err err;
    assert_ok(fonts_open(&HOUSE, &fonts, &err), &err);
    PangoLayout *layout = fonts_layout(fonts, FONT_FANG, 16, 0, "烽燧");
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    assert_int_equal(width, 32 * PANGO_SCALE);
    assert_int_equal(pango_layout_get_unknown_glyphs_count(layout), 0);
    g_object_unref(layout);
    fonts_close(fonts);
    fonts_close(NULL);
}

static void spacing_narrows_every_character(void **state)
{
    (void)state;
    struct fonts *fonts = NULL;
    struct err err;
    assert_ok(fonts_open(&HOUSE, &fonts, &err), &err);
    PangoLayout *layout = fonts_layout(fonts, FONT_FANG, 16, -0.25, "烽燧烽燧");
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    assert_true(width < 64 * PANGO_SCALE && width > 62 * PANGO_SCALE);
    g_object_unref(layout);
    fonts_close(fonts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_face_that_is_missing_gives_way_to_the_next),
        cmocka_unit_test(spacing_narrows_every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
