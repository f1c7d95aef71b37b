#include "domain/region.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 16, REGIONS_MAX = 4000 };

static const cyaml_schema_field_t ROW_FIELDS[] = {
    YAML_TEXT("code", struct region_row, code),
    YAML_TEXT("name", struct region_row, name),
    YAML_BOOL_OPTIONAL("pca", struct region_row, pca),
    YAML_END,
};
static const cyaml_schema_value_t ROW = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct region_row, ROW_FIELDS),
};

struct region_file {
    const char *source;
    struct region_row *regions;
    uint32_t regions_count;
};

static const cyaml_schema_field_t FILE_FIELDS[] = {
    YAML_TEXT_OPTIONAL("source", struct region_file, source),
    YAML_LIST_OPTIONAL("regions", struct region_file, regions, &ROW),
    YAML_END,
};
static const cyaml_schema_value_t REGION_FILE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct region_file, FILE_FIELDS),
};

struct region_table {
    struct region_file *files[FILES_MAX];
    size_t file_count;
    struct region_row rows[REGIONS_MAX]; /* sorted by code */
    size_t count;
};

struct region_table *region_table_new(void)
{
    return calloc(1, sizeof(struct region_table));
}

void region_table_free(struct region_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->file_count; i++)
        yamldoc_free(&REGION_FILE, table->files[i]);
    free(table);
}

static bool six_digits(const char *code)
{
    return code && strlen(code) == REGION_SIZE - 1 && strspn(code, "0123456789") == REGION_SIZE - 1;
}

static enum region_kind kind_of(const char *code)
{
    if (streq(code, "000000"))
        return REGION_COUNTRY;
    return streq(code + 2, "0000") ? REGION_PROVINCE : REGION_PREFECTURE;
}

enum errc region_table_read(struct region_table *table, const char *file, const char *text, size_t size_bytes,
                            struct err *err)
{
    void *data = NULL;
    if (table->file_count == FILES_MAX)
        return err_set(err, ERR_LIMIT, "%s: more than %d region files", file, FILES_MAX);
    enum errc rc = yamldoc_load(file, text, size_bytes, &REGION_FILE, &data, err);
    if (rc < 0 || !data)
        return rc;
    struct region_file *rows = data;
    table->files[table->file_count++] = rows;
    for (uint32_t i = 0; i < rows->regions_count; i++) {
        struct region_row *row = &rows->regions[i];
        char path[40];
        (void)snprintf(path, sizeof path, "regions[%u].code", i);
        if (!six_digits(row->code))
            return yamldoc_fault(err, file, text, size_bytes, path, "'%s' is not a code of six digits",
                                 row->code);
        if (table->count == REGIONS_MAX)
            return err_set(err, ERR_LIMIT, "%s: more than %d regions", file, REGIONS_MAX);
        row->kind = kind_of(row->code);
        table->rows[table->count++] = *row;
    }
    return ERR_OK;
}

static int by_code(const void *a, const void *b)
{
    const struct region_row *x = a;
    const struct region_row *y = b;
    return strcmp(x->code, y->code);
}

enum errc region_table_finish(struct region_table *table, struct err *err)
{
    qsort(table->rows, table->count, sizeof table->rows[0], by_code);
    for (size_t i = 0; i < table->count; i++) {
        const struct region_row *row = &table->rows[i];
        char province[REGION_SIZE];
        if (i > 0 && streq(row[-1].code, row->code))
            return err_set(err, ERR_INVALID, "regions: %s is there twice, as %s and as %s; keep one",
                           row->code, row[-1].name, row->name);
        region_province(row->code, province);
        if (!region_find(table, province))
            return err_set(err, ERR_INVALID, "regions: %s %s lies in %s, which is not there; add it",
                           row->code, row->name, province);
    }
    return ERR_OK;
}

const struct region_row *region_find(const struct region_table *table, const char *code)
{
    struct region_row key = {.code = code};
    return six_digits(code) ? bsearch(&key, table->rows, table->count, sizeof key, by_code) : NULL;
}

size_t region_count(const struct region_table *table)
{
    return table->count;
}

const struct region_row *region_at(const struct region_table *table, size_t index)
{
    return index < table->count ? &table->rows[index] : NULL;
}

bool region_covers(const char *outer, const char *inner)
{
    size_t n = REGION_SIZE - 1;
    if (!six_digits(outer) || !six_digits(inner))
        return false;
    while (n > 0 && outer[n - 1] == '0' && outer[n - 2] == '0')
        n -= 2;
    return strncmp(outer, inner, n) == 0;
}

void region_province(const char *code, char out[REGION_SIZE])
{
    (void)snprintf(out, REGION_SIZE, "%.2s0000", code);
}
