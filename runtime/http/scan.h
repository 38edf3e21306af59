// The inner loops of the parsers: how far a run of permitted bytes goes. With SSE2 (every x86-64)
// 16 bytes a step, else a byte a step through a table; both give the same answer, which a test
// holds. Nothing reads outside [p, end).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "runtime/http/header_id.h"

#if defined(__SSE2__) && !defined(SLUICE_HTTP_PORTABLE)
#include <emmintrin.h>
#define SLUICE_HTTP_SSE2 1
#endif

namespace sluice::http {

// Classes of bytes; a byte may be in several.
constexpr uint8_t kTokenByte = 1;   // RFC 9110 5.6.2
constexpr uint8_t kUnderscore = 2;  // also a token byte
constexpr uint8_t kTargetByte = 4;  // visible ASCII but `#`
constexpr uint8_t kValueByte = 8;   // anything but controls; HTAB is one of them
constexpr uint8_t kHostByte =
    16;  // uri-host without brackets and port (RFC 3986 3.2.2), without the comma

constexpr auto kByteClass = [] {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const auto one_of = [&](std::string_view set) {
      return c != 0 && set.find(char(c)) != set.npos;
    };
    if (alnum || one_of("!#$%&'*+-.^_`|~")) classes[c] |= kTokenByte;
    if (c == '_') classes[c] |= kUnderscore;
    if (c > 0x20 && c < 0x7f && c != '#') classes[c] |= kTargetByte;
    if ((c >= 0x20 && c != 0x7f) || c == '\t') classes[c] |= kValueByte;
    if (alnum || one_of("-._~!$&'()*+;=%")) classes[c] |= kHostByte;
  }
  return classes;
}();

inline bool is_class(char c, uint8_t which) noexcept { return kByteClass[uint8_t(c)] & which; }

inline const char* class_end(const char* p, const char* end, uint8_t which) noexcept {
  while (p != end && is_class(*p, which)) ++p;
  return p;
}
inline const char* token_end(const char* p, const char* end) noexcept {
  return class_end(p, end, kTokenByte);
}

#ifdef SLUICE_HTTP_SSE2
inline unsigned not_value_mask(const char* p) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
  const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  return unsigned(_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, low), del)));
}
inline unsigned not_target_mask(const char* p) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  // As signed bytes, everything from 0x80 up is negative, so one compare takes it with the
  // controls.
  const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21));
  const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  const __m128i hash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#'));
  return unsigned(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, del), hash)));
}
inline unsigned equal_mask(const char* p, char c) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
}
#endif

// The first byte that may not stand in a header value: normally the CR.
inline const char* value_end(const char* p, const char* end) noexcept {
#ifdef SLUICE_HTTP_SSE2
  for (; end - p >= 16; p += 16)
    if (const unsigned mask = not_value_mask(p)) return p + __builtin_ctz(mask);
#endif
  return class_end(p, end, kValueByte);
}

// The first byte that may not stand in a request target: normally the blank.
inline const char* target_end(const char* p, const char* end) noexcept {
#ifdef SLUICE_HTTP_SSE2
  for (; end - p >= 16; p += 16)
    if (const unsigned mask = not_target_mask(p)) return p + __builtin_ctz(mask);
#endif
  return class_end(p, end, kTargetByte);
}

// The first colon within the next 32 bytes, or nullptr (none, or too near the end to look at once).
inline const char* near_colon(const char* p, const char* end) noexcept {
#ifdef SLUICE_HTTP_SSE2
  for (int step = 0; step < 2 && end - p >= 16; ++step, p += 16)
    if (const unsigned mask = equal_mask(p, ':')) return p + __builtin_ctz(mask);
#endif
  (void)p;
  (void)end;
  return nullptr;
}

// An exact id (header_id.h) or `other`. A name that gets an exact id is a token.
HeaderId known_header_id(const char* name, size_t size) noexcept;
bool has_forwarded_prefix(std::string_view name) noexcept;

}  // namespace sluice::http
