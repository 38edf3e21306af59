// Heads and bodies as text, for tests and fuzzers to compare and print.
#pragma once

#include <string>
#include <string_view>

#include "runtime/http/body.h"
#include "runtime/http/response_parser.h"

namespace sluice::http {

// Everything a parsed request says, as text that compares and prints.
inline std::string describe(const RequestHead& head) {
  std::string out;
  out += std::string(head.text(head.method_text)) + "|" + std::string(head.host()) + "|" +
         std::string(head.path()) + (head.has_query ? "?" + std::string(head.query()) : "") +
         "|1." + std::to_string(head.minor);
  out += "|body" + std::to_string(int(head.body)) + ":" + std::to_string(head.content_length);
  if (head.keep_alive) out += "|keep";
  if (head.expect_continue) out += "|expect";
  if (head.te_trailers) out += "|trailers";
  if (head.websocket) out += "|websocket";
  for (size_t i = 0; i < head.count; ++i)
    if (!head.is_dropped(i))
      out += "\n" + std::string(head.name(i)) + "=" + std::string(head.value(i)) + "#" +
             std::to_string(int(head.lines[i].id));
  return out;
}

inline std::string describe(const ResponseHead& head) {
  std::string out = std::to_string(head.status) + "|" + std::string(head.text(head.reason)) +
                    "|1." + std::to_string(head.minor) + "|body" + std::to_string(int(head.body)) +
                    ":" + std::to_string(head.content_length) + (head.keep_alive ? "|keep" : "");
  for (size_t i = 0; i < head.count; ++i)
    if (!head.is_dropped(i))
      out += "\n" + std::string(head.name(i)) + "=" + std::string(head.value(i));
  return out;
}

}  // namespace sluice::http
