#include "bell/shape.h"

#include "base/doc.h"
#include "bell/hmac.h"

#include <string.h>

enum { WECOM_BYTES = 2048, ROBOT_BYTES = 16 << 10, SMS_CHARS = 70, ANSWER_SHOWN = 200 };

struct shaper {
    const struct channel *channel;
    const struct news *news;
    size_t recipient;
    int64_t now_ms;
    struct arena *arena;
    struct shape_request *out;
    struct err *err;
};

static enum errc no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, "no memory for a message");
}

static const char *text_of(struct shaper *shaper, size_t bytes_max)
{
    struct buf text;
    buf_init(&text, SHAPE_BYTES_MAX);
    news_text(shaper->news, shaper->channel, &text);
    news_cut(&text, bytes_max);
    const char *kept = arena_strndup(shaper->arena, text.data, text.size_bytes);
    buf_done(&text);
    return kept;
}

static void add_field(struct shaper *shaper, const char *field)
{
    if (field)
        shaper->out->fields[shaper->out->field_count++] = field;
}

/* Takes the document. */
static enum errc set_body(struct shaper *shaper, json_t *doc)
{
    struct buf text;
    buf_init(&text, SHAPE_BYTES_MAX);
    enum errc rc = doc ? doc_write(doc, &text, shaper->err) : no_memory(shaper->err);
    if (rc == ERR_OK)
        shaper->out->body = arena_strndup(shaper->arena, text.data, text.size_bytes);
    buf_done(&text);
    json_decref(doc);
    add_field(shaper, "Content-Type: application/json; charset=utf-8");
    return rc < 0 || shaper->out->body ? rc : no_memory(shaper->err);
}

static enum errc sign(struct shaper *shaper, const char *key, const char *message, const char **out)
{
    if (!key || !message)
        return no_memory(shaper->err);
    return hmac_base64((struct str){key, strlen(key)}, (struct str){message, strlen(message)}, shaper->arena,
                       out, shaper->err);
}

/* --- for URLs and templates ----------------------------------------------------------------------- */

static void add_percent(struct buf *out, const char *text)
{
    static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(PLAIN, *text))
            buf_add(out, text, 1);
        else
            buf_addf(out, "%%%02X", (unsigned char)*text);
    }
}

/* Inside a JSON string of the template. */
static void add_json(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_addf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            buf_addf(out, "\\u%04x", (unsigned char)*text);
        else
            buf_add(out, text, 1);
    }
}

static const char *fill(struct shaper *shaper, const char *template, const char *text,
                        void (*add)(struct buf *, const char *))
{
    const char *phone = shaper->channel->to.at[shaper->recipient];
    struct buf out;
    buf_init(&out, SHAPE_BYTES_MAX);
    while (*template) {
        size_t plain = strcspn(template, "{");
        buf_add(&out, template, plain);
        template += plain;
        if (strncmp(template, "{phone}", 7) == 0) {
            add(&out, phone);
            template += 7;
        } else if (strncmp(template, "{text}", 6) == 0) {
            add(&out, text);
            template += 6;
        } else if (*template) {
            buf_add(&out, template ++, 1);
        }
    }
    const char *kept = out.failed ? NULL : arena_strndup(shaper->arena, out.data, out.size_bytes);
    buf_done(&out);
    return kept;
}

/* --- the shapes ----------------------------------------------------------------------------------- */

static json_t *mobiles(const struct channel *channel)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < channel->to.count; i++)
        (void)json_array_append_new(list, json_string(channel->to.at[i]));
    return list;
}

static enum errc make_wecom(struct shaper *shaper)
{
    const char *text = text_of(shaper, WECOM_BYTES);
    shaper->out->url = shaper->channel->url;
    return set_body(shaper, text ? json_pack("{s:s,s:{s:s,s:o}}", "msgtype", "text", "text", "content", text,
                                             "mentioned_mobile_list", mobiles(shaper->channel))
                                 : NULL);
}

static enum errc make_dingtalk(struct shaper *shaper)
{
    const char *secret = shaper->channel->secret;
    const char *text = text_of(shaper, ROBOT_BYTES);
    const char *mac = NULL;
    struct buf url;
    const char *signed_text = arena_printf(shaper->arena, "%lld\n%s", (long long)shaper->now_ms, secret);
    enum errc rc = sign(shaper, secret, signed_text, &mac);
    if (rc < 0)
        return rc;
    buf_init(&url, SHAPE_BYTES_MAX);
    buf_addf(&url, "%s%ctimestamp=%lld&sign=", shaper->channel->url,
             strchr(shaper->channel->url, '?') ? '&' : '?', (long long)shaper->now_ms);
    add_percent(&url, mac);
    shaper->out->url = arena_strndup(shaper->arena, url.data, url.size_bytes);
    buf_done(&url);
    if (!shaper->out->url || !text)
        return no_memory(shaper->err);
    return set_body(shaper, json_pack("{s:s,s:{s:s},s:{s:o,s:b}}", "msgtype", "text", "text", "content", text,
                                      "at", "atMobiles", mobiles(shaper->channel), "isAtAll", 0));
}

static enum errc make_feishu(struct shaper *shaper)
{
    const char *text = text_of(shaper, ROBOT_BYTES);
    const char *mac = NULL;
    const char *second = arena_printf(shaper->arena, "%lld", (long long)(shaper->now_ms / 1000));
    const char *key = second ? arena_printf(shaper->arena, "%s\n%s", second, shaper->channel->secret) : NULL;
    enum errc rc = sign(shaper, key, "", &mac);
    if (rc < 0 || !text)
        return rc < 0 ? rc : no_memory(shaper->err);
    shaper->out->url = shaper->channel->url;
    return set_body(shaper, json_pack("{s:s,s:s,s:s,s:{s:s}}", "timestamp", second, "sign", mac, "msg_type",
                                      "text", "content", "text", text));
}

static enum errc make_webhook(struct shaper *shaper)
{
    const struct news *news = shaper->news;
    const char *secret = shaper->channel->secret + strlen("whsec_");
    const char *text = text_of(shaper, ROBOT_BYTES);
    const char *mac = NULL;
    size_t key_bytes = 0;
    const void *key = base64_decode(shaper->arena, secret, strlen(secret), &key_bytes);
    if (!key || !text)
        return err_field(shaper->err, ERR_INVALID, "secret", "whsec_ and base64 is expected");
    shaper->out->url = shaper->channel->url;
    enum errc rc = set_body(shaper, json_pack("{s:s,s:s,s:s,s:s,s:s?,s:s?,s:b,s:b}", "id", news->id,
                                              "severity", severity_name(news->severity), "what", news->what,
                                              "text", text, "number", news->number, "link", news->link,
                                              "drill", news->drill, "demo", news->demo));
    if (rc < 0)
        return rc;
    long long second = (long long)(shaper->now_ms / 1000);
    const char *signed_text = arena_printf(shaper->arena, "%s.%lld.%s", news->id, second, shaper->out->body);
    if (!signed_text)
        return no_memory(shaper->err);
    rc = hmac_base64((struct str){key, key_bytes}, (struct str){signed_text, strlen(signed_text)},
                     shaper->arena, &mac, shaper->err);
    if (rc < 0)
        return rc;
    add_field(shaper, arena_printf(shaper->arena, "webhook-id: %s", news->id));
    add_field(shaper, arena_printf(shaper->arena, "webhook-timestamp: %lld", second));
    add_field(shaper, arena_printf(shaper->arena, "webhook-signature: v1,%s", mac));
    return shaper->arena->exhausted ? no_memory(shaper->err) : ERR_OK;
}

/* A text message is one part: its subject and the link, at most 70 characters. */
static enum errc make_sms(struct shaper *shaper)
{
    const struct channel *channel = shaper->channel;
    struct buf text;
    buf_init(&text, SHAPE_BYTES_MAX);
    news_subject(shaper->news, channel, &text);
    while (utf8_count(text.data, text.size_bytes) > SMS_CHARS)
        news_cut(&text, text.size_bytes - 1);
    const char *kept = arena_strndup(shaper->arena, text.data, text.size_bytes);
    buf_done(&text);
    shaper->out->url = kept ? fill(shaper, channel->url, kept, add_percent) : NULL;
    if (kept && channel->body) {
        shaper->out->body = fill(shaper, channel->body, kept, add_json);
        add_field(shaper, "Content-Type: application/json; charset=utf-8");
    }
    add_field(shaper, channel->header);
    return shaper->out->url && (!channel->body || shaper->out->body) ? ERR_OK : no_memory(shaper->err);
}

static enum errc (*const MAKES[CHANNEL_KINDS])(struct shaper *) = {
    [CHANNEL_WECOM] = make_wecom,     [CHANNEL_DINGTALK] = make_dingtalk, [CHANNEL_FEISHU] = make_feishu,
    [CHANNEL_WEBHOOK] = make_webhook, [CHANNEL_SMS] = make_sms,
};

enum errc shape_make(const struct channel *channel, const struct news *news, size_t recipient, int64_t now_ms,
                     struct arena *arena, struct shape_request *out, struct err *err)
{
    struct shape_request request = {0};
    struct shaper shaper = {channel, news, recipient, now_ms, arena, &request, err};
    if (!MAKES[channel->kind])
        return err_set(err, ERR_INTERNAL, "%s is no channel of requests", channel->name);
    enum errc rc = MAKES[channel->kind](&shaper);
    if (rc == ERR_OK)
        *out = request;
    return rc;
}

size_t shape_count(const struct channel *channel)
{
    return channel->kind == CHANNEL_SMS ? channel->to.count : 1;
}

/* --- answers -------------------------------------------------------------------------------------- */

/* The member of the answer that is 0 on success; NULL = the status alone counts. */
static const char *const CODES[CHANNEL_KINDS] = {
    [CHANNEL_WECOM] = "errcode", [CHANNEL_DINGTALK] = "errcode", [CHANNEL_FEISHU] = "code"};

static enum errc not_taken(const struct channel *channel, int status, const char *answer, size_t answer_bytes,
                           struct err *err)
{
    int shown = (int)(answer_bytes < ANSWER_SHOWN ? answer_bytes : ANSWER_SHOWN);
    return err_set(err, ERR_IO, "%.60s did not take the message: status %d, %.*s", channel->name, status,
                   shown, answer);
}

enum errc shape_judge(const struct channel *channel, int status, const char *answer, size_t answer_bytes,
                      struct err *err)
{
    json_t *doc = NULL;
    const char *code = CODES[channel->kind];
    bool good = status >= 200 && status < 300;
    if (good && code) {
        good = doc_parse_object(answer, answer_bytes, &doc, NULL) == ERR_OK &&
               json_is_integer(json_object_get(doc, code)) &&
               json_integer_value(json_object_get(doc, code)) == 0;
        json_decref(doc);
    }
    if (good && channel->success)
        good = memmem(answer, answer_bytes, channel->success, strlen(channel->success)) != NULL;
    return good ? ERR_OK : not_taken(channel, status, answer, answer_bytes, err);
}
