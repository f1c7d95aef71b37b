#include "sensor/dns_imitation.h"

#include "intel/hash64.h"

enum { END_MS = 3600000 };

static const char KIND[] = "look-alike";

void dns_imitation_look(const struct lookalike *lookalike, struct dns_open_list *list,
                        const struct dns_event *event)
{
    enum imitation imitation;
    const struct dns_message *message = event->message;
    if (message->response) /* the question was seen, or will be again */
        return;
    const char *target = lookalike_find(lookalike, (struct str){message->name.text, message->name.size},
                                        &imitation);
    if (!target)
        return;
    uint64_t key = hash64(event->zone.zone.p, event->zone.zone.n, 0);
    struct dns_open *open = dns_open_find(list, KIND, key);
    if (!open)
        open = dns_open_begin(list, KIND, key, target, event->now_ms, event->now_ms);
    if (!open)
        return;
    open->reason = imitation_name(imitation);
    open->end_ms = END_MS;
    open->counted++;
    open->bad++;
    open->last_ms = open->loud_ms = event->now_ms;
    top_add(&open->clients, &event->client, 1);
    top_add(&open->servers, &event->server, 1);
    dns_open_name(open, message->name.text, message->name.size);
}
