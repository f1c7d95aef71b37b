#include "sensor/export.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "unit/sensor/export_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_whole_datagram_is_told_from_other_bytes(void **state)
{
    static const struct {
        const char *hex;
        uint16_t port;
        bool plausible;
    } CASES[] = {
        {"0009 0001 00000000 00000000 00000000 00000000 0000 0008 0000 0000", 53, true},
        {"0009 0001 00000000 00000000 00000000 00000000 0000 0009 0000 0000", 53, false},
        {"0009 0001 00000000 00000000 00000000 00000000 0000 0009 0000 0000", 2055, true},
        {"000a 0018 00000000 00000000 00000000 0002 0008 0000 0000", 53, true},
        {"000a 0019 00000000 00000000 00000000 0002 0008 0000 0000", 53, false},
        {"0005 0001 00000000", 53, false},
        {"00000005 00000001 c6120001 00000000 00000009 00000001 00000000", 53, true},
        {"00000005 00000009 c6120001 00000000 00000009 00000001 00000000", 53, false},
        {"0007 0000 00000000", 2055, false},
        {"0009", 2055, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct bytes bytes = bytes_of(CASES[i].hex);
        assert_int_equal(export_plausible(CASES[i].port, bytes.at, bytes.size), CASES[i].plausible);
    }
}

static void what_is_no_export_is_malformed(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of("0007 0001 0000");
    export_fixture_read(&f, &datagram);
    datagram.size = 0;
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.malformed, 2);
    export_fixture_end(&f);
}

static void take(void *context, const struct flow *flow)
{
    (void)flow;
    (*(uint64_t *)context)++;
}

static void datagrams_of_many_vendors_are_read(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    if (!shared_find("data/flow.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    struct export_fixture f;
    uint64_t seen = 0;
    const struct export_sink sink = {take, &seen};
    export_fixture_begin(&f);
    for (int round = 0; round < 2; round++) { /* the second time, every template is there */
        DIR *dir = opendir(folder);
        assert_non_null(dir);
        for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
            char path[2 * SHARED_PATH_SIZE];
            size_t size = 0;
            if (!strstr(entry->d_name, ".dat"))
                continue;
            (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            char *bytes = shared_read(path, &size);
            assert_non_null(bytes);
            const struct export_datagram one = {ip_of("198.18.0.1"), 0, (const uint8_t *)bytes, size};
            export_read(f.book, &one, &sink, &f.result);
            free(bytes);
        }
        (void)closedir(dir);
    }
    assert_true(seen > 500);
    assert_int_equal(seen, f.result.records);
    export_fixture_end(&f);
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_datagram_is_told_from_other_bytes),
        cmocka_unit_test(what_is_no_export_is_malformed),
        cmocka_unit_test(datagrams_of_many_vendors_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
