// YAML documents as values, and their one spelling: block style, two spaces, maps in the order they
// were filled, strings quoted whenever a YAML 1.1 or 1.2 reader could take them for something else.
// The writer is our own: yaml-cpp's leaves the strings "true", "8080" and "1e3" bare (an API server
// refuses them), ends every literal block with a line end, and puts comments at the margin. Tests
// read back with it.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sluice::emit {

class Yaml {
 public:
  using Entry = std::pair<std::string, Yaml>;

  Yaml() = default;                                           // null
  Yaml(const char* text) : value_(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Yaml(std::string text) : value_(std::move(text)) {}         // NOLINT(google-explicit-constructor)
  Yaml(std::string_view text) : value_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  Yaml(T number) : value_(static_cast<int64_t>(number)) {}  // NOLINT(google-explicit-constructor)
  Yaml(bool flag) : value_(flag) {}                         // NOLINT(google-explicit-constructor)

  // A map's entry, appended when it is new; a null becomes a map.
  Yaml& operator[](std::string_view key);
  // Appends to a list; a null becomes a list. Returns what was appended.
  Yaml& push(Yaml item);

  // Lines that stand above this value's key or dash: why it is there.
  Yaml& comment(std::string text);

  bool empty() const;  // null, or a map or list without entries
  size_t size() const;

  friend Yaml map(std::initializer_list<Entry> entries);
  friend Yaml list(std::initializer_list<Yaml> items);
  friend Yaml list(const std::vector<std::string>& items);
  friend Yaml flow(const std::vector<std::string>& items);
  friend Yaml block(std::string text);
  friend Yaml folded(std::vector<std::string> lines);
  friend std::string write(const Yaml& document, std::string_view heading);

 private:
  using Map = std::vector<Entry>;
  using List = std::vector<Yaml>;
  struct Text {  // a block scalar
    std::vector<std::string> lines;
    char style;              // '|' as it stands, '>' lines joined by blanks
    std::string_view chomp;  // "-", "" or "+"
  };
  struct Writer;

  std::variant<std::monostate, bool, int64_t, std::string, Text, Map, List> value_;
  std::string comment_;
  bool flow_ = false;
};

Yaml map(std::initializer_list<Yaml::Entry> entries = {});
Yaml list(std::initializer_list<Yaml> items);
Yaml list(const std::vector<std::string>& items);
Yaml flow(const std::vector<std::string>& items);  // [a, b], for short words
Yaml block(std::string text);                      // | as it stands
Yaml folded(std::vector<std::string> lines);       // >- joined by single blanks when read

// The document; `heading` becomes comment lines at its top.
std::string write(const Yaml& document, std::string_view heading = {});

// One scalar as it would stand in a document: bare, 'quoted' or "quoted".
std::string quote(std::string_view text);

}  // namespace sluice::emit
