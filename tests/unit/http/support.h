// How the tests of the codec feed it: whole, and in every way of two pieces, and byte by byte; the
// outcome must be the same, so each helper checks that before it gives the outcome back.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/http/body.h"
#include "runtime/http/request_parser.h"
#include "runtime/http/response_parser.h"
#include "tests/unit/http/describe.h"

namespace sluice::http {

struct Outcome {
  Parsed parsed = Parsed::incomplete;
  Refusal refusal = Refusal::none;
  size_t size = 0;
  std::string said;
  bool operator==(const Outcome&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Outcome& o) {
  return out << int(o.parsed) << " " << name_of(o.refusal) << " " << o.size << " " << o.said;
}

struct RequestFeed {
  Limits limits;
  RequestParser parser{limits};
  RequestHead head;
  explicit RequestFeed(const Limits& l = {}) : limits(l), parser(l) {}
  Parsed parse(std::string_view bytes) { return parser.parse(bytes, head); }
};

struct ResponseFeed {
  Asked asked;
  ResponseParser parser;
  ResponseHead head;
  explicit ResponseFeed(Asked a = {}, const Limits& l = {}) : asked(a), parser(l) {}
  Parsed parse(std::string_view bytes) { return parser.parse(bytes, asked, head); }
};

template <class Feed>
Outcome outcome_of(Feed& feed, Parsed parsed) {
  Outcome out{parsed, feed.parser.refusal(), 0, {}};
  if (parsed == Parsed::complete) {
    out.size = feed.head.size;
    out.said = describe(feed.head);
  }
  return out;
}

// Feeds bytes[0, end) for each end given, each time at another address, as a reader would whose
// buffer moves; stops at the first answer.
template <class Feed, class... Args>
Outcome feed_at(std::string_view bytes, std::initializer_list<size_t> ends, Args... args) {
  Feed feed(args...);
  Parsed parsed = Parsed::incomplete;
  std::string buffer;
  for (const size_t end : ends) {
    buffer = std::string(bytes.substr(0, end));
    buffer.shrink_to_fit();
    parsed = feed.parse(buffer);
    if (parsed != Parsed::incomplete) break;
  }
  return outcome_of(feed, parsed);
}

template <class Feed, class... Args>
Outcome feed_all_ways(std::string_view bytes, Args... args) {
  const Outcome whole = feed_at<Feed>(bytes, {bytes.size()}, args...);
  for (size_t at = 0; at < bytes.size(); ++at)
    EXPECT_EQ(feed_at<Feed>(bytes, {at, bytes.size()}, args...), whole) << "split at " << at;
  Feed feed(args...);
  Parsed parsed = Parsed::incomplete;
  for (size_t end = 0; end <= bytes.size() && parsed == Parsed::incomplete; ++end)
    parsed = feed.parse(bytes.substr(0, end));
  EXPECT_EQ(outcome_of(feed, parsed), whole) << "byte by byte";
  return whole;
}

inline Outcome parse_request(std::string_view bytes, Limits limits = {}) {
  return feed_all_ways<RequestFeed>(bytes, limits);
}
inline Outcome parse_response(std::string_view bytes, Asked asked = {}, Limits limits = {}) {
  return feed_all_ways<ResponseFeed>(bytes, asked, limits);
}

// A head that must parse; the text must outlive it.
inline RequestHead request(std::string_view bytes) {
  RequestFeed feed;
  EXPECT_EQ(feed.parse(bytes), Parsed::complete) << name_of(feed.parser.refusal());
  return feed.head;
}
inline ResponseHead response(std::string_view bytes, Asked asked = {}) {
  ResponseFeed feed(asked);
  EXPECT_EQ(feed.parse(bytes), Parsed::complete) << name_of(feed.parser.refusal());
  return feed.head;
}

}  // namespace sluice::http
