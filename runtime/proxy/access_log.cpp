#include "runtime/proxy/access_log.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace sluice::proxy {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> table{};
  for (int c = 0x20; c < 0x7f; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

// The length of the UTF-8 sequence at the front, or 0.
size_t sequence(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char c = at(0);
  const size_t size = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
  if (c < 0xc2 || c > 0xf4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  if ((c == 0xe0 && at(1) < 0xa0) || (c == 0xed && at(1) > 0x9f) || (c == 0xf0 && at(1) < 0x90) ||
      (c == 0xf4 && at(1) > 0x8f)) {
    return 0;
  }
  return size;
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    size_t size = 1;
    if (kPlain[c]) {
      out.push_back(text[0]);
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(text[0]);
    } else if (c < 0x80) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      out += escape;
    } else if ((size = sequence(text)) != 0) {
      out.append(text.substr(0, size));
    } else {
      size = 1;
      out += "\\ufffd";
    }
    text.remove_prefix(size);
  }
}

void append_number(std::string& out, uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// Milliseconds with three decimals.
void append_ms(std::string& out, int64_t us) {
  append_number(out, static_cast<uint64_t>(us / 1000));
  const auto rest = static_cast<unsigned>(us % 1000);
  const char decimals[] = {'.', static_cast<char>('0' + rest / 100),
                           static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
  out.append(decimals, sizeof decimals);
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out.push_back('"');
  size_t plain = 0;
  while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
  out.append(text.substr(0, plain));
  if (plain != text.size()) append_escaped(out, text.substr(plain));
  out.push_back('"');
}

void AccessLog::append_time(int64_t time_us) {
  const int64_t second = time_us / 1'000'000;
  if (second != second_) {
    second_ = second;
    const time_t time = second;
    tm parts{};
    gmtime_r(&time, &parts);
    std::strftime(second_text_, sizeof second_text_, "%Y-%m-%dT%H:%M:%S.", &parts);
  }
  const auto ms = static_cast<unsigned>(time_us / 1000 % 1000);
  const char rest[] = {static_cast<char>('0' + ms / 100), static_cast<char>('0' + ms / 10 % 10),
                       static_cast<char>('0' + ms % 10), 'Z'};
  block_.append(second_text_).append(rest, sizeof rest);
}

void AccessLog::add(const LogRecord& r) {
  if (!writer_) return;
  if (block_.capacity() < kBlock) block_.reserve(kBlock + 8192);
  block_ += "{\"time\":\"";
  append_time(r.time_us);
  block_ += "\",\"client\":";
  append_json(block_, r.client);
  block_ += ",\"scheme\":\"";
  block_ += r.scheme;
  block_ += "\",\"method\":";
  append_json(block_, r.method);
  block_ += ",\"host\":";
  append_json(block_, r.host);
  block_ += ",\"path\":";
  append_json(block_, r.path);
  block_ += ",\"status\":";
  append_number(block_, r.status);
  block_ += ",\"bytes\":";
  append_number(block_, r.bytes);
  block_ += ",\"duration_ms\":";
  append_ms(block_, r.duration_us);
  if (!r.upstream.empty()) {
    block_ += ",\"upstream\":";
    append_json(block_, r.upstream);
    block_ += ",\"upstream_ms\":";
    append_ms(block_, r.upstream_us);
  }
  if (!r.route.empty()) {
    block_ += ",\"route\":";
    append_json(block_, r.route);
  }
  if (!r.reason.empty()) {
    block_ += ",\"reason\":";
    append_json(block_, r.reason);
  }
  block_ += ",\"table\":\"";
  block_ += r.table;
  block_ += "\"}\n";
  ++lines_;
  if (block_.size() >= kBlock) flush();
}

void AccessLog::flush() {
  if (lines_ == 0) return;
  block_ = writer_->exchange(std::move(block_), lines_);
  lines_ = 0;
}

}  // namespace sluice::proxy
