// What the codec costs: nanoseconds for the head of a browser's request, and for writing it toward
// an upstream, beside http-parser where it is installed. Rounds are interleaved; the median counts.
// Prints a table and, when given a file name, writes the numbers there as JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "runtime/http/response_parser.h"
#include "runtime/http/write_head.h"

#if __has_include(<http_parser.h>)
#include <http_parser.h>
#define SLUICE_HAS_HTTP_PARSER 1
#endif

namespace {

using namespace sluice::http;

const std::string kBrowser =
    "GET /app/dashboard?tab=overview HTTP/1.1\r\n"
    "Host: honeydue.example.com\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Cache-Control: max-age=0\r\n\r\n";
const std::string kSmall = "GET /100 HTTP/1.1\r\nHost: bench.test\r\n\r\n";
const std::string kAnswer =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\n"
    "Content-Type: application/octet-stream\r\nContent-Length: 100\r\n"
    "Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT\r\nConnection: keep-alive\r\n"
    "ETag: \"6922-64\"\r\nAccept-Ranges: bytes\r\n\r\n";

struct Row {
  std::string name;
  size_t bytes;
  std::function<size_t()> once;  // gives something that depends on the work
  std::vector<double> nanoseconds = {};
};

size_t parse_request(const std::string& bytes) {
  static RequestHead head;
  RequestParser parser;
  parser.parse(bytes, head);
  return head.size;
}

size_t forward_request(const std::string& bytes) {
  static RequestHead head;
  static char out[8192];
  RequestParser parser;
  parser.parse(bytes, head);
  head.distrust_forwarded();
  return write_request_head(
      head, {.target = head.path(), .forwarded = {.peer = "192.0.2.10", .proto = "https"}}, out);
}

size_t forward_response(const std::string& bytes) {
  static const EditList edits = [] {
    EditList list;
    (void)list.edit(EditOp::set, "Strict-Transport-Security", "max-age=31536000");
    (void)list.edit(EditOp::set, "X-Frame-Options", "DENY");
    (void)list.edit(EditOp::remove, "Server");
    return list;
  }();
  static const EditList* const lists[] = {&edits};
  static ResponseHead head;
  static char out[8192];
  ResponseParser parser;
  parser.parse(bytes, {}, head);
  return write_response_head(head, {.framing = {BodyKind::length, true}, .edits = lists}, out);
}

#ifdef SLUICE_HAS_HTTP_PARSER
size_t parse_by_http_parser(const std::string& bytes) {
  static http_parser_settings on = [] {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = settings.on_header_field =
        settings.on_header_value = [](http_parser* p, const char* at, size_t size) {
          *static_cast<size_t*>(p->data) += size + size_t(*at);
          return 0;
        };
    return settings;
  }();
  size_t seen = 0;
  http_parser parser;
  http_parser_init(&parser, HTTP_REQUEST);
  parser.data = &seen;
  return http_parser_execute(&parser, &on, bytes.data(), bytes.size()) + seen;
}
#endif

}  // namespace

int main(int argc, char** argv) {
  std::vector<Row> rows;
  rows.push_back(
      {"parse browser request", kBrowser.size(), [] { return parse_request(kBrowser); }});
#ifdef SLUICE_HAS_HTTP_PARSER
  rows.push_back({"  the same by http-parser", kBrowser.size(),
                  [] { return parse_by_http_parser(kBrowser); }});
#endif
  rows.push_back({"parse small request", kSmall.size(), [] { return parse_request(kSmall); }});
#ifdef SLUICE_HAS_HTTP_PARSER
  rows.push_back(
      {"  the same by http-parser", kSmall.size(), [] { return parse_by_http_parser(kSmall); }});
#endif
  rows.push_back({"parse and write browser request", kBrowser.size(),
                  [] { return forward_request(kBrowser); }});
  rows.push_back(
      {"parse and write small request", kSmall.size(), [] { return forward_request(kSmall); }});
  rows.push_back({"parse and write answer, 3 edits", kAnswer.size(),
                  [] { return forward_response(kAnswer); }});

  constexpr int kRounds = 15;
  constexpr int kTimes = 200'000;
  volatile size_t sink = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) {
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < kTimes; ++i) sink = sink + row.once();
      const std::chrono::duration<double, std::nano> took =
          std::chrono::steady_clock::now() - begin;
      row.nanoseconds.push_back(took.count() / kTimes);
    }
  }

  std::printf("%-34s %6s %9s %9s\n", "", "bytes", "ns", "GB/s");
  std::string json = "{\n";
  for (Row& row : rows) {
    std::sort(row.nanoseconds.begin(), row.nanoseconds.end());
    const double median = row.nanoseconds[kRounds / 2];
    std::printf("%-34s %6zu %9.0f %9.2f\n", row.name.c_str(), row.bytes, median,
                double(row.bytes) / median);
    json += "  \"" + row.name + ", " + std::to_string(row.bytes) +
            " bytes\": " + std::to_string(median) + (&row == &rows.back() ? "\n" : ",\n");
  }
  json += "}\n";
  if (argc > 1) {
    std::FILE* file = std::fopen(argv[1], "w");
    if (!file || std::fputs(json.c_str(), file) < 0 || std::fclose(file) != 0) {
      std::perror(argv[1]);
      return 1;
    }
  }
  return 0;
}
