#include "paper/fonts.h"

#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdlib.h>

struct fonts {
    PangoContext *context;
    PangoFontDescription *faces[FONT_COUNT];
};

/* fontconfig has one configuration for the process, and so one lock stands before it. A configuration for
 * each document would be cleaner, but pango and cairo keep what they learnt from every one they saw. */
static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;

/* A face that is not there is no error: the next of its list is taken. */
static void add_files(const struct paper_house *house)
{
    (void)pthread_mutex_lock(&files_lock);
    const FcFontSet *added = FcConfigGetFonts(FcConfigGetCurrent(), FcSetApplication);
    for (uint32_t i = 0; (!added || added->nfont == 0) && i < house->files.count; i++)
        (void)FcConfigAppFontAddFile(NULL, (const FcChar8 *)house->files.at[i]);
    (void)pthread_mutex_unlock(&files_lock);
}

/* Asked by the leak checker of sanitizer builds only. fontconfig and cairo keep what they learnt about faces
 * until the process ends; cairo 1.16 drops 24 bytes for each embedded CFF face. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\n";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

static enum errc check_chinese(struct fonts *fonts, struct err *err)
{
    PangoLayout *layout = fonts_layout(fonts, FONT_FANG, 16, 0, "烽");
    int unknown = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    return unknown == 0 ? ERR_OK
                        : err_set(err, ERR_UNSUPPORTED,
                                  "no Chinese font is found; install fonts-noto-cjk, fonts-noto-cjk-extra and"
                                  " texlive-lang-chinese");
}

enum errc fonts_open(const struct paper_house *house, struct fonts **out, struct err *err)
{
    const char *const names[FONT_COUNT] = {house->song, house->song_bold, house->fang, house->hei,
                                           house->kai};
    struct fonts *fonts = calloc(1, sizeof *fonts);
    if (!fonts)
        return err_set(err, ERR_NOMEM, "no memory for the fonts");
    add_files(house);
    fonts->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_context_set_language(fonts->context, pango_language_from_string("zh-cn"));
    /* Glyphs stand where the design puts them, not where a screen's pixels are. */
    pango_context_set_round_glyph_positions(fonts->context, FALSE);
    for (int i = 0; i < FONT_COUNT; i++)
        fonts->faces[i] = pango_font_description_from_string(names[i]);
    enum errc rc = check_chinese(fonts, err);
    if (rc < 0) {
        fonts_close(fonts);
        return rc;
    }
    *out = fonts;
    return ERR_OK;
}

void fonts_close(struct fonts *fonts)
{
    if (!fonts)
        return;
    for (int i = 0; i < FONT_COUNT; i++)
        pango_font_description_free(fonts->faces[i]);
    if (fonts->context)
        g_object_unref(fonts->context);
    free(fonts);
}

PangoLayout *fonts_layout(struct fonts *fonts, enum font font, double size_pt, double spacing_pt,
                          const char *text)
{
    PangoLayout *layout = pango_layout_new(fonts->context);
    PangoFontDescription *face = pango_font_description_copy(fonts->faces[font]);
    PangoAttrList *list = pango_attr_list_new();
    pango_font_description_set_absolute_size(face, size_pt * PANGO_SCALE);
    pango_layout_set_font_description(layout, face);
    pango_font_description_free(face);
    pango_attr_list_insert(list, pango_attr_letter_spacing_new((int)(spacing_pt * PANGO_SCALE)));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_text(layout, text, -1);
    return layout;
}
