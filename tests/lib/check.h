/* lib/check.h — cmocka with its includes in the right order, and a few checks of our own. */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Succeeds, or shows the error's story. */
#define assert_ok(call, err)                                                                                 \
    do {                                                                                                     \
        int check_rc = (int)(call);                                                                          \
        if (check_rc < 0)                                                                                    \
            fail_msg("%s: [%s] %s", errc_info((err)->code)->name, (err)->field, (err)->message);             \
    } while (0)

#define assert_code(call, want) assert_int_equal((int)(call), (int)(want))

#endif
