/* main/config.h — the settings of a node, read strictly from YAML.
 *
 * Settings are rows of settings.def: struct config, the parser, the sample file and the checks follow
 * from them. Strict means: an unknown key, a key given twice, a number without its unit or with a
 * wrong one, a value out of range is an error that names file, line and setting. Values are read as
 * texts and parsed here, signed: YAML libraries turn -4 into a large unsigned number without a word.
 *
 * Layer    main.
 * Owns     nothing: texts of struct config live in the caller's arena.
 * Threads  any.
 * Errors   ERR_SYNTAX, ERR_INVALID with line and field; ERR_LIMIT, ERR_NOMEM. *out is untouched on error.
 * Data     settings.def
 * Tests    tests/unit/main/test_config.c, tests/fuzz/fuzz_config.c
 */
#ifndef MAIN_CONFIG_H
#define MAIN_CONFIG_H

#include "base/arena.h"
#include "base/doc.h"
#include "main/setting.h"

struct config {
#define CONFIG_ID(section, key) const char *section##_##key
#define CONFIG_TEXT(section, key) const char *section##_##key
#define CONFIG_PATH(section, key) const char *section##_##key
#define CONFIG_ADDRESS(section, key) const char *section##_##key
#define CONFIG_URL(section, key) const char *section##_##key
#define CONFIG_CHOICE(section, key) const char *section##_##key
#define CONFIG_BOOL(section, key) bool section##_##key
#define CONFIG_COUNT(section, key) int64_t section##_##key
#define CONFIG_DURATION(section, key) int64_t section##_##key##_ms
#define CONFIG_SIZE(section, key) int64_t section##_##key##_bytes
#define SECTION(section, text)
#define SETTING(section, key, type, need, value, unit, min, max, text) CONFIG_##type(section, key);
#include "main/settings.def"
#undef SETTING
#undef SECTION
};

/* file is for messages only. Paths are left as given; see config_path. */
MUST_USE enum errc config_load(const char *file, const char *text, size_t size_bytes, struct arena *arena,
                               struct config *out, struct err *err);

/* A path of the settings as the system takes it: relative ones lie in node.data. NULL: arena exhausted. */
MUST_USE const char *config_path(const struct config *config, const char *path, struct arena *arena);

/* A commented file with every setting and its default; config_load takes it as it is. */
void config_sample(struct buf *out);

/* What holds: {"node":{"id":…},"limits":{"idle_ms":60000,…},…}; NULL when memory is exhausted. */
MUST_USE json_t *config_json(const struct config *config);

#endif
