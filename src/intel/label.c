#include "intel/label.h"

#include <string.h>
#include <strings.h>

static const char *const NAMES[TLP_COUNT] = {"", "clear", "green", "amber", "amber+strict", "red"};

const char *tlp_name(enum tlp tlp)
{
    return NAMES[tlp];
}

static bool same(struct str text, const char *word)
{
    return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

int tlp_parse(struct str text)
{
    if (text.n > 4 && strncasecmp(text.p, "tlp:", 4) == 0)
        text = (struct str){text.p + 4, text.n - 4};
    for (int i = TLP_CLEAR; i < TLP_COUNT; i++)
        if (same(text, NAMES[i]))
            return i;
    return same(text, "white") ? (int)TLP_CLEAR : -1;
}
