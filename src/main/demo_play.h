/* main/demo_play.h — plays a script against running nodes, and says what happened where.
 *
 * The nodes are reached through functions, so that the player is tested without any.
 *
 * Layer    main.   Owns nothing.   Threads one.
 * Errors   none: what does not come out as the script says is counted, and the demonstration goes on.
 * Tests    tests/unit/main/test_demo_play.c
 */
#ifndef MAIN_DEMO_PLAY_H
#define MAIN_DEMO_PLAY_H

#include "base/doc.h"
#include "main/demo_script.h"

struct demo_world {
    void *context;
    /* Makes an act. ERR_OK gives the id of the matter (37 bytes); a refusal its code and clause. */
    enum errc (*act)(void *context, const struct demo_step *step, const char *subject, const char *parent,
                     char *out_id, struct err *err);
    /* The node's view of a matter: {"state","owner","doc"…}; NULL while it does not know it. */
    json_t *(*matter)(void *context, const char *node, const char *id);
    /* State of the node's duty of that rule on that matter, a constant text; NULL while there is none. */
    const char *(*duty)(void *context, const char *node, const char *rule, const char *root);
    /* Does something to the country, in the words of demo_control.h. */
    enum errc (*control)(void *context, const char *words, struct err *err);
    /* Lets time pass between two looks; false when waiting has lasted too long. */
    bool (*patience)(void *context, int tries);
    void (*chapter)(void *context, const struct demo_chapter *chapter);
    void (*step)(void *context, const struct demo_step *step, bool good, const char *told);
};

struct demo_result {
    int acts;
    int refusals; /* that were expected and came */
    int waits;
    int controls;
    int failed;
};

void demo_play(const struct demo_script *script, const struct demo_world *world, struct demo_result *out);

#endif
