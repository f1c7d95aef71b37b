#include "main/setting.h"

#include "base/str.h"
#include "main/args.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct unit {
    enum setting_type type;
    const char *name;
    int64_t factor;
};

static const struct unit UNITS[] = {
    {SETTING_COUNT, "", 1},
    {SETTING_DURATION, "ms", 1},
    {SETTING_DURATION, "s", 1000},
    {SETTING_DURATION, "min", 60 * 1000},
    {SETTING_DURATION, "h", 60 * 60 * 1000},
    {SETTING_DURATION, "d", 24 * 60 * 60 * 1000},
    {SETTING_SIZE, "B", 1},
    {SETTING_SIZE, "KiB", 1024},
    {SETTING_SIZE, "MiB", 1024 * 1024},
    {SETTING_SIZE, "GiB", 1024 * 1024 * 1024},
};

bool setting_is_number(enum setting_type type)
{
    return type == SETTING_BOOL || type == SETTING_COUNT || type == SETTING_DURATION || type == SETTING_SIZE;
}

/* "a whole number and one of ms, s, min, h, d" */
static enum errc wants(const struct setting_row *row, const char *text, struct err *err)
{
    char units[64] = "";
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        size_t used = strlen(units);
        if (UNITS[i].type == row->type && UNITS[i].name[0])
            (void)snprintf(units + used, sizeof units - used, "%s%s", used ? ", " : " and one of ",
                           UNITS[i].name);
    }
    return err_set(err, ERR_INVALID, "takes a whole number%s, not '%s'", units, text);
}

/* Limits are written in the unit whose factor is 1: the first of its type. */
static const struct unit *base_unit(enum setting_type type)
{
    const struct unit *unit = UNITS;
    while (unit->type != type)
        unit++;
    return unit;
}

static const struct unit *find_unit(enum setting_type type, const char *name)
{
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (UNITS[i].type == type && streq(UNITS[i].name, name))
            return &UNITS[i];
    return NULL;
}

static enum errc parse_amount(const struct setting_row *row, const char *text, int64_t *out, struct err *err)
{
    const char *p = text;
    int64_t number = 0;
    bool fits = true;
    bool negative = *p == '-';
    p += negative;
    size_t digits = strspn(p, "0123456789");
    for (size_t i = 0; i < digits; i++)
        fits = fits && !__builtin_mul_overflow(number, 10, &number) &&
               !__builtin_add_overflow(number, p[i] - '0', &number);
    p += digits;
    p += *p == ' ' && p[1] != '\0';
    const struct unit *unit = find_unit(row->type, p);
    const struct unit *base = base_unit(row->type);
    if (digits == 0 || !unit)
        return wants(row, text, err);
    fits = fits && !__builtin_mul_overflow(number, unit->factor, &number);
    if (negative)
        number = -number;
    if (!fits || number < row->min || number > row->max)
        return err_set(err, ERR_INVALID, "takes %lld to %lld%s%s, not '%s'", (long long)row->min,
                       (long long)row->max, base->name[0] ? " " : "", base->name, text);
    *out = number;
    return ERR_OK;
}

static enum errc parse_bool(const char *text, int64_t *out, struct err *err)
{
    if (!streq(text, "true") && !streq(text, "false"))
        return err_set(err, ERR_INVALID, "takes true or false, not '%s'", text);
    *out = streq(text, "true");
    return ERR_OK;
}

static enum errc check_choice(const struct setting_row *row, const char *text, struct err *err)
{
    const char *left = row->unit;
    struct str word;
    while (args_next_choice(&left, &word))
        if (str_eq(word, text))
            return ERR_OK;
    return err_set(err, ERR_INVALID, "takes %s, not '%s'", row->unit, text);
}

/* The port behind the last colon. */
static bool port_valid(const char *text)
{
    size_t n = strspn(text, "0123456789");
    int port = 0;
    if (n == 0 || n > 5 || text[n] != '\0')
        return false;
    for (size_t i = 0; i < n; i++)
        port = port * 10 + (text[i] - '0');
    return port <= 65535;
}

static enum errc check_address(const char *text, struct err *err)
{
    unsigned char raw[sizeof(struct in6_addr)];
    char host[64];
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    bool six = n > 2 && text[0] == '[' && text[n - 1] == ']';
    if (colon && n < sizeof host && port_valid(colon + 1)) {
        (void)snprintf(host, sizeof host, "%.*s", (int)(six ? n - 2 : n), text + six);
        if (inet_pton(six ? AF_INET6 : AF_INET, host, raw) == 1)
            return ERR_OK;
    }
    return err_set(err, ERR_INVALID,
                   "takes an address and port such as 127.0.0.1:8480 or [::1]:8480, not '%s'", text);
}

/* Bytes of a host name, an IPv4 address or a bracketed IPv6 address at the start; 0 = none. */
static size_t host_length(const char *text)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    if (text[0] != '[')
        return strspn(text, NAME);
    size_t n = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
    return text[n] == ']' ? n + 1 : 0;
}

static enum errc check_url(const char *text, struct err *err)
{
    static const char SCHEME[] = "https://";
    if (strncmp(text, SCHEME, strlen(SCHEME)) == 0) {
        const char *host = text + strlen(SCHEME);
        size_t n = host_length(host);
        if (n > 0 && (host[n] == '\0' || (host[n] == ':' && port_valid(host + n + 1))))
            return ERR_OK;
    }
    return err_set(err, ERR_INVALID, "takes https://host or https://host:port, not '%s'", text);
}

static enum errc check_id(const char *text, struct err *err)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (text[n] != '\0' || text[0] == '-')
        return err_set(err, ERR_INVALID, "takes small letters, digits and hyphens, not '%s'", text);
    return ERR_OK;
}

static enum errc check_length(const struct setting_row *row, const char *text, struct err *err)
{
    size_t count = utf8_count(text, strlen(text));
    if (count == 0 && row->min > 0)
        return err_set(err, ERR_INVALID, "must not be empty");
    if (count < (size_t)row->min || count > (size_t)row->max)
        return err_set(err, ERR_INVALID, "takes %lld to %lld characters, not %zu", (long long)row->min,
                       (long long)row->max, count);
    return ERR_OK;
}

enum errc setting_parse(const struct setting_row *row, const char *text, int64_t *out_number, struct err *err)
{
    switch (row->type) {
    case SETTING_BOOL: return parse_bool(text, out_number, err);
    case SETTING_CHOICE: return check_choice(row, text, err);
    case SETTING_COUNT:
    case SETTING_DURATION:
    case SETTING_SIZE: return parse_amount(row, text, out_number, err);
    case SETTING_ID:
    case SETTING_TEXT:
    case SETTING_PATH:
    case SETTING_ADDRESS:
    case SETTING_URL: break;
    }
    enum errc rc = check_length(row, text, err);
    if (rc < 0 || text[0] == '\0')
        return rc;
    if (row->type == SETTING_ID)
        return check_id(text, err);
    if (row->type == SETTING_ADDRESS)
        return check_address(text, err);
    return row->type == SETTING_URL ? check_url(text, err) : ERR_OK;
}
