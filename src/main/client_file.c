#include "main/client_file.h"

#include "base/yamldoc.h"
#include "desk/access.h"
#include "main/file.h"
#include "main/node.h"

enum { FILE_BYTES_MAX = 64 << 10 };

static const cyaml_schema_field_t FIELDS[] = {YAML_TEXT("url", struct client_file, url),
                                              YAML_TEXT("token", struct client_file, token), YAML_END};
static const cyaml_schema_value_t SCHEMA = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct client_file, FIELDS)};

enum errc client_file_read(const char *path, struct arena *arena, struct client_file *out, struct err *err)
{
    struct str text;
    void *data = NULL;
    enum errc rc = file_read(path, FILE_BYTES_MAX, arena, &text, err);
    if (rc >= 0)
        rc = yamldoc_load(path, text.p, text.n, &SCHEMA, &data, err);
    if (rc < 0)
        return rc;
    if (!data)
        return err_set(err, ERR_SYNTAX, "%s is empty", path);
    const struct client_file *file = data;
    struct client_file copy = {arena_strdup(arena, file->url), arena_strdup(arena, file->token)};
    yamldoc_free(&SCHEMA, data);
    if (!copy.url || !copy.token)
        return err_set(err, ERR_NOMEM, "no memory for %s", path);
    *out = copy;
    return ERR_OK;
}

const char *client_file_url(const struct config *config, struct arena *arena)
{
    const char *scheme = config->api_tls_certificate[0] ? "https" : "http";
    return arena_printf(arena, "%s://%s", scheme, config->api_listen);
}

static enum errc make_token(const struct config *config, const struct env *env,
                            const struct access_request *request, struct arena *arena,
                            struct access_made *out, struct err *err)
{
    struct node node = {0};
    enum errc rc = node_open(config, env, arena, &node, err);
    if (rc >= 0)
        rc = access_create(node.desk, request, out, err);
    node_close(&node);
    return rc;
}

enum errc client_file_make(const struct config *config, const struct env *env, const char *person,
                           const char *post, struct arena *arena, struct client_file *out, struct err *err)
{
    struct access_request request = {.role = "operator", .person = person, .post = post, .marked = true};
    struct access_made made;
    struct node_dir dir;
    enum errc rc = node_dir_of(config->node_data, arena, &dir, err);
    if (rc >= 0)
        rc = make_token(config, env, &request, arena, &made, err);
    if (rc < 0)
        return rc;
    struct client_file file = {client_file_url(config, arena), arena_strdup(arena, made.text)};
    const char *text = arena_printf(arena, "url: %s\ntoken: %s\n", file.url, file.token);
    if (!file.url || !file.token || !text)
        return err_set(err, ERR_NOMEM, "no memory for the client file");
    rc = file_write(dir.client, text, FILE_REPLACE, 0600, err);
    if (rc >= 0)
        *out = file;
    return rc;
}
