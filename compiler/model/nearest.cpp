#include "compiler/model/nearest.h"

#include <algorithm>
#include <vector>

namespace sluice::model {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

Nearest::Nearest(std::string_view word)
    : word_(word), distance_(word.size() < 3 ? 1 : word.size() / 3 + 1) {}

void Nearest::offer(std::string_view candidate) {
  if (word_.size() > 64 || candidate.size() > 64) return;
  size_t apart = word_.size() > candidate.size() ? word_.size() - candidate.size()
                                                 : candidate.size() - word_.size();
  if (apart >= distance_) return;
  size_t distance = edit_distance(word_, candidate);
  if (distance < distance_) distance_ = distance, best_ = candidate;
}

}  // namespace sluice::model
