#include "lib/rules.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/files.h"

#include <string.h>

enum { COPY_BYTES_MAX = 16 << 20 };

void rules_copy_open(struct rules_copy *copy)
{
    struct embed_set all = folder_set("rules");
    arena_init(&copy->arena, COPY_BYTES_MAX);
    copy->files = arena_array(&copy->arena, PACK_FILES_MAX, sizeof *copy->files);
    copy->set = (struct embed_set){copy->files, 0};
    for (size_t i = 0; i < all.count; i++)
        rules_copy_add(copy, all.files[i].path, all.files[i].bytes);
    folder_set_free(&all);
    assert_true(copy->set.count > 0);
}

void rules_copy_done(struct rules_copy *copy)
{
    arena_done(&copy->arena);
}

void rules_copy_add(struct rules_copy *copy, const char *path, const char *text)
{
    assert_true(copy->set.count < PACK_FILES_MAX);
    struct embed_file *file = &copy->files[copy->set.count++];
    file->path = arena_strdup(&copy->arena, path);
    file->bytes = arena_strdup(&copy->arena, text);
    file->size_bytes = strlen(text);
    assert_false(copy->arena.exhausted);
}

static struct embed_file *find(const struct rules_copy *copy, const char *path)
{
    for (size_t i = 0; i < copy->set.count; i++)
        if (streq(copy->files[i].path, path))
            return &copy->files[i];
    fail_msg("there is no file rules/%s", path);
    return NULL;
}

void rules_copy_edit(struct rules_copy *copy, const char *path, const char *from, const char *to)
{
    struct embed_file *file = find(copy, path);
    const char *at = strstr(file->bytes, from);
    if (!at)
        fail_msg("rules/%s does not contain '%s'", path, from);
    file->bytes = arena_printf(&copy->arena, "%.*s%s%s", (int)(at - file->bytes), file->bytes, to,
                               at + strlen(from));
    assert_non_null(file->bytes);
    file->size_bytes = strlen(file->bytes);
}

int rules_copy_line(const struct rules_copy *copy, const char *path, const char *text)
{
    const struct embed_file *file = find(copy, path);
    const char *at = strstr(file->bytes, text);
    int line = 1;
    if (!at)
        fail_msg("rules/%s does not contain '%s'", path, text);
    for (const char *p = file->bytes; p < at; p++)
        line += *p == '\n';
    return line;
}

struct pack_set *rules_load(void)
{
    struct rules_copy copy;
    struct pack_set *set = NULL;
    struct err err;
    rules_copy_open(&copy);
    assert_ok(pack_set_load(&copy.set, &set, &err), &err);
    rules_copy_done(&copy);
    return set;
}

void assert_rules_refused(const struct rules_fault *fault)
{
    struct rules_copy copy;
    struct pack_set *set = NULL;
    struct err err;
    rules_copy_open(&copy);
    rules_copy_edit(&copy, fault->path, fault->from, fault->to);
    if (pack_set_load(&copy.set, &set, &err) == ERR_OK)
        fail_msg("'%s' in place of '%s' is taken", fault->to, fault->from);
    assert_null(set);
    int line = rules_copy_line(&copy, fault->path, fault->at);
    if (!strstr(err.message, fault->said) || strncmp(err.message, fault->path, strlen(fault->path)) != 0)
        fail_msg("'%s' is told as: %s", fault->to, err.message);
    if (err.line != line)
        fail_msg("'%s' stands on line %d, not %d: %s", fault->to, line, err.line, err.message);
    rules_copy_done(&copy);
}
