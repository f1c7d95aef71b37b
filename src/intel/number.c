#include "intel/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Reads '+' and digits with what people write between them; *text is moved behind. */
static bool take_number(struct str *text, uint64_t *value, uint8_t *digits)
{
    size_t i = 1;
    *value = 0;
    *digits = 0;
    if (text->n == 0 || text->p[0] != '+')
        return false;
    for (; i < text->n; i++) {
        char c = text->p[i];
        if (c >= '0' && c <= '9') {
            if (++*digits > NUMBER_DIGITS_MAX)
                return false;
            *value = *value * 10 + (uint64_t)(c - '0');
            continue;
        }
        bool between = c == ' ' || c == '(' || c == ')' || c == '.' || c == '-';
        bool second = c == '-' && i + 1 < text->n && text->p[i + 1] == '+';
        if (!between || second)
            break;
    }
    /* Country codes begin with 1 … 9. */
    if (*digits == 0 || text->n < 2 || text->p[1] == '0')
        return false;
    *text = (struct str){text->p + i, text->n - i};
    return true;
}

bool number_parse(struct str text, struct number_range *out)
{
    struct number_range range = {0};
    uint8_t digits;
    if (text.n > 4 && strncasecmp(text.p, "tel:", 4) == 0)
        text = (struct str){text.p + 4, text.n - 4};
    if (!take_number(&text, &range.first, &range.digits))
        return false;
    range.last = range.first;
    if (text.n == 1 && text.p[0] == '*') {
        range.open = true;
        *out = range;
        return true;
    }
    if (range.digits < NUMBER_DIGITS_MIN)
        return false;
    if (text.n > 1 && text.p[0] == '-') {
        text = (struct str){text.p + 1, text.n - 1};
        if (!take_number(&text, &range.last, &digits) || digits != range.digits || range.last < range.first)
            return false;
    }
    if (text.n > 0)
        return false;
    *out = range;
    return true;
}

void number_format(const struct number_range *range, char out[NUMBER_TEXT_SIZE])
{
    if (range->open)
        (void)snprintf(out, NUMBER_TEXT_SIZE, "+%" PRIu64 "*", range->first);
    else if (range->first == range->last)
        (void)snprintf(out, NUMBER_TEXT_SIZE, "+%" PRIu64, range->first);
    else
        (void)snprintf(out, NUMBER_TEXT_SIZE, "+%" PRIu64 "-+%" PRIu64, range->first, range->last);
}

size_t number_split(const struct number_range *range, struct number_piece out[NUMBER_PIECES_MAX])
{
    if (range->open) {
        out[0] = (struct number_piece){0, range->digits, range->first};
        return 1;
    }
    size_t count = 0;
    for (uint64_t at = range->first; at <= range->last;) {
        uint64_t block = 1;
        uint8_t free_digits = 0;
        while (free_digits + 1 < range->digits && at % (block * 10) == 0 &&
               at + block * 10 - 1 <= range->last) {
            block *= 10;
            free_digits++;
        }
        out[count++] = (struct number_piece){range->digits, (uint8_t)(range->digits - free_digits),
                                             at / block};
        at += block;
    }
    return count;
}

size_t number_key(const struct number_piece *piece, uint8_t out[NUMBER_KEY_MAX])
{
    uint64_t rest = piece->prefix;
    out[0] = piece->length;
    for (size_t i = piece->digits; i > 0; i--, rest /= 10)
        out[i] = (uint8_t)('0' + rest % 10);
    return 1u + piece->digits;
}
