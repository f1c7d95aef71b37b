/* base/banned.h — calls that have a better way here. Forced into every translation unit by the build.
 *
 * Each name is poisoned by a declaration that cannot be called. System headers that declare them are
 * included first, so that only our own uses fail. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets
#pragma GCC poison atoi atol atoll atof rand srand localtime gmtime mktime ctime asctime
#pragma GCC poison tmpnam mktemp system popen

#endif
