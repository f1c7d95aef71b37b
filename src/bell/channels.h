/* bell/channels.h — where people are told: mail, robots, webhooks, text messages; read from one file.
 *
 * The file holds secrets and is no part of the record: it is the operator's, mode 0600.
 *
 *   channels:
 *     - {name: duty-mail, kind: mail, url: smtps://mail.example:465, from: a@b.example, to: [c@d.example],
 *        user: a, password: secret, posts: [值班员], least: warning, quiet: "22:00-07:00"}
 *
 * Layer    bell: no I/O.
 * Owns     channels_load gives an object freed by channels_free; rows are lent.
 * Threads  immutable after loading.
 * Errors   ERR_SYNTAX with line; ERR_INVALID naming the channel and the key.
 * Tests    tests/unit/bell/test_channels.c
 */
#ifndef BELL_CHANNELS_H
#define BELL_CHANNELS_H

#include "base/err.h"
#include "domain/pack_law.h"

enum channel_kind {
    CHANNEL_MAIL,
    CHANNEL_WECOM,
    CHANNEL_DINGTALK,
    CHANNEL_FEISHU,
    CHANNEL_WEBHOOK, /* Standard Webhooks 1.0 */
    CHANNEL_SMS,     /* a gateway's HTTP interface, by template */
    CHANNEL_KINDS
};

/* How grave news are; quiet hours keep back all but the gravest. */
enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_URGENT, SEVERITY_COUNT };

struct channel {
    const char *name;
    enum channel_kind kind;
    const char *url;         /* smtp://, smtps:// for mail; else http://, https:// */
    const char *secret;      /* of DingTalk, Feishu and webhooks (whsec_…) */
    const char *from;        /* mail */
    struct names to;         /* mail addresses, telephone numbers; mentioned mobiles of robots */
    const char *user;        /* mail */
    const char *password;    /* mail */
    bool plain;              /* mail: without TLS, on one's own network */
    const char *body;        /* SMS: {phone} and {text}; without it the URL holds them */
    const char *header;      /* SMS: one more field, "Authorization: …" */
    const char *success;     /* SMS: what the answer must hold */
    struct names posts;      /* whom it serves; none = everybody */
    enum severity least;     /* nothing below this */
    const char *quiet;       /* "22:00-07:00", China time; NULL = none */
    bool detailed;           /* title and unit too; else level, number and link */
    const char *escalate_to; /* another channel, told when nobody has acknowledged … */
    int64_t escalate_after;  /* … after so many minutes; 0 = never */
};

struct channels;

/* file is for messages. Every escalation leads to a channel that is there, and none leads in a circle. */
MUST_USE enum errc channels_load(const char *file, const char *text, size_t size_bytes, struct channels **out,
                                 struct err *err);
void channels_free(struct channels *channels); /* takes NULL; wipes the secrets */

size_t channels_count(const struct channels *channels);
const struct channel *channels_at(const struct channels *channels, size_t index);
const struct channel *channels_find(const struct channels *channels, const char *name); /* or NULL */

const char *channel_kind_name(enum channel_kind kind);
const char *severity_name(enum severity severity);
const char *severity_zh(enum severity severity);

/* "22:00-07:00" as minutes of the day. */
MUST_USE bool channel_quiet_read(const char *text, int *out_from_min, int *out_until_min);

#endif
