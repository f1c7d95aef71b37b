#include "domain/fields.h"

#include "base/civil.h"
#include "base/env.h"
#include "base/proof.h"
#include "base/str.h"
#include "domain/facts.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX_CHARS = 4000, HASH_DIGITS = 64, OBJECT_MEMBERS_MAX = 200 };

struct check {
    const struct matter *matter;
    const struct field_row *row;
    json_t *value;
    struct arena *arena;
    struct err *err;
};

static enum errc bad(const struct check *check, const char *what)
{
    return err_field(check->err, ERR_INVALID, check->row->name, "%s", what);
}

/* 密级标志 at the head of a text: such material has its own channel. */
static bool classified(const char *text)
{
    static const char *const MARKS[] = {"绝密★", "机密★", "秘密★", "绝密☆", "机密☆", "秘密☆"};
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (strstr(text, MARKS[i]))
            return true;
    return false;
}

static enum errc text(const struct check *check)
{
    size_t max = check->row->max > 0 ? (size_t)check->row->max : TEXT_MAX_CHARS;
    if (!json_is_string(check->value))
        return bad(check, "a text is expected");
    const char *said = json_string_value(check->value);
    size_t count = utf8_count(said, json_string_length(check->value));
    if (count > max)
        return err_field(check->err, ERR_INVALID, check->row->name, "%zu characters, at most %zu are taken",
                         count, max);
    if (check->row->required && count == 0)
        return bad(check, "this field must not be empty");
    if (classified(said))
        return err_field(check->err, ERR_CLASSIFIED, check->row->name,
                         "the text carries a secrecy marking; it was not recorded");
    return ERR_OK;
}

static enum errc whole(const struct check *check)
{
    int64_t max = check->row->max > 0 ? check->row->max : INT64_MAX;
    if (!json_is_integer(check->value))
        return bad(check, "a whole number is expected");
    int64_t number = json_integer_value(check->value);
    if (number < check->row->min || number > max)
        return err_field(check->err, ERR_INVALID, check->row->name, "%lld is outside %lld to %lld",
                         (long long)number, (long long)check->row->min, (long long)max);
    return ERR_OK;
}

static enum errc boolean(const struct check *check)
{
    return json_is_boolean(check->value) ? ERR_OK : bad(check, "true or false is expected");
}

static enum errc instant(const struct check *check)
{
    int64_t ms = 0;
    const char *said = json_string_value(check->value);
    if (!said)
        return bad(check, "a time such as 2009-05-19T21:50:00+08:00 is expected");
    enum errc rc = civil_parse_time(said, &ms, check->err);
    if (rc < 0)
        err_field_prefix(check->err, check->row->name);
    return rc;
}

static enum errc date(const struct check *check)
{
    struct civil_date day;
    const char *said = json_string_value(check->value);
    if (!said)
        return bad(check, "a date YYYY-MM-DD is expected");
    enum errc rc = civil_parse_date(said, &day, check->err);
    if (rc < 0)
        err_field_prefix(check->err, check->row->name);
    return rc;
}

static enum errc region(const struct check *check)
{
    const char *code = json_string_value(check->value);
    if (code && region_find(pack_set_regions(check->matter->packs), code))
        return ERR_OK;
    return err_field(check->err, ERR_INVALID, check->row->name,
                     "'%.20s' is not a region of GB/T 2260 (six digits, such as 330000)", code ? code : "?");
}

static enum errc level(const struct check *check)
{
    return level_parse(json_string_value(check->value)) != LEVEL_NONE
               ? ERR_OK
               : bad(check, "one of I, II, III, IV is expected");
}

static enum errc colour(const struct check *check)
{
    return colour_parse(json_string_value(check->value)) != COLOUR_NONE
               ? ERR_OK
               : bad(check, "one of red, orange, yellow, blue is expected");
}

static enum errc word(const struct check *check)
{
    const char *said = json_string_value(check->value);
    for (uint32_t i = 0; i < check->row->values_count; i++)
        if (streq(check->row->values[i], said))
            return ERR_OK;
    char list[300] = "";
    for (uint32_t i = 0, n = 0; i < check->row->values_count && n < sizeof list; i++)
        n += (uint32_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", check->row->values[i]);
    return err_field(check->err, ERR_INVALID, check->row->name, "one of %s is expected", list);
}

static enum errc node(const struct check *check)
{
    const char *id = json_string_value(check->value);
    if (directory_find(check->matter->dir, id) || (check->matter->from_peer && id && proof_name_valid(id)))
        return ERR_OK;
    return err_field(check->err, ERR_INVALID, check->row->name, "no node is called '%.64s'", id ? id : "?");
}

static enum errc identifier(const struct check *check)
{
    return uuid_valid(json_string_value(check->value)) ? ERR_OK
                                                       : bad(check, "an identifier (UUID) is expected");
}

static enum errc digest(const struct check *check)
{
    const char *said = json_string_value(check->value);
    unsigned char bytes[HASH_DIGITS / 2];
    if (said && hex_decode(said, strlen(said), bytes, sizeof bytes))
        return ERR_OK;
    return bad(check, "64 hexadecimal digits are expected");
}

static enum errc facts(const struct check *check)
{
    struct facts read;
    if (!json_is_object(check->value))
        return bad(check, "an object of facts is expected");
    enum errc rc = facts_read(check->value, pack_set_regions(check->matter->packs), check->arena, &read,
                              check->err);
    if (rc < 0)
        err_field_prefix(check->err, check->row->name);
    return rc;
}

static enum errc figures(const struct check *check)
{
    const char *name;
    json_t *number;
    size_t max = check->row->max > 0 ? (size_t)check->row->max : FIELD_LIST_MAX;
    if (!json_is_object(check->value))
        return bad(check, "an object of whole numbers is expected");
    if (json_object_size(check->value) > max)
        return bad(check, "too many figures");
    json_object_foreach(check->value, name, number)
    {
        if (json_is_integer(number) && json_integer_value(number) >= 0)
            continue;
        enum errc rc = err_field(check->err, ERR_INVALID, name, "a whole number from 0 is expected");
        err_field_prefix(check->err, check->row->name);
        return rc;
    }
    return ERR_OK;
}

static enum errc object(const struct check *check)
{
    if (!json_is_object(check->value))
        return bad(check, "an object is expected");
    return json_object_size(check->value) <= OBJECT_MEMBERS_MAX ? ERR_OK : bad(check, "too many members");
}

/* Each entry of a list is checked as one value would be. */
static enum errc each(const struct check *check, enum errc (*one)(const struct check *))
{
    size_t max = check->row->max > 0 && check->row->type == FIELD_TEXTS ? (size_t)check->row->max
                                                                        : FIELD_LIST_MAX;
    size_t i;
    json_t *entry;
    if (!json_is_array(check->value))
        return bad(check, "a list is expected");
    if (check->row->required && json_array_size(check->value) == 0)
        return bad(check, "this list must not be empty");
    if (json_array_size(check->value) > max)
        return err_field(check->err, ERR_INVALID, check->row->name, "%zu entries, at most %zu are taken",
                         json_array_size(check->value), max);
    struct field_row plain = *check->row;
    if (check->row->type == FIELD_TEXTS)
        plain.max = 0;
    json_array_foreach(check->value, i, entry)
    {
        char name[80];
        struct check inner = *check;
        (void)snprintf(name, sizeof name, "%.60s[%zu]", check->row->name, i);
        plain.name = name;
        inner.row = &plain;
        inner.value = entry;
        enum errc rc = one(&inner);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc regions(const struct check *check)
{
    return each(check, region);
}

static enum errc words(const struct check *check)
{
    return each(check, word);
}

static enum errc nodes(const struct check *check)
{
    return each(check, node);
}

static enum errc texts(const struct check *check)
{
    return each(check, text);
}

static enum errc (*const CHECKS[])(const struct check *) = {
    [FIELD_TEXT] = text,     [FIELD_INT] = whole,          [FIELD_BOOL] = boolean,    [FIELD_TIME] = instant,
    [FIELD_DATE] = date,     [FIELD_REGION] = region,      [FIELD_REGIONS] = regions, [FIELD_LEVEL] = level,
    [FIELD_COLOUR] = colour, [FIELD_ENUM] = word,          [FIELD_ENUMS] = words,     [FIELD_NODE] = node,
    [FIELD_NODES] = nodes,   [FIELD_SUBJECT] = identifier, [FIELD_HASH] = digest,     [FIELD_FACTS] = facts,
    [FIELD_TEXTS] = texts,   [FIELD_FIGURES] = figures,    [FIELD_OBJECT] = object,
};

static enum errc check_known(const struct matter *matter, struct err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach(matter->body, name, value)
    {
        if (!act_row_field(matter->row, name))
            return err_field(err, ERR_INVALID, name, "%s (%s) has no such field", matter->row->zh,
                             matter->row->kind);
    }
    return ERR_OK;
}

static void name_clause(const struct field_row *row, struct err *err)
{
    if (err && row->clause)
        (void)snprintf(err->clause, sizeof err->clause, "%s", row->clause);
}

enum errc fields_check(const struct matter *matter, struct arena *arena, struct err *err)
{
    enum errc rc = check_known(matter, err);
    for (uint32_t i = 0; rc >= 0 && i < matter->row->fields_count; i++) {
        const struct field_row *row = &matter->row->fields[i];
        json_t *value = json_object_get(matter->body, row->name);
        struct check check = {matter, row, value, arena, err};
        if (value && !json_is_null(value))
            rc = CHECKS[row->type](&check);
        else if (row->required && !json_object_get(matter->commits, row->name))
            rc = err_field(err, ERR_INVALID, row->name, "%s is required", row->zh);
        if (rc < 0)
            name_clause(row, err);
    }
    if (rc < 0)
        err_field_prefix(err, "body");
    return rc;
}
