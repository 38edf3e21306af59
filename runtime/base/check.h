// SLUICE_CHECK(condition, "what should have held"): for our own bugs only. Prints and aborts; the
// programs turn SIGABRT into exit code 70 where they can. Never used on input.
#pragma once

#include <cstdio>
#include <cstdlib>

#define SLUICE_CHECK(condition, message)                                                         \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      std::fprintf(stderr, "sluice: internal error: %s (%s:%d)\n", message, __FILE__, __LINE__); \
      std::abort();                                                                              \
    }                                                                                            \
  } while (0)
