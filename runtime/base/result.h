// What an operation on the world (a file, a socket, a table's bytes) gives back: a value or an
// Error. Member names are those of C++23's std::expected, which replaces this when the floor rises.
// Mistakes in a user's source are not Errors: they are diagnostics (compiler/diag).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace sluice {

// One line a code on when it is used.
enum class ErrorCode : uint8_t {
  io,           // the operating system refused: open, read, write, bind, fsync
  malformed,    // bytes from outside that break their format
  unsupported,  // well-formed, but of a version or kind that this program does not know
  limit,        // a bound was passed (size, count, time)
  not_found,    // what was named is not there
  tls,          // certificate, key or handshake
};

struct Error {
  ErrorCode code;
  std::string message;  // one line, lower case, no final stop, names what it is about
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace sluice
