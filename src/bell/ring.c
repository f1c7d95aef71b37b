#include "bell/ring.h"

#include "base/civil.h"
#include "base/str.h"

#define MINUTE_MS INT64_C(60000)

static const int64_t RETRIES_MS[] = {5000,       30000,          2 * 60000,      10 * 60000,
                                     60 * 60000, 6 * 60 * 60000, 24 * 60 * 60000};

bool ring_serves(const struct channel *channel, const struct news *news)
{
    if (news->severity < channel->least)
        return false;
    for (uint32_t i = 0; i < channel->posts.count; i++)
        if (!news->post || streq(channel->posts.at[i], news->post))
            return true;
    return channel->posts.count == 0;
}

int64_t ring_time(const struct channel *channel, enum severity severity, int64_t now_ms)
{
    int from = 0;
    int until = 0;
    if (severity == SEVERITY_URGENT || !channel->quiet || !channel_quiet_read(channel->quiet, &from, &until))
        return now_ms;
    int64_t day_ms = civil_day_start_ms(civil_date_at(now_ms, CIVIL_CHINA_MIN), CIVIL_CHINA_MIN);
    int64_t from_ms = day_ms + from * MINUTE_MS;
    int64_t until_ms = day_ms + until * MINUTE_MS;
    if (from < until)
        return now_ms >= from_ms && now_ms < until_ms ? until_ms : now_ms;
    /* Over midnight: the morning's part ends today, the evening's tomorrow. */
    if (now_ms < until_ms)
        return until_ms;
    return now_ms >= from_ms ? until_ms + CIVIL_DAY_MS : now_ms;
}

const struct channel *ring_next(const struct channels *channels, const struct channel *channel,
                                int64_t told_ms, int64_t *out_ms)
{
    if (!channel->escalate_to || channel->escalate_after == 0)
        return NULL;
    *out_ms = told_ms + channel->escalate_after * MINUTE_MS;
    return channels_find(channels, channel->escalate_to);
}

int64_t ring_retry_ms(int tries)
{
    int last = (int)(sizeof RETRIES_MS / sizeof RETRIES_MS[0]);
    return tries >= 1 && tries <= last ? RETRIES_MS[tries - 1] : 0;
}
