// A plan's value with the place in the source that gave it. Reading through `*` or `->` marks it
// read, so that a test can name each field that an emitter neither read nor declared ignored.
#pragma once

#include <utility>

#include "compiler/support/source.h"

namespace sluice::plan {

template <class T>
class Field {
 public:
  Field() = default;
  Field(T value, Span place = {})
      : at(place), value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)

  const T& operator*() const { return read_ = true, value_; }
  const T* operator->() const { return read_ = true, &value_; }
  const T& peek() const { return value_; }  // for dumps and checks: does not count as read
  T& edit() { return value_; }              // for the builder
  bool was_read() const { return read_; }
  bool operator==(const Field& other) const { return value_ == other.value_; }

  Span at;

 private:
  T value_{};
  mutable bool read_ = false;
};

}  // namespace sluice::plan
