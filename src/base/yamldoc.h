/* base/yamldoc.h — YAML from outside into structs, read by a schema; libcyaml underneath.
 *
 * Strict means: unknown, duplicate and missing keys, wrong types, aliases and texts over YAML_BYTES_MAX
 * are errors that name the line and the path of the field ("duties[3].owners[0]").
 *
 * Layer    base.
 * Owns     yamldoc_load gives data that the caller frees with yamldoc_free and the same schema.
 * Threads  any; no shared state.
 * Errors   ERR_SYNTAX with err->line, err->field and a message "file:line: …"; ERR_LIMIT, ERR_NOMEM.
 * Tests    tests/unit/base/test_yamldoc.c
 */
#ifndef BASE_YAMLDOC_H
#define BASE_YAMLDOC_H

#include "base/err.h"

#include <cyaml/cyaml.h>

enum { YAML_BYTES_MAX = 1 << 20, YAML_TEXT_MAX = 16000, YAML_ROWS_MAX = 2000 };

/* Schema rows in the house's words. A member written by YAML_LIST needs a uint32_t <member>_count. */
#define YAML_TEXT(key, type, member)                                                                         \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, YAML_TEXT_MAX)
#define YAML_TEXT_OPTIONAL(key, type, member)                                                                \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, YAML_TEXT_MAX)
/* libcyaml's own CYAML_BOOL takes any word: "perhaps" is true. */
#define YAML_BOOL_OPTIONAL(key, type, member)                                                                \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, member, YAML_BOOLS, 2)
#define YAML_INT_OPTIONAL(key, type, member) CYAML_FIELD_INT(key, CYAML_FLAG_OPTIONAL, type, member)
#define YAML_ENUM(key, type, member, names)                                                                  \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT, type, member, names, CYAML_ARRAY_LEN(names))
#define YAML_ENUM_OPTIONAL(key, type, member, names)                                                         \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, member, names,                      \
                     CYAML_ARRAY_LEN(names))
#define YAML_LIST(key, type, member, entry)                                                                  \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, type, member, entry, 1, YAML_ROWS_MAX)
#define YAML_LIST_OPTIONAL(key, type, member, entry)                                                         \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, 0, YAML_ROWS_MAX)
/* A list of texts in a struct member {const char **at; uint32_t count}. */
#define YAML_NAMES(key, type, member)                                                                        \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member.at, member.count, \
                               &YAML_NAME, 0, YAML_ROWS_MAX)
/* A list of rows in a struct member {struct row *at; uint32_t count}. */
#define YAML_ROWS(key, type, member, entry)                                                                  \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member.at, member.count, \
                               entry, 0, YAML_ROWS_MAX)
#define YAML_MAP_OPTIONAL(key, type, member, fields)                                                         \
    CYAML_FIELD_MAPPING(key, CYAML_FLAG_OPTIONAL, type, member, fields)
#define YAML_END CYAML_FIELD_END

/* For const char ** lists. */
extern const cyaml_schema_value_t YAML_NAME;
/* true and false, nothing else. */
extern const cyaml_strval_t YAML_BOOLS[2];

/* file is only for messages. *out is NULL when the text holds nothing. */
MUST_USE enum errc yamldoc_load(const char *file, const char *text, size_t size_bytes,
                                const cyaml_schema_value_t *schema, void **out, struct err *err);
void yamldoc_free(const cyaml_schema_value_t *schema, void *data);

/* The line of the value at a path such as "duties[3].owners[0]", of its nearest parent when it is not
 * there, 0 when the text is not YAML. For errors found after loading. */
int yamldoc_line(const char *text, size_t size_bytes, const char *path);

/* Fills *err for a fault found after loading: "file:line: …", line and field set. Returns ERR_INVALID. */
enum errc yamldoc_fault(struct err *err, const char *file, const char *text, size_t size_bytes,
                        const char *path, const char *fmt, ...) PRINTF_LIKE(6, 7);

#endif
