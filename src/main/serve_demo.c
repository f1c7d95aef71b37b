#include "main/serve_demo.h"

#include "base/str.h"

#include <string.h>

#define OFFSET_MAX_MS (INT64_C(100) * 366 * 86400000)

static int64_t set_now_ms(void *context)
{
    struct serve_demo *demo = context;
    return env_now_ms(demo->real) + atomic_load(&demo->offset_ms);
}

static enum errc real_random(void *context, void *out, size_t size_bytes)
{
    const struct serve_demo *demo = context;
    return demo->real->random(demo->real->context, out, size_bytes);
}

enum errc serve_demo_init(struct serve_demo *demo, const struct env *real, bool on, struct err *err)
{
    demo->on = on;
    demo->real = real;
    demo->env = on ? (struct env){.context = demo, .now_ms = set_now_ms, .random = real_random} : *real;
    atomic_init(&demo->offset_ms, 0);
    demo->cut_count = 0;
    return pthread_mutex_init(&demo->lock, NULL) == 0 ? ERR_OK
                                                      : err_set(err, ERR_NOMEM, "no memory for a lock");
}

void serve_demo_done(struct serve_demo *demo)
{
    (void)pthread_mutex_destroy(&demo->lock);
}

/* ---- the clock ---- */

/* Acts are in the order of their times, so the clock only goes forward. */
static enum errc set_clock(struct serve_demo *demo, int64_t offset_ms, struct err *err)
{
    if (offset_ms < atomic_load(&demo->offset_ms))
        return err_field(err, ERR_INVALID, "clock_offset_ms", "the clock is only set forward");
    atomic_store(&demo->offset_ms, offset_ms);
    return ERR_OK;
}

/* ---- links ---- */

static enum errc check_cut(json_t *list, struct err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *node = json_string_value(json_array_get(list, i));
        if (!node || !proof_name_valid(node))
            return err_field(err, ERR_INVALID, "cut", "entry %zu is not the id of a node", i + 1);
    }
    return ERR_OK;
}

static void set_cut(struct serve_demo *demo, json_t *list)
{
    (void)pthread_mutex_lock(&demo->lock);
    demo->cut_count = json_array_size(list);
    for (size_t i = 0; i < demo->cut_count; i++)
        (void)snprintf(demo->cut[i], sizeof demo->cut[i], "%s", json_string_value(json_array_get(list, i)));
    (void)pthread_mutex_unlock(&demo->lock);
}

bool serve_demo_is_cut(struct serve_demo *demo, const char *node)
{
    bool found = false;
    (void)pthread_mutex_lock(&demo->lock);
    for (size_t i = 0; i < demo->cut_count && !found; i++)
        found = streq(demo->cut[i], node);
    (void)pthread_mutex_unlock(&demo->lock);
    return found;
}

static json_t *told(struct serve_demo *demo)
{
    json_t *cut = json_array();
    (void)pthread_mutex_lock(&demo->lock);
    for (size_t i = 0; i < demo->cut_count; i++)
        (void)json_array_append_new(cut, json_string(demo->cut[i]));
    (void)pthread_mutex_unlock(&demo->lock);
    return json_pack("{s:I,s:o}", "clock_offset_ms", (json_int_t)atomic_load(&demo->offset_ms), "cut", cut);
}

/* ---- both ---- */

enum errc serve_demo_set(struct serve_demo *demo, json_t *body, json_t **out, struct err *err)
{
    static const char *const NAMES[] = {"clock_offset_ms", "cut"};
    int64_t offset_ms = atomic_load(&demo->offset_ms);
    json_t *cut = NULL;
    if (!demo->on)
        return err_set(err, ERR_UNSUPPORTED, "this node was not started for a demonstration");
    enum errc rc = doc_only(body, NAMES, sizeof NAMES / sizeof NAMES[0], err);
    if (rc >= 0)
        rc = doc_int(body, "clock_offset_ms", DOC_OPTIONAL, 0, OFFSET_MAX_MS, &offset_ms, err);
    if (rc >= 0)
        rc = doc_array(body, "cut", DOC_OPTIONAL, SERVE_DEMO_CUT_MAX, &cut, err);
    if (rc >= 0)
        rc = check_cut(cut, err);
    if (rc >= 0)
        rc = set_clock(demo, offset_ms, err);
    if (rc < 0)
        return rc;
    if (cut)
        set_cut(demo, cut);
    *out = told(demo);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the answer");
}
