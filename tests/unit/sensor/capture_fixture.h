/* A capture of frames in a temporary file. */
#ifndef UNIT_SENSOR_CAPTURE_FIXTURE_H
#define UNIT_SENSOR_CAPTURE_FIXTURE_H

#include "unit/sensor/bytes_fixture.h"

enum { CAPTURE_PATH_SIZE = 64 };

/* Makes an empty capture of the link type; its path goes to path. */
void capture_fixture_begin(char path[CAPTURE_PATH_SIZE], uint32_t link);
void capture_fixture_add(const char *path, int64_t time_ms, const struct bytes *frame);
void capture_fixture_end(const char *path);

#endif
