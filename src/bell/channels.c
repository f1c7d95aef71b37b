#include "bell/channels.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdlib.h>
#include <string.h>

enum { CHANNELS_MAX = 64, ESCALATE_MAX_MIN = 24 * 60, DAY_MIN = 24 * 60 };

struct channels {
    struct channel *at;
    uint32_t at_count;
};

static const cyaml_strval_t KINDS[] = {
    {"mail", CHANNEL_MAIL},     {"wecom", CHANNEL_WECOM},     {"dingtalk", CHANNEL_DINGTALK},
    {"feishu", CHANNEL_FEISHU}, {"webhook", CHANNEL_WEBHOOK}, {"sms", CHANNEL_SMS},
};
static const cyaml_strval_t SEVERITIES[] = {
    {"info", SEVERITY_INFO}, {"warning", SEVERITY_WARNING}, {"urgent", SEVERITY_URGENT}};
static const char *const SEVERITIES_ZH[SEVERITY_COUNT] = {"一般", "重要", "紧急"};

static const cyaml_schema_field_t CHANNEL[] = {
    YAML_TEXT("name", struct channel, name),
    YAML_ENUM("kind", struct channel, kind, KINDS),
    YAML_TEXT("url", struct channel, url),
    YAML_TEXT_OPTIONAL("secret", struct channel, secret),
    YAML_TEXT_OPTIONAL("from", struct channel, from),
    YAML_NAMES("to", struct channel, to),
    YAML_TEXT_OPTIONAL("user", struct channel, user),
    YAML_TEXT_OPTIONAL("password", struct channel, password),
    YAML_BOOL_OPTIONAL("plain", struct channel, plain),
    YAML_TEXT_OPTIONAL("body", struct channel, body),
    YAML_TEXT_OPTIONAL("header", struct channel, header),
    YAML_TEXT_OPTIONAL("success", struct channel, success),
    YAML_NAMES("posts", struct channel, posts),
    YAML_ENUM_OPTIONAL("least", struct channel, least, SEVERITIES),
    YAML_TEXT_OPTIONAL("quiet", struct channel, quiet),
    YAML_BOOL_OPTIONAL("detailed", struct channel, detailed),
    YAML_TEXT_OPTIONAL("escalate_to", struct channel, escalate_to),
    YAML_INT_OPTIONAL("escalate_after", struct channel, escalate_after),
    YAML_END,
};
static const cyaml_schema_value_t CHANNEL_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel, CHANNEL)};
static const cyaml_schema_field_t FILE_FIELDS[] = {
    YAML_LIST("channels", struct channels, at, &CHANNEL_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t FILE_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct channels, FILE_FIELDS)};

const char *channel_kind_name(enum channel_kind kind)
{
    return KINDS[kind].str;
}

const char *severity_name(enum severity severity)
{
    return SEVERITIES[severity].str;
}

const char *severity_zh(enum severity severity)
{
    return SEVERITIES_ZH[severity];
}

/* --- what a kind must and may say ----------------------------------------------------------------- */

static const struct kind_row {
    const char *schemes[2];
    bool needs_to;
    bool needs_from;
    bool needs_secret;
} RULES[CHANNEL_KINDS] = {
    [CHANNEL_MAIL] = {{"smtp://", "smtps://"}, true, true, false},
    [CHANNEL_WECOM] = {{"https://", "http://"}, false, false, false},
    [CHANNEL_DINGTALK] = {{"https://", "http://"}, false, false, true},
    [CHANNEL_FEISHU] = {{"https://", "http://"}, false, false, true},
    [CHANNEL_WEBHOOK] = {{"https://", "http://"}, false, false, true},
    [CHANNEL_SMS] = {{"https://", "http://"}, true, false, false},
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Line ends in a value would become lines of a mail or of a request. */
static bool is_one_line(const char *text)
{
    return !text || !strpbrk(text, "\r\n");
}

static bool all_one_line(const struct channel *channel)
{
    bool good = is_one_line(channel->url) && is_one_line(channel->from) && is_one_line(channel->header) &&
                is_one_line(channel->name);
    for (uint32_t i = 0; i < channel->to.count; i++)
        good = good && is_one_line(channel->to.at[i]);
    return good;
}

static bool read_minute(const char *text, int *out)
{
    static const char SHAPE[] = "dd:dd";
    for (size_t i = 0; SHAPE[i]; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (SHAPE[i] == 'd' ? !digit : text[i] != SHAPE[i])
            return false;
    }
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    int minute = (text[3] - '0') * 10 + text[4] - '0';
    *out = hour * 60 + minute;
    return hour < 24 && minute < 60;
}

bool channel_quiet_read(const char *text, int *out_from_min, int *out_until_min)
{
    return strlen(text) == 11 && text[5] == '-' && read_minute(text, out_from_min) &&
           read_minute(text + 6, out_until_min) && *out_from_min != *out_until_min;
}

static const char *fault(const struct channels *channels, const struct channel *channel)
{
    const struct kind_row *rule = &RULES[channel->kind];
    int from = 0;
    int until = 0;
    if (!begins(channel->url, rule->schemes[0]) && !begins(channel->url, rule->schemes[1]))
        return "url: another kind of address is expected";
    if (rule->needs_to && channel->to.count == 0)
        return "to: nobody is named";
    if (rule->needs_from && !channel->from)
        return "from: the sender's address is missing";
    if (rule->needs_secret && !channel->secret)
        return "secret: without it nobody could tell that we sent it";
    if (channel->kind == CHANNEL_WEBHOOK && !begins(channel->secret, "whsec_"))
        return "secret: whsec_ and base64 is expected";
    if (!all_one_line(channel))
        return "a value has a line end";
    if (channel->quiet && !channel_quiet_read(channel->quiet, &from, &until))
        return "quiet: hours such as 22:00-07:00 are expected";
    if (channel->escalate_after < 0 || channel->escalate_after > ESCALATE_MAX_MIN)
        return "escalate_after: 0 to 1440 minutes are expected";
    if (channel->escalate_to && !channels_find(channels, channel->escalate_to))
        return "escalate_to: there is no channel of that name";
    return NULL;
}

/* Following escalations from a channel must come to an end. */
static bool goes_in_a_circle(const struct channels *channels, const struct channel *channel)
{
    size_t steps = 0;
    while (channel && channel->escalate_to && steps <= channels->at_count) {
        channel = channels_find(channels, channel->escalate_to);
        steps++;
    }
    return steps > channels->at_count;
}

static enum errc check(const struct channels *channels, struct err *err)
{
    if (channels->at_count > CHANNELS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d channels", CHANNELS_MAX);
    for (uint32_t i = 0; i < channels->at_count; i++) {
        const struct channel *channel = &channels->at[i];
        const char *why = fault(channels, channel);
        if (channels_find(channels, channel->name) != channel)
            why = "name: there is another of that name";
        else if (!why && goes_in_a_circle(channels, channel))
            why = "escalate_to: it leads in a circle";
        if (why)
            return err_field(err, ERR_INVALID, channel->name, "channel %.60s: %s", channel->name, why);
    }
    return ERR_OK;
}

enum errc channels_load(const char *file, const char *text, size_t size_bytes, struct channels **out,
                        struct err *err)
{
    void *data = NULL;
    enum errc rc = yamldoc_load(file, text, size_bytes, &FILE_VALUE, &data, err);
    if (rc < 0)
        return rc;
    struct channels *channels = data;
    if (!channels)
        return err_set(err, ERR_INVALID, "%s names no channel", file);
    rc = check(channels, err);
    if (rc < 0) {
        channels_free(channels);
        return rc;
    }
    *out = channels;
    return ERR_OK;
}

static void wipe(const char *secret)
{
    if (secret)
        explicit_bzero((char *)(uintptr_t)secret, strlen(secret));
}

void channels_free(struct channels *channels)
{
    for (uint32_t i = 0; channels && i < channels->at_count; i++) {
        wipe(channels->at[i].secret);
        wipe(channels->at[i].password);
    }
    yamldoc_free(&FILE_VALUE, channels);
}

size_t channels_count(const struct channels *channels)
{
    return channels->at_count;
}

const struct channel *channels_at(const struct channels *channels, size_t index)
{
    return index < channels->at_count ? &channels->at[index] : NULL;
}

const struct channel *channels_find(const struct channels *channels, const char *name)
{
    for (uint32_t i = 0; i < channels->at_count; i++)
        if (streq(channels->at[i].name, name))
            return &channels->at[i];
    return NULL;
}
