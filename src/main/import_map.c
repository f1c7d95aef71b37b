#include "main/import_map.h"

#include "base/str.h"
#include "base/yamldoc.h"
#include "domain/facts.h"
#include "main/file.h"

#include <string.h>

static const cyaml_strval_t FORMATS[] = {{"json", IMPORT_JSON}, {"csv", IMPORT_CSV}};

static const cyaml_schema_field_t WORD_FIELDS[] = {
    YAML_TEXT("from", struct import_word, from),
    YAML_TEXT("to", struct import_word, to),
    YAML_END,
};
static const cyaml_schema_value_t WORD = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct import_word, WORD_FIELDS)};

static const cyaml_schema_field_t FIELD_FIELDS[] = {
    YAML_TEXT("field", struct import_field, field),
    YAML_TEXT_OPTIONAL("from", struct import_field, from),
    YAML_TEXT_OPTIONAL("text", struct import_field, text),
    YAML_TEXT_OPTIONAL("before", struct import_field, before),
    YAML_TEXT_OPTIONAL("otherwise", struct import_field, otherwise),
    YAML_BOOL_OPTIONAL("html", struct import_field, html),
    YAML_LIST_OPTIONAL("words", struct import_field, words, &WORD),
    YAML_END,
};
static const cyaml_schema_value_t FIELD = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct import_field, FIELD_FIELDS)};

static const cyaml_schema_field_t MAP_FIELDS[] = {
    YAML_TEXT("source", struct import_map, source),
    YAML_ENUM("format", struct import_map, format, FORMATS),
    YAML_TEXT("id", struct import_map, id),
    YAML_TEXT_OPTIONAL("separator", struct import_map, separator),
    YAML_LIST("fields", struct import_map, fields, &FIELD),
    YAML_END,
};
static const cyaml_schema_value_t MAP = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct import_map, MAP_FIELDS)};

/* ---- checks behind the schema ---- */

struct checking {
    const char *file;
    struct str text;
    const struct act_row *act;
    const struct import_map *map;
};

static enum errc fault(const struct checking *checking, uint32_t index, const char *member, const char *what,
                       struct err *err)
{
    char path[64];
    (void)snprintf(path, sizeof path, "fields[%u].%s", (unsigned)index, member);
    return yamldoc_fault(err, checking->file, checking->text.p, checking->text.n, path, "'%.60s' %s",
                         checking->map->fields[index].field, what);
}

static bool is_known(const struct act_row *act, const char *field)
{
    static const char FACTS[] = "facts.";
    if (strncmp(field, FACTS, strlen(FACTS)) == 0)
        return fact_parse(field + strlen(FACTS)) >= 0;
    return act_row_field(act, field) != NULL;
}

/* What the import itself fills in. */
static bool is_taken(const char *field)
{
    return streq(field, "source") || streq(field, "occurred_raw") || streq(field, "facts");
}

static enum errc check_field(const struct checking *checking, uint32_t index, struct err *err)
{
    const struct import_field *field = &checking->map->fields[index];
    if (!is_known(checking->act, field->field))
        return fault(checking, index, "field", "is no field of an incident report, nor a fact", err);
    if (is_taken(field->field))
        return fault(checking, index, "field", "is filled in by the import itself", err);
    if ((field->from != NULL) == (field->text != NULL))
        return fault(checking, index, "field", "needs either 'from', a column, or 'text'", err);
    for (uint32_t i = 0; i < index; i++)
        if (streq(checking->map->fields[i].field, field->field))
            return fault(checking, index, "field", "is mapped twice", err);
    return ERR_OK;
}

static enum errc check_required(const struct checking *checking, struct err *err)
{
    for (uint32_t i = 0; i < checking->act->fields_count; i++) {
        const struct field_row *row = &checking->act->fields[i];
        bool mapped = !row->required;
        for (uint32_t k = 0; k < checking->map->fields_count && !mapped; k++)
            mapped = streq(checking->map->fields[k].field, row->name);
        if (!mapped)
            return yamldoc_fault(err, checking->file, checking->text.p, checking->text.n, "fields",
                                 "'%s' (%s, clause %s) is required and not mapped", row->name, row->zh,
                                 row->clause ? row->clause : "—");
    }
    return ERR_OK;
}

enum errc import_map_load(const char *path, const struct act_row *act, struct import_map **out,
                          struct err *err)
{
    struct arena arena;
    struct checking checking = {.file = path, .act = act};
    void *data = NULL;
    arena_init(&arena, YAML_BYTES_MAX + 4096);
    enum errc rc = file_read(path, YAML_BYTES_MAX, &arena, &checking.text, err);
    if (rc >= 0)
        rc = yamldoc_load(path, checking.text.p, checking.text.n, &MAP, &data, err);
    if (rc >= 0 && !data)
        rc = err_set(err, ERR_SYNTAX, "%s is empty", path);
    checking.map = data;
    for (uint32_t i = 0; rc >= 0 && i < checking.map->fields_count; i++)
        rc = check_field(&checking, i, err);
    if (rc >= 0)
        rc = check_required(&checking, err);
    arena_done(&arena);
    if (rc < 0)
        import_map_free(data);
    else
        *out = data;
    return rc;
}

void import_map_free(struct import_map *map)
{
    yamldoc_free(&MAP, map);
}
