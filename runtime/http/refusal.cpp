#include "runtime/http/refusal.h"

namespace sluice::http {
namespace {

struct Row {
  uint16_t status;
  std::string_view name;
  std::string_view reason;
};
constexpr Row kRows[] = {
#define SLUICE_HTTP_ROW(value, status, reason) {status, #value, reason},
    SLUICE_HTTP_REFUSALS(SLUICE_HTTP_ROW)
#undef SLUICE_HTTP_ROW
};
const Row& row(Refusal refusal) noexcept { return kRows[static_cast<unsigned>(refusal)]; }

}  // namespace

std::string_view name_of(Refusal refusal) noexcept { return row(refusal).name; }
std::string_view reason_of(Refusal refusal) noexcept { return row(refusal).reason; }
uint16_t status_of(Refusal refusal) noexcept { return row(refusal).status; }

}  // namespace sluice::http
