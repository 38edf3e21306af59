// "did you mean": the candidate with the fewest single-letter changes, swaps of neighbours counting
// one.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::model {

size_t edit_distance(std::string_view a, std::string_view b);

// Feeds on candidates one by one; near is at most a third of the letters.
class Nearest {
 public:
  explicit Nearest(std::string_view word);
  void offer(std::string_view candidate);
  std::string_view best() const { return best_; }  // "" when nothing is near

 private:
  std::string_view word_, best_;
  size_t distance_;
};

}  // namespace sluice::model
