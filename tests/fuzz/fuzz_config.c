/* Settings that are taken lie within their rows and can be shown; a refusal tells why and changes nothing. */
#include "fuzz.h"
#include "main/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct config config = {0};
    struct err err;
    err_clear(&err);
    arena_init(&arena, 4 << 20);
    enum errc rc = config_load("fuzz.yaml", (const char *)data, size, &arena, &config, &err);
    if (rc == ERR_OK) {
        json_t *doc = config_json(&config);
        must(doc && config.node_id[0] && config.limits_readers >= 1 && config.limits_readers <= 256);
        must(config.link_retry_ms <= config.link_retry_longest_ms);
        json_decref(doc);
    } else {
        must(err.message[0] && !config.node_id && config.limits_readers == 0);
    }
    arena_done(&arena);
    return 0;
}
