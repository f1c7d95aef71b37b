#include "main/node_dir.h"

#include "main/file.h"

enum errc node_dir_of(const char *data, struct arena *arena, struct node_dir *out, struct err *err)
{
    struct node_dir dir = {
        .data = arena_strdup(arena, data),
        .config = arena_printf(arena, "%s/fengsui.yaml", data),
        .client = arena_printf(arena, "%s/client.yaml", data),
        .seal = arena_printf(arena, "%s/seal", data),
        .link = arena_printf(arena, "%s/link", data),
        .real = arena_printf(arena, "%s/real", data),
        .drills = arena_printf(arena, "%s/drills", data),
    };
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for the names of the data directory");
    *out = dir;
    return ERR_OK;
}

enum errc node_dir_make(const struct node_dir *dir, struct err *err)
{
    const char *const folders[] = {dir->data, dir->link, dir->drills};
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof folders / sizeof folders[0]; i++)
        rc = file_make_folder(folders[i], err);
    return rc;
}
