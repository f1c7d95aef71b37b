#include "main/node_config.h"

#include "main/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_BYTES_MAX = 1 << 20 };

const char *node_config_path(struct call *call)
{
    const char *config = args_text(call->args, "config");
    const char *data = args_text(call->args, "data");
    const char *told = getenv("FENGSUI_CONFIG");
    if (config)
        return config;
    if (data)
        return arena_printf(call->arena, "%s/fengsui.yaml", data);
    return told && *told ? told : "/etc/fengsui.yaml";
}

static enum errc load(struct call *call, const char *path, struct config *out, struct err *err)
{
    struct str text;
    enum errc rc = file_read(path, CONFIG_BYTES_MAX, call->arena, &text, err);
    return rc < 0 ? rc : config_load(path, text.p, text.n, call->arena, out, err);
}

enum errc node_config_read(struct call *call, struct config *out, struct err *err)
{
    const char *path = node_config_path(call);
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    if (!file_exists(path))
        return err_set(err, ERR_NOT_FOUND,
                       "there is no configuration %s; name one with --config or --data, or make a"
                       " node with 'fengsui init'",
                       path);
    return load(call, path, out, err);
}

/* JSON's texts are YAML's too. */
static void add_setting(struct buf *text, const char *key, const char *value)
{
    json_t *doc = value ? json_string(value) : NULL;
    char *quoted = doc ? json_dumps(doc, JSON_ENCODE_ANY) : NULL;
    if (quoted)
        buf_addf(text, "  %s: %s\n", key, quoted);
    free(quoted);
    json_decref(doc);
}

static void add_section(struct buf *text, const char *name, const char *const *keys,
                        const char *const *values, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= values[i] != NULL;
    if (any)
        buf_addf(text, "%s:\n", name);
    for (size_t i = 0; i < count; i++)
        add_setting(text, keys[i], values[i]);
}

enum errc node_config_write(struct call *call, const char *path, const struct node_config_new *values,
                            struct config *out, struct err *err)
{
    static const char *const NODE[] = {"id", "data"};
    static const char *const API[] = {"listen"};
    static const char *const LINK[] = {"listen", "url"};
    static const char *const RULES[] = {"folder"};
    struct buf text;
    char data[PATH_MAX];
    if (values->data && !realpath(values->data, data))
        return err_set(err, ERR_NOT_FOUND, "%s: %s", values->data, strerror(errno));
    buf_init(&text, CONFIG_BYTES_MAX);
    buf_adds(&text, "# Settings of this node; 'fengsui sample-config' shows all there are.\n");
    add_section(&text, "node", NODE, (const char *const[]){values->id, values->data ? data : NULL}, 2);
    add_section(&text, "api", API, (const char *const[]){values->api_listen}, 1);
    add_section(&text, "link", LINK, (const char *const[]){values->link_listen, values->link_url}, 2);
    add_section(&text, "rules", RULES, (const char *const[]){values->rules}, 1);
    enum errc rc = buf_check(&text, err);
    if (rc >= 0)
        rc = config_load(path, text.data, text.size_bytes, call->arena, out, err);
    if (rc >= 0)
        rc = file_write(path, text.data, FILE_NEW, 0644, err);
    buf_done(&text);
    return rc;
}
