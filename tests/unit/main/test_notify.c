#include "main/notify.h"

#include "lib/check.h"
#include "lib/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void without_a_manager_nothing_happens(void **state)
{
    (void)state;
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_false(notify("READY=1"));
    assert_int_equal(setenv("NOTIFY_SOCKET", "relative", 1), 0);
    assert_false(notify("READY=1"));
    assert_int_equal(setenv("NOTIFY_SOCKET", "/nowhere/socket", 1), 0);
    assert_false(notify("READY=1"));
}

static void the_manager_is_told(void **state)
{
    char folder[SHARED_PATH_SIZE];
    char got[64] = "";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)state;
    assert_true(shared_folder(folder));
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%.90s/s", folder);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", address.sun_path, 1), 0);
    assert_true(notify("READY=1"));
    assert_int_equal(recv(fd, got, sizeof got - 1, 0), 7);
    assert_string_equal(got, "READY=1");
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    (void)close(fd);
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_manager_nothing_happens),
        cmocka_unit_test(the_manager_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
