#include "lib/check.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/fengsui-sensor-XXXXXX";

/* A capture of raw IPv4: 3,000 SYN packets of many sources in a second. */
static int make_capture(void **state)
{
    static const uint32_t HEAD[] = {0xA1B2C3D4, 2 | 4 << 16, 0, 0, 65535, 101};
    (void)state;
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(file);
    assert_int_equal(fwrite(HEAD, sizeof HEAD, 1, file), 1);
    for (uint32_t i = 0; i < 3000; i++) {
        uint8_t packet[40] = {
            0x45,       0,   0,  40,  0, 0, 0,   0, 64, 6,           0,       0, 10, 0, (uint8_t)(i / 250),
            (uint8_t)i, 198, 51, 100, 1, 4, 210, 0, 80, [32] = 0x50, [33] = 2};
        const uint32_t head[] = {1700000000, i * 333, sizeof packet, sizeof packet};
        assert_int_equal(fwrite(head, sizeof head, 1, file), 1);
        assert_int_equal(fwrite(packet, sizeof packet, 1, file), 1);
    }
    assert_int_equal(fclose(file), 0);
    return 0;
}

static int drop_capture(void **state)
{
    (void)state;
    return unlink(path);
}

static struct cli_result run(const char *options)
{
    char line[256];
    (void)snprintf(line, sizeof line, "sensor flow --pcap %s %s", path, options);
    return cli_fixture_run(&COMMANDS, line, "");
}

static void an_attack_in_a_capture_is_told_with_a_summary(void **state)
{
    (void)state;
    struct cli_result result = run("");
    assert_int_equal(result.code, CLI_DONE);
    assert_non_null(
        strstr(result.out, "{\"kind\":\"syn-flood\",\"target\":\"198.51.100.1\",\"first\":\"2023-11-14T"));
    assert_non_null(strstr(result.out,
                           "\"lost\":{\"kernel\":0,\"sequence\":0}}\n{\"kind\":\"summary\",\"packets\":3000,"
                           "\"records\":3000,\"malformed\":0,"));
    cli_fixture_done(&result);
}

static void a_threshold_or_another_network_keeps_it_silent(void **state)
{
    static const char *const CASES[] = {"--threshold syn-flood=10000", "--net 203.0.113.0/24"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cli_result result = run(CASES[i]);
        assert_int_equal(result.code, CLI_DONE);
        assert_null(strstr(result.out, "syn-flood"));
        assert_non_null(strstr(result.out, "summary"));
        cli_fixture_done(&result);
    }
}

static void records_are_shown_on_request(void **state)
{
    (void)state;
    struct cli_result result = run("--records");
    assert_int_equal(result.code, CLI_DONE);
    assert_non_null(strstr(result.out, "\"tcp_flags\":2"));
    cli_fixture_done(&result);
}

static void a_capture_without_dns_has_a_summary(void **state)
{
    char line[256];
    (void)state;
    (void)snprintf(line, sizeof line, "sensor dns --pcap %s", path);
    struct cli_result result = cli_fixture_run(&COMMANDS, line, "");
    assert_int_equal(result.code, CLI_DONE);
    assert_non_null(
        strstr(result.out, "{\"kind\":\"summary\",\"packets\":3000,\"records\":0,\"malformed\":0,"));
    cli_fixture_done(&result);
}

static void wrong_options_are_told(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } CASES[] = {
        {"sensor flow", CLI_USAGE, "either --pcap"},
        {"sensor flow --pcap /nowhere/x.pcap", CLI_FAILED, "/nowhere/x.pcap"},
        {"sensor flow --pcap x --threshold nothing=5", CLI_USAGE, "nothing"},
        {"sensor flow --pcap x --threshold syn-flood=0", CLI_USAGE, "KIND=PPS"},
        {"sensor flow --pcap x --net 1.2.3", CLI_USAGE, "no prefix"},
        {"sensor dns --pcap /nowhere/x.pcap", CLI_FAILED, "/nowhere/x.pcap"},
        {"sensor dns --pcap x --known-good y", CLI_USAGE, "--protect"},
        {"sensor dns --pcap x --protect /nowhere/names", CLI_FAILED, "/nowhere/names"},
        {"sensor flow --listen nowhere", CLI_FAILED, "no address and port"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct cli_result result = cli_fixture_run(&COMMANDS, CASES[i].line, "");
        assert_int_equal(result.code, CASES[i].code);
        assert_non_null(strstr(result.err, CASES[i].says));
        cli_fixture_done(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attack_in_a_capture_is_told_with_a_summary),
        cmocka_unit_test(a_threshold_or_another_network_keeps_it_silent),
        cmocka_unit_test(records_are_shown_on_request),
        cmocka_unit_test(a_capture_without_dns_has_a_summary),
        cmocka_unit_test(wrong_options_are_told),
    };
    return cmocka_run_group_tests(tests, make_capture, drop_capture);
}
