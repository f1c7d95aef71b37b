#include "main/bell_file.h"

#include "bell/post.h"
#include "main/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { CHANNELS_BYTES_MAX = 256 << 10, TEST_TIMEOUT_MS = 20 * 1000 };

static enum errc check_mode(const char *path, struct err *err)
{
    struct stat stat_of;
    if (stat(path, &stat_of) < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
    if (stat_of.st_mode & (S_IRWXG | S_IRWXO))
        return err_set(err, ERR_PERMISSION, "%s holds secrets, and others may read it: chmod 600 %s", path,
                       path);
    return ERR_OK;
}

enum errc bell_file_read(const char *path, struct arena *arena, struct channels **out, struct err *err)
{
    struct str text;
    enum errc rc = check_mode(path, err);
    if (rc == ERR_OK)
        rc = file_read(path, CHANNELS_BYTES_MAX, arena, &text, err);
    if (rc < 0)
        return rc;
    rc = channels_load(path, text.p, text.n, out, err);
    explicit_bzero((char *)(uintptr_t)text.p, text.n);
    return rc;
}

enum errc bell_file_open(const struct config *config, struct arena *arena, struct channels **out,
                         struct err *err)
{
    if (!config->notify_channels[0])
        return err_set(err, ERR_NOT_FOUND, "no channels: notify.channels names no file");
    const char *path = config_path(config, config->notify_channels, arena);
    return path ? bell_file_read(path, arena, out, err) : err_set(err, ERR_NOMEM, "no memory for a path");
}

static json_t *list_names(const struct names *names)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < names->count; i++)
        (void)json_array_append_new(list, json_string(names->at[i]));
    return list;
}

json_t *bell_file_list(const struct channels *channels)
{
    json_t *list = json_array();
    const struct channel *channel;
    for (size_t i = 0; (channel = channels_at(channels, i)); i++)
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:o,s:s?,s:b,s:s?,s:I}", "name", channel->name, "kind",
                            channel_kind_name(channel->kind), "least", severity_name(channel->least), "posts",
                            list_names(&channel->posts), "quiet", channel->quiet, "detailed",
                            channel->detailed, "escalate_to", channel->escalate_to, "escalate_after",
                            (json_int_t)channel->escalate_after));
    return list;
}

enum errc bell_file_test(const struct channels *channels, const char *name, const struct env *env,
                         json_t **out, struct err *err)
{
    const struct channel *channel = channels_find(channels, name);
    struct post_result result = {0};
    char id[UUID_TEXT_SIZE];
    if (!channel)
        return err_field(err, ERR_NOT_FOUND, "channel", "there is no channel '%.60s'", name);
    enum errc rc = env_uuid(env, id, err);
    if (rc == ERR_OK)
        rc = post_open(err);
    if (rc < 0)
        return rc;
    const struct news news = {.id = id,
                              .severity = SEVERITY_INFO,
                              .what = "通知渠道测试，请忽略",
                              .number = channel->name,
                              .at_ms = env_now_ms(env)};
    rc = post_send(channel, &news, env, TEST_TIMEOUT_MS, &result, err);
    post_close();
    if (rc < 0)
        return rc;
    *out = json_pack("{s:s,s:s,s:I,s:i}", "channel", channel->name, "kind", channel_kind_name(channel->kind),
                     "sent", (json_int_t)result.sent, "status", result.status);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the answer");
}
