#include "paper/xml.h"

#include <string.h>

static const struct {
    char c;
    const char *text;
} ESCAPES[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};

static const char *escape(char c)
{
    for (size_t i = 0; i < sizeof ESCAPES / sizeof ESCAPES[0]; i++)
        if (ESCAPES[i].c == c)
            return ESCAPES[i].text;
    bool forbidden = (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    return forbidden ? "\xEF\xBF\xBD" : NULL;
}

void xml_text(struct buf *out, const char *text)
{
    for (; *text; text++) {
        const char *as = escape(*text);
        /* U+FFFE and U+FFFF: EF BF BE, EF BF BF */
        if (strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0) {
            as = "\xEF\xBF\xBD";
            text += 2;
        }
        if (as)
            buf_adds(out, as);
        else
            buf_add(out, text, 1);
    }
}

void xml_element(struct buf *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    buf_addf(out, "<%s>", name);
    xml_text(out, text);
    buf_addf(out, "</%s>", name);
}
