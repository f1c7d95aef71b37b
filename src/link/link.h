/* link/link.h — one node's exchange with its peers in one universe, without threads, sockets or a clock.
 *
 *   caller                                                     answerer
 *   link_request ──► bytes ──────── transport ──────► bytes ──► link_answer
 *   link_settle  ◄── bytes ◄─────── transport ◄────── bytes ◄─┘
 *   link_failed  ◄── (no answer, or a refusal of the whole)
 *
 * Acts go both ways in one exchange, and are sent until they are answered: at least once on the wire, once in
 * effect (the desk knows repeats). What the other side has to know beyond the store — the answers to what a
 * reply brought, how far our head is witnessed — is kept in memory; a restart only repeats some of it.
 *
 * Peers are called when something waits for them, and now and then when nothing does, to watch each other and
 * to fetch what waits at a tier above that cannot call us. After a failure the next try is put off longer and
 * longer.
 *
 * Layer    link.
 * Owns     link_new gives an object freed by link_free; it lends the desk it was given.
 * Threads  the writer's, as the desk (writer.h runs a function with the desk). Reading a message
 *          (envelope_read) may be done before by any thread.
 * Errors   ERR_AUTH, ERR_FORGED, ERR_PERMISSION, ERR_INVALID: the whole exchange is refused; those of the
 *          store: nothing was taken and nothing may be answered.
 * Tests    tests/unit/link/test_link.c, tests/sim
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "desk/desk.h"
#include "link/envelope.h"
#include "seal/pki.h"

struct link;

struct link_options {
    size_t items_max;      /* acts in one message; 0 = 256 */
    size_t bytes_max;      /* of them; 0 = 1 MiB */
    int64_t idle_ms;       /* a peer with nothing to send is called this often; 0 = 60 s */
    int64_t poll_ms;       /* the tier above of a node that cannot be called; 0 = 5 s */
    int64_t retry_ms;      /* after the first failure; doubles; 0 = 1 s */
    int64_t retry_max_ms;  /* 0 = 5 min */
    int64_t skew_alarm_ms; /* clocks further apart are told in the peer's row; 0 = 1 min */
};

/* options may be NULL. */
MUST_USE enum errc link_new(struct desk *desk, const struct link_options *options, struct link **out,
                            struct err *err);
void link_free(struct link *link);

/* The clock that link_due's times are told by. */
const struct env *link_env(const struct link *link);

/* ---- calling ---- */

/* Peers to be called now, at most `max` (their ids are lent by the desk's directory), and when to ask again.
 * A peer with a call under way is not named. */
MUST_USE enum errc link_due(struct link *link, const char **out, size_t max, size_t *out_count,
                            int64_t *out_next_ms, struct err *err);

/* The message for a peer; the call counts as under way until link_settle or link_failed. */
MUST_USE enum errc link_request(struct link *link, const char *peer, struct buf *out, struct err *err);

/* The peer's reply. An error means that the call failed: the caller passes it to link_failed. */
MUST_USE enum errc link_settle(struct link *link, const char *peer, const struct envelope *reply,
                               struct err *err);

/* The call failed: nobody there (ERR_IO, ERR_TIMEOUT), refused, or a reply that could not be taken. */
MUST_USE enum errc link_failed(struct link *link, const char *peer, const struct err *why, struct err *err);

/* ---- answering ---- */

/* caller: whom the certificate of the connection proves. */
MUST_USE enum errc link_answer(struct link *link, const struct pki_identity *caller,
                               const struct envelope *request, struct buf *out, struct err *err);

/* ---- watching ---- */

struct link_counters {
    uint64_t calls;
    uint64_t calls_failed;
    uint64_t answered;
    uint64_t refused; /* exchanges refused as a whole */
    uint64_t acts_sent;
    uint64_t acts_taken;
    uint64_t acts_refused; /* by us */
    uint64_t heads_witnessed;
    uint64_t conflicts;
};

void link_count(const struct link *link, struct link_counters *out);

#endif
