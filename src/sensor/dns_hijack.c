#include "sensor/dns_hijack.h"

#include "intel/hash64.h"

enum { END_MS = 300000 };

static const char KIND[] = "dns-hijack";

struct looking {
    struct protected_name *name;
    bool pointed; /* to a name that the list allows: its addresses are that name's own affair */
    bool elsewhere;
    size_t bad_count;
    struct ip bad[TOP_MAX];
};

static void look(void *context, const struct dns_record *record)
{
    struct looking *l = context;
    if (record->type == DNS_CNAME && record->name.size > 0) {
        bool known = protect_points(l->name, (struct str){record->name.text, record->name.size});
        l->pointed = l->pointed || known;
    } else if (record->address.bits > 0 && !protect_address(l->name, &record->address)) {
        l->elsewhere = true;
        if (l->bad_count < TOP_MAX)
            l->bad[l->bad_count++] = record->address;
    }
}

void dns_hijack_look(const struct protect *protect, struct dns_open_list *list, const struct dns_event *event)
{
    const struct dns_message *message = event->message;
    struct looking l = {.name = NULL};
    if (!message->response || message->answers == 0 || protect->count == 0)
        return;
    l.name = protect_find(protect, (struct str){message->name.text, message->name.size});
    if (!l.name)
        return;
    dns_message_answers(message, look, &l);
    uint64_t key = hash64(message->name.text, message->name.size, 0);
    struct dns_open *open = dns_open_find(list, KIND, key);
    bool bad = l.elsewhere && !l.pointed;
    if (!open && bad)
        open = dns_open_begin(list, KIND, key, message->name.text, event->now_ms, event->now_ms);
    if (!open)
        return;
    open->counted++;
    if (!bad)
        return;
    open->bad++;
    open->end_ms = END_MS;
    open->last_ms = open->loud_ms = event->now_ms;
    top_add(&open->clients, &event->client, 1);
    top_add(&open->servers, &event->server, 1);
    for (size_t i = 0; i < l.bad_count; i++)
        top_add(&open->answers, &l.bad[i], 1);
    dns_open_name(open, message->name.text, message->name.size);
}
