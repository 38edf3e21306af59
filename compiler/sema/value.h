// A value: words of the source after every `${}` is read, still without a type.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/support/source.h"

namespace sluice::sema {

struct SecretRef {
  std::string name;
  std::optional<std::string> key;
};

struct Value {
  std::string text;  // empty for a secret
  Span at;           // where the words stand; names in them are looked up in that file
  Span use;          // where the value is used; equals `at` when it is written in place
  std::shared_ptr<const SecretRef> secret;  // set: a reference, never text
};
using Values = std::vector<Value>;

}  // namespace sluice::sema
