#include "bell/post.h"

#include "base/str.h"
#include "bell/mail.h"
#include "bell/shape.h"

#include <curl/curl.h>
#include <string.h>

enum { POST_ARENA_BYTES = 1 << 20, ANSWER_BYTES_MAX = 64 << 10, MAIL_BYTES_MAX = 256 << 10 };

enum errc post_open(struct err *err)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for sending messages");
}

void post_close(void)
{
    curl_global_cleanup();
}

/* --- one transfer --------------------------------------------------------------------------------- */

struct transfer {
    CURL *easy;
    struct curl_slist *list; /* fields, or recipients */
    struct buf answer;
    const struct buf *mail;
    size_t mail_at;
    char why[CURL_ERROR_SIZE];
};

static size_t take(char *bytes, size_t one, size_t count, void *context)
{
    struct transfer *transfer = context;
    (void)one; /* always 1 */
    buf_add(&transfer->answer, bytes, count);
    return transfer->answer.failed ? 0 : count;
}

static size_t give(char *bytes, size_t one, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t left = transfer->mail->size_bytes - transfer->mail_at;
    size_t n = left < one * count ? left : one * count;
    memcpy(bytes, transfer->mail->data + transfer->mail_at, n);
    transfer->mail_at += n;
    return n;
}

static bool append(struct transfer *transfer, const char *text)
{
    struct curl_slist *longer = curl_slist_append(transfer->list, text);
    if (longer)
        transfer->list = longer;
    return longer != NULL;
}

static bool set_limits(struct transfer *transfer, const char *protocols, int64_t timeout_ms)
{
    CURL *easy = transfer->easy;
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->why) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

static bool set_request(struct transfer *transfer, const struct shape_request *request)
{
    CURL *easy = transfer->easy;
    bool good = curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK && append(transfer, "Expect:");
    for (size_t i = 0; good && i < request->field_count; i++)
        good = append(transfer, request->fields[i]);
    if (good && request->body)
        good = curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body) == CURLE_OK;
    return good && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->list) == CURLE_OK;
}

static bool set_mail(struct transfer *transfer, const struct channel *channel)
{
    CURL *easy = transfer->easy;
    long tls = channel->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL;
    bool good = curl_easy_setopt(easy, CURLOPT_URL, channel->url) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_USE_SSL, tls) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_MAIL_FROM, channel->from) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_READFUNCTION, give) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_READDATA, transfer) == CURLE_OK;
    for (uint32_t i = 0; good && i < channel->to.count; i++)
        good = append(transfer, channel->to.at[i]);
    if (good && channel->user)
        good = curl_easy_setopt(easy, CURLOPT_USERNAME, channel->user) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PASSWORD, channel->password ? channel->password : "") ==
                   CURLE_OK;
    return good && curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, transfer->list) == CURLE_OK;
}

static enum errc perform(struct transfer *transfer, const char *name, int *out_status, struct err *err)
{
    long status = 0;
    CURLcode code = curl_easy_perform(transfer->easy);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    *out_status = (int)status;
    if (code == CURLE_OK)
        return ERR_OK;
    return err_set(err, code == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : ERR_IO,
                   "%.60s cannot be reached: %s", name,
                   transfer->why[0] ? transfer->why : curl_easy_strerror(code));
}

static enum errc open_transfer(struct transfer *transfer, struct err *err)
{
    *transfer = (struct transfer){.easy = curl_easy_init()};
    buf_init(&transfer->answer, ANSWER_BYTES_MAX);
    return transfer->easy ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for sending a message");
}

static void close_transfer(struct transfer *transfer)
{
    curl_slist_free_all(transfer->list);
    curl_easy_cleanup(transfer->easy);
    buf_done(&transfer->answer);
}

/* --- mail and requests ---------------------------------------------------------------------------- */

struct sending {
    const struct channel *channel;
    const struct news *news;
    int64_t now_ms;
    int64_t timeout_ms;
    struct arena *arena;
    struct post_result *out;
};

static enum errc send_mail(struct sending *sending, struct err *err)
{
    struct transfer transfer;
    struct buf mail;
    buf_init(&mail, MAIL_BYTES_MAX);
    enum errc rc = mail_write(sending->channel, sending->news, sending->now_ms, sending->arena, &mail, err);
    if (rc == ERR_OK)
        rc = open_transfer(&transfer, err);
    if (rc == ERR_OK) {
        transfer.mail = &mail;
        bool ready = set_limits(&transfer, "smtp,smtps", sending->timeout_ms) &&
                     set_mail(&transfer, sending->channel);
        rc = ready ? perform(&transfer, sending->channel->name, &sending->out->status, err)
                   : err_set(err, ERR_INVALID, "%s: the mail cannot be prepared", sending->channel->name);
        close_transfer(&transfer);
    }
    buf_done(&mail);
    sending->out->sent = rc == ERR_OK;
    return rc;
}

static enum errc send_request(struct sending *sending, size_t recipient, struct err *err)
{
    const struct channel *channel = sending->channel;
    struct shape_request request;
    struct transfer transfer;
    enum errc rc = shape_make(channel, sending->news, recipient, sending->now_ms, sending->arena, &request,
                              err);
    if (rc == ERR_OK)
        rc = open_transfer(&transfer, err);
    if (rc != ERR_OK)
        return rc;
    bool ready = set_limits(&transfer, "http,https", sending->timeout_ms) && set_request(&transfer, &request);
    rc = ready ? perform(&transfer, channel->name, &sending->out->status, err)
               : err_set(err, ERR_INVALID, "%s: the request cannot be prepared", channel->name);
    if (rc == ERR_OK)
        rc = shape_judge(channel, sending->out->status, transfer.answer.data ? transfer.answer.data : "",
                         transfer.answer.size_bytes, err);
    close_transfer(&transfer);
    sending->out->sent += rc == ERR_OK;
    return rc;
}

enum errc post_send(const struct channel *channel, const struct news *news, const struct env *env,
                    int64_t timeout_ms, struct post_result *out, struct err *err)
{
    struct arena arena;
    struct post_result result = {0};
    struct sending sending = {channel, news, env_now_ms(env), timeout_ms, &arena, &result};
    enum errc rc = ERR_OK;
    arena_init(&arena, POST_ARENA_BYTES);
    if (channel->kind == CHANNEL_MAIL)
        rc = send_mail(&sending, err);
    else
        for (size_t i = 0; rc == ERR_OK && i < shape_count(channel); i++)
            rc = send_request(&sending, i, err);
    arena_done(&arena);
    *out = result; /* what was taken before a failure is told too */
    return rc;
}
