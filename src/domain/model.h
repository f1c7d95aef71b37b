/* domain/model.h — the nouns of the platform as plain data: act, subject, duty, node.
 *
 * These structs cross layers (domain decides on them, store keeps them, desk and link move them).
 * Their JSON forms are in api/; the words are those of docs/architecture/glossary.md.
 *
 * Layer    domain: pure.
 * Owns     nothing. Strings and documents belong to whoever filled the struct, normally an arena of
 *          the request; json_t members are borrowed unless a function says otherwise.
 * Threads  plain data.
 */
#ifndef DOMAIN_MODEL_H
#define DOMAIN_MODEL_H

#include "base/doc.h"
#include "base/hash.h" /* HASH_SIZE */

enum tier { TIER_MINISTRY, TIER_PROVINCE, TIER_ENTERPRISE, TIER_INSTITUTION, TIER_VENDOR, TIER_COUNT };
enum level { LEVEL_NONE = 0, LEVEL_I = 1, LEVEL_II = 2, LEVEL_III = 3, LEVEL_IV = 4 };
enum colour { COLOUR_NONE = 0, COLOUR_RED = 1, COLOUR_ORANGE = 2, COLOUR_YELLOW = 3, COLOUR_BLUE = 4 };

enum { NODE_ID_MAX = 64, REGION_SIZE = 7, ROLE_MAX = 8 };

/* "ministry" …; NULL / -1 for what is not in the table. */
const char *tier_name(enum tier tier);
int tier_parse(const char *name);
/* "I" … "IV"; "" for LEVEL_NONE; parse gives LEVEL_NONE for anything else. */
const char *level_name(enum level level);
enum level level_parse(const char *name);
/* "red" … "blue"; "" for COLOUR_NONE. */
const char *colour_name(enum colour colour);
enum colour colour_parse(const char *name);

/* What every node knows about a node: its card, proven by the node.enrolled act of the tier above. */
struct node_card {
    const char *id;   /* "miit", "pca-330000", "demo-telecom-zj" */
    const char *name; /* 浙江省通信管理局 */
    enum tier tier;
    const char *region;          /* GB/T 2260, six digits; "000000" = the whole country */
    const char *parent;          /* id of the tier above; "" for the ministry */
    const char *roles[ROLE_MAX]; /* role codes of the pack: MEO, PCA, TEL, DNS, INT, PRO, SEC … */
    size_t role_count;
    bool large;                /* 大型互联网企业: on the regulator's list */
    const char *suite;         /* signature suite of its ledger: "sm2-sm3" or "p256-sha256" */
    const char *key_pem;       /* public key of its ledger */
    const char *drill_key_pem; /* public key for drills; the other universe */
    const char *url;           /* of its link listener; "" when it cannot be called */
    int64_t revoked_ms;        /* the tier above has ended its part; 0 = it takes part */
};

/* One fact that somebody did something. bytes are what is stored, hashed and signed; the other members
 * are read from them. */
struct act {
    const char *id;       /* UUIDv7 */
    const char *universe; /* "real", or the id of a drill */
    const char *node;     /* the node that made it */
    int64_t seq;          /* dense number of this node's own acts in this universe, from 1 */
    const char *kind;     /* "incident.reported": a row of the catalogue */
    const char *subject;  /* id of the matter it is about */
    bool opens;           /* it makes that matter; false = the matter is there, or is still to come here */
    const char *root;     /* id of the matter at the top: an incident, a warning, a drill … */
    const char *parent;   /* id of the matter a newly made subject hangs under; "" otherwise */
    const char *person;   /* who did it; "系统" when the program did */
    const char *post;
    int64_t happened_ms; /* when it was done or told, as the actor says */
    int64_t recorded_ms; /* when this act was written down */
    const char *pack;    /* basis: rule pack, its version and the clause; may be "" */
    const char *pack_version;
    const char *clause;
    const char **to; /* ids of the nodes it is for */
    size_t to_count;
    json_t *body;
    json_t *commits; /* field → hex hash of its salted value, for what travels beside; NULL = none */
    const char *bytes;
    size_t size_bytes;
};

/* The current state of a matter: what its acts say so far. */
struct subject {
    const char *id;
    const char *type; /* "incident", "warning", "response", "order" … */
    const char *root;
    const char *parent; /* "" for a root */
    const char *state;
    const char *owner;  /* node id: exactly one at every moment */
    const char *region; /* main region; "" = none */
    enum level level;
    enum colour colour;
    const char *title;
    int64_t rev; /* number of acts folded into it */
    int64_t opened_ms;
    int64_t updated_ms; /* recorded_ms of the last act */
    json_t *doc;        /* everything else, as the catalogue's folds built it */
};

enum deadline_kind {
    DEADLINE_IMMEDIATE, /* 立即: measured, never judged by a number */
    DEADLINE_PROMPT,    /* 及时: measured too */
    DEADLINE_HOURS,
    DEADLINE_MINUTES,
    DEADLINE_DAYS, /* calendar days */
    DEADLINE_WORKING_DAYS,
    DEADLINE_YEARLY,    /* by the end of the calendar year */
    DEADLINE_STATED,    /* the act itself states the time */
    DEADLINE_CONTINUOUS /* a state to be kept, such as 24-hour duty */
};

enum duty_state {
    DUTY_OPEN,
    DUTY_PERFORMED,  /* the act was made; the receiver's receipt is not there yet */
    DUTY_DISCHARGED, /* proven by a receipt, or by the act itself where nobody receives */
    DUTY_CANCELLED   /* what opened it was withdrawn */
};

/* What a clause makes somebody owe. id is a hash of rule, opening act, owner and receiver, so that both
 * sides compute the same one. */
struct duty {
    const char *id;
    const char *rule; /* rule id in the pack: "004.6.1a" */
    const char *pack;
    const char *clause;
    const char *subject;
    const char *root;
    const char *owner;    /* node id, or an outside party "x:NCEO" */
    const char *receiver; /* node id, outside party, or "" when nobody receives */
    const char *opened_act;
    int64_t opened_ms;
    enum deadline_kind deadline;
    int64_t due_ms;       /* 0 when the clause gives no number */
    bool provisional;     /* the calendar of that year is not announced */
    const char *calendar; /* version that computed due_ms; "" when none did */
    enum duty_state state;
    const char *done_act; /* that performed it, or cancelled it */
    int64_t done_ms;
    const char *receipt_act;
    int64_t receipt_ms;
};

const char *deadline_name(enum deadline_kind kind);
int deadline_parse(const char *name); /* -1 for an unknown name */
const char *duty_state_name(enum duty_state state);
int duty_state_parse(const char *name);

#endif
