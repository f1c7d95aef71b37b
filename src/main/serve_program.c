/* What the API asks of the program around it: places for new nodes, copies of the record, a demonstration. */
#include "main/bell_file.h"
#include "main/file.h"
#include "main/node_enrol.h"
#include "main/serve_internal.h"
#include "store/backup.h"

#include <ctype.h>
#include <string.h>

enum { BACKUP_NAME_MAX = 64, PATHS_BYTES = 16 << 10 };
enum { CHANNEL_NAME_MAX = 100, CHANNELS_ARENA_BYTES = 1 << 20 };

/* ---- a place for a new node ---- */

static enum errc offer_enrolment(struct serve *serve, json_t *body, json_t **out, struct err *err)
{
    struct admit_offer offer;
    char ticket[ENROL_TICKET_SIZE];
    enum errc rc = node_enrol_read(body, &offer, err);
    if (rc < 0)
        return rc;
    if (!serve->link)
        return err_set(err, ERR_UNSUPPORTED, "this node is not enrolled itself yet");
    rc = serve_link_offer(serve->link, &offer, ticket, err);
    if (rc < 0)
        return rc;
    *out = json_pack("{s:s,s:s}", "id", offer.card.id, "ticket", ticket);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the ticket");
}

/* ---- a copy of the record ---- */

static bool is_folder_name(const char *name)
{
    if (!islower((unsigned char)name[0]) && !isdigit((unsigned char)name[0]))
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

static enum errc copy_record(const struct serve *serve, const char *path, json_t **out, struct err *err)
{
    struct verify_report report;
    char root[HASH_TEXT_SIZE];
    struct store *reader = NULL;
    enum errc rc = node_open_reader(&serve->node, &reader, err);
    if (rc >= 0)
        rc = backup_make(reader, path, NULL, NULL, &report, err);
    store_close(reader);
    if (rc < 0)
        return rc;
    hex_encode(report.tree.root, HASH_SIZE, root);
    *out = json_pack("{s:s,s:I,s:I,s:s}", "path", path, "acts", (json_int_t)report.acts, "tree_size",
                     (json_int_t)report.tree.size, "root", root);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the answer");
}

static enum errc make_backup(struct serve *serve, json_t *body, json_t **out, struct err *err)
{
    static const char *const NAMES[] = {"name"};
    const char *name = NULL;
    struct arena arena;
    enum errc rc = doc_only(body, NAMES, 1, err);
    if (rc >= 0)
        rc = doc_text(body, "name", DOC_REQUIRED, BACKUP_NAME_MAX, &name, err);
    if (rc < 0)
        return rc;
    if (!is_folder_name(name))
        return err_field(err, ERR_INVALID, "name", "small letters, digits, '.' and '-' are expected");
    arena_init(&arena, PATHS_BYTES);
    const char *folder = arena_printf(&arena, "%s/backups", serve->node.dir.data);
    const char *path = folder ? arena_printf(&arena, "%s/%s", folder, name) : NULL;
    rc = path ? file_make_folder(folder, err) : err_set(err, ERR_NOMEM, "no memory for a path");
    if (rc >= 0)
        rc = copy_record(serve, path, out, err);
    arena_done(&arena);
    return rc;
}

/* ---- a demonstration ---- */

static enum errc set_demo(struct serve *serve, json_t *body, json_t **out, struct err *err)
{
    enum errc rc = serve_demo_set(&serve->demo, body, out, err);
    if (rc >= 0 && serve->link)
        serve_link_wake(serve->link);
    return rc;
}

/* ---- channels ---- */

static enum errc test_channel(struct serve *serve, json_t *body, json_t **out, struct err *err)
{
    static const char *const NAMES[] = {"channel"};
    const char *name = NULL;
    struct channels *channels = NULL;
    struct arena arena;
    enum errc rc = doc_only(body, NAMES, 1, err);
    if (rc >= 0)
        rc = doc_text(body, "channel", DOC_REQUIRED, CHANNEL_NAME_MAX, &name, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, CHANNELS_ARENA_BYTES);
    rc = bell_file_open(serve->options->config, &arena, &channels, err);
    if (rc >= 0)
        rc = bell_file_test(channels, name, serve->env, out, err);
    channels_free(channels);
    arena_done(&arena);
    return rc;
}

enum errc serve_program(void *context, const char *what, json_t *body, json_t **out, struct err *err)
{
    static const struct {
        const char *what;
        enum errc (*run)(struct serve *serve, json_t *body, json_t **out, struct err *err);
    } ROWS[] = {
        {"offer_enrolment", offer_enrolment},
        {"make_backup", make_backup},
        {"set_demo", set_demo},
        {"test_channel", test_channel},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (strcmp(ROWS[i].what, what) == 0)
            return ROWS[i].run(context, body, out, err);
    return err_set(err, ERR_UNSUPPORTED, "this program does not offer %s", what);
}
