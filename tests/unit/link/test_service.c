#include "lib/check.h"
#include "lib/wires.h"
#include "link/service.h"

#include <string.h>

static struct world WORLD;
static struct wires WIRES;

static int set_up(void **state)
{
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    wires_open(&WIRES, &WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wires_close(&WIRES);
    world_close(&WORLD);
    return 0;
}

static void names_come_from_certificates_only_when_they_are_plain(void **state)
{
    (void)state;
    struct err err;
    struct pki_identity caller;
    assert_ok(service_caller("CN=tel-zj", "CN=pca-330000,OU=CA", "ab", &caller, &err), &err);
    assert_string_equal(caller.node, "tel-zj");
    assert_string_equal(caller.issuer, "pca-330000");
    assert_string_equal(caller.fingerprint, "ab");
    assert_ok(service_caller("O=x,CN=a", "OU=CA,CN=b", "", &caller, &err), &err);
    assert_code(service_caller("CN=a,CN=b", "CN=c", "", &caller, &err), ERR_AUTH);
    assert_code(service_caller("CN=", "CN=c", "", &caller, &err), ERR_AUTH);
    assert_code(service_caller("O=CN", "CN=c", "", &caller, &err), ERR_AUTH);
    assert_code(service_caller("CN=A b", "CN=c", "", &caller, &err), ERR_AUTH);
    assert_code(service_caller("CN=a", "", "", &caller, &err), ERR_AUTH);
    assert_code(service_caller("CN=a\\,b", "CN=c", "", &caller, &err), ERR_AUTH);
}

static void paths_and_sizes_are_known(void **state)
{
    (void)state;
    struct err err;
    struct service_request *request = NULL;
    struct pki_identity caller = {.node = "tel-zj", .issuer = "pca-330000"};
    assert_int_equal(service_body_max(SERVICE_EXCHANGE), ENVELOPE_BYTES_MAX);
    assert_int_equal(service_body_max("/link/v1/other"), 0);
    assert_code(service_read("/link/v2/exchange", &caller, "{}", 2, &request, &err), ERR_NOT_FOUND);
    assert_code(service_read(SERVICE_EXCHANGE, NULL, "{}", 2, &request, &err), ERR_AUTH);
    assert_code(service_read(SERVICE_EXCHANGE, &caller, "{}", 2, &request, &err), ERR_INVALID);
    assert_code(service_read(SERVICE_EXCHANGE, &caller, "{", 1, &request, &err), ERR_SYNTAX);
    assert_code(service_read(SERVICE_ENROL, NULL, "", 1 << 20, &request, &err), ERR_LIMIT);
    assert_null(request);
}

static void an_exchange_is_answered(void **state)
{
    (void)state;
    struct err err;
    struct buf message;
    struct buf reply;
    struct arena arena;
    struct envelope read;
    struct service_request *request = NULL;
    struct desk *miit = world_node(&WORLD, "miit")->desk;
    struct pki_identity caller = {.node = "tel-zj", .issuer = "pca-330000"};
    struct service service = {.link = wires_link(&WIRES, "miit")};
    buf_init(&message, ENVELOPE_BYTES_MAX);
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    arena_init(&arena, 16 << 20);
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &message, &err), &err);
    assert_ok(service_read(SERVICE_EXCHANGE, &caller, message.data, message.size_bytes, &request, &err),
              &err);
    assert_string_equal(service_universe(request), "real");
    assert_ok(service_answer(&service, miit, request, &reply, &err), &err);
    service_free(request);
    assert_ok(envelope_read(reply.data, reply.size_bytes, &arena, &read, &err), &err);
    assert_string_equal(read.from, "miit");
    request = NULL;
    assert_ok(service_read(SERVICE_ENROL, NULL, "{}", 2, &request, &err), &err);
    assert_code(service_answer(&service, miit, request, &reply, &err), ERR_UNSUPPORTED);
    service_free(request);
    arena_done(&arena);
    buf_done(&message);
    buf_done(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_from_certificates_only_when_they_are_plain),
        cmocka_unit_test_setup_teardown(paths_and_sizes_are_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_exchange_is_answered, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
