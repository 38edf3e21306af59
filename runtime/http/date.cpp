#include "runtime/http/date.h"

#include <cstring>

namespace sluice::http {
namespace {

void two_digits(char* at, int64_t value) noexcept {
  at[0] = char('0' + value / 10 % 10);
  at[1] = char('0' + value % 10);
}

}  // namespace

void format_date(int64_t unix_seconds, std::span<char, kDateSize> out) noexcept {
  constexpr char kDays[] = "ThuFriSatSunMonTueWed";  // 1970-01-01 was a Thursday
  constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const int64_t days = unix_seconds / 86400;
  const int64_t second = unix_seconds % 86400;

  // Days to civil date, in years that start in March so that the leap day comes last; an era has
  // 400 years (H. Hinnant, "chrono-compatible low-level date algorithms").
  const int64_t shifted = days + 719468;
  const int64_t era = shifted / 146097;
  const int64_t day_of_era = shifted % 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t march_month = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
  const int64_t month = march_month < 10 ? march_month + 2 : march_month - 10;  // 0 is January
  const int64_t year = era * 400 + year_of_era + (month < 2 ? 1 : 0);

  std::memcpy(out.data(), "Thu, 01 Jan 1970 00:00:00 GMT", kDateSize);
  std::memcpy(&out[0], kDays + 3 * (days % 7), 3);
  two_digits(&out[5], day);
  std::memcpy(&out[8], kMonths + 3 * month, 3);
  two_digits(&out[12], year / 100);
  two_digits(&out[14], year);
  two_digits(&out[17], second / 3600);
  two_digits(&out[20], second / 60 % 60);
  two_digits(&out[23], second % 60);
}

}  // namespace sluice::http
