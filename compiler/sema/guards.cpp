// The statements that guard a route or edit its headers, one reader each.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/schema.h"
#include "compiler/sema/acts.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Node;

std::string_view shape_of(std::string_view word) {
  return find_row(model::Block::middleware, word)->shape;
}

std::optional<plan::Field<plan::CidrList>> ranges(Building& b, Node node, const Frame* frame) {
  size_t before = b.diags.errors();
  plan::CidrList list;
  for (const Value& value : b.list(node, frame)) {
    if (auto cidr = read_cidr(value, b.diags)) list.push_back(*cidr);
  }
  if (b.diags.errors() != before) return {};
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return plan::Field<plan::CidrList>(std::move(list), b.model[node].span);
}

std::optional<Act> rate_limit(Building& b, Node node, const Frame* frame) {
  const Span at = b.model[node].span;
  Words words = b.groups(node, frame).front();
  auto rate_value = words.next();
  auto rate = rate_value ? read_rate(*rate_value, b.diags) : std::nullopt;
  if (!rate) return {};
  plan::RateLimit limit{{rate->count, rate_value->use},
                        {rate->period_seconds, rate_value->use},
                        {rate->count, at},
                        {plan::LimitBy::client_ip, at},
                        {}};
  while (!words.done()) {
    if (words.skip("burst") && !words.done()) {
      auto value = words.next();
      auto burst = value ? read_int(*value, 1, 1'000'000'000, b.diags) : std::nullopt;
      if (!burst) return {};
      limit.burst = {*burst, value->use};
    } else if (words.skip("by") && !words.done()) {
      const Span by = words.peek().span;
      if (words.skip("client_ip"))
        limit.by = {plan::LimitBy::client_ip, by};
      else if (words.skip("host"))
        limit.by = {plan::LimitBy::host, by};
      else if (words.skip("everyone"))
        limit.by = {plan::LimitBy::everyone, by};
      else if (words.skip("header") && !words.done()) {
        auto value = words.next();
        auto name = value ? read_header_name(*value, b.diags) : std::nullopt;
        if (!name) return {};
        limit.by = {plan::LimitBy::header, by};
        limit.header = plan::Field<plan::Name>(*name, value->use);
      } else {
        b.wrong_arguments("rate_limit", shape_of("rate_limit"), by);
        return {};
      }
    } else {
      b.wrong_arguments("rate_limit", shape_of("rate_limit"),
                        words.done() ? at : words.peek().whole);
      return {};
    }
  }
  FeatureId feature = limit.by.peek() == plan::LimitBy::client_ip ? FeatureId::rate_limit
                                                                  : FeatureId::rate_limit_other;
  return Act{limit, feature, at, {}};
}

std::optional<Act> basic_auth(Building& b, Node node, const Frame* frame, std::string_view realm) {
  const Span at = b.model[node].span;
  Words words = b.groups(node, frame).front();
  auto users = words.next();
  if (!users) return {};
  if (!users->secret) {
    wrong_type(*users, "secret(\"NAME\")", "", b.diags);
    return {};
  }
  plan::Field<std::string> said(std::string(realm), at);
  if (!words.done()) {
    if (!words.skip("realm") || words.done()) {
      b.wrong_arguments("basic_auth", shape_of("basic_auth"), at);
      return {};
    }
    auto value = words.next();
    if (!value) return {};
    bool printable = !value->secret && value->text.find_first_of("\"\\\r\n") == std::string::npos;
    if (!printable) return wrong_type(*value, "a realm without quotes", "", b.diags), std::nullopt;
    said = {value->text, value->use};
  }
  plan::SecretId id =
      b.secret(users->secret->name, users->secret->key, plan::SecretUse::users, users->use);
  return Act{plan::BasicAuth{{id, users->use}, said}, FeatureId::basic_auth, at, {}};
}

bool ours(std::string_view name) {
  static constexpr std::string_view kOurs[] = {"connection",       "transfer-encoding",
                                               "content-length",   "host",
                                               "keep-alive",       "te",
                                               "trailer",          "upgrade",
                                               "expect",           "forwarded",
                                               "x-forwarded-for",  "x-forwarded-proto",
                                               "x-forwarded-host", "x-real-ip"};
  std::string lower;
  for (char c : name) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return lower.starts_with("proxy-") ||
         std::find(std::begin(kOurs), std::end(kOurs), lower) != std::end(kOurs);
}

}  // namespace

std::optional<Act> read_edit(Building& b, Node node, const Frame* frame) {
  std::string_view word = word_of(b.model.ast(node), node.statement);
  const Span at = b.model[node].span;
  Words words = b.groups(node, frame).front();
  EditAct act{word == "response", {plan::EditOp::set, "", ""}};
  if (words.skip("set"))
    act.edit.op = plan::EditOp::set;
  else if (words.skip("add"))
    act.edit.op = plan::EditOp::add;
  else if (words.skip("remove"))
    act.edit.op = plan::EditOp::remove;
  else {
    b.wrong_arguments(word, shape_of(word), words.peek().whole);
    return {};
  }
  auto value = words.next();
  auto name = value ? read_header_name(*value, b.diags) : std::nullopt;
  if (!name) return {};
  if (ours(*name)) {
    b.diags.emit(diag::HeaderNotYours{.header = *name}, value->use);
    return {};
  }
  act.edit.name = *name;
  if (words.done() != (act.edit.op == plan::EditOp::remove)) {
    b.wrong_arguments(word, shape_of(word), words.done() ? at : words.peek().whole);
    return {};
  }
  if (!words.done()) {
    auto text = words.next();
    if (!text) return {};
    bool line = !text->secret;
    for (char c : text->text)
      line = line && (static_cast<unsigned char>(c) >= 0x20 || c == '\t') && c != 0x7f;
    if (!line) return wrong_type(*text, "the text of one header line", "", b.diags), std::nullopt;
    act.edit.value = text->text;
  }
  bool add = act.edit.op == plan::EditOp::add;
  FeatureId feature = act.response
                          ? (add ? FeatureId::response_headers_add : FeatureId::response_headers)
                          : (add ? FeatureId::request_headers_add : FeatureId::request_headers);
  return Act{act, feature, at, {}};
}

std::optional<Act> read_guard(Building& b, Node node, const Frame* frame, std::string_view realm) {
  std::string_view word = word_of(b.model.ast(node), node.statement);
  const Span at = b.model[node].span;
  if (word == "allow_peers" || word == "allow_ips" || word == "deny_ips") {
    auto from = ranges(b, node, frame);
    if (!from) return {};
    if (word == "allow_peers") return Act{plan::AllowPeers{*from}, FeatureId::allow_peers, at, {}};
    if (word == "allow_ips") return Act{plan::AllowIps{*from}, FeatureId::allow_ips, at, {}};
    return Act{plan::DenyIps{*from}, FeatureId::deny_ips, at, {}};
  }
  if (word == "rate_limit") return rate_limit(b, node, frame);
  if (word == "basic_auth") return basic_auth(b, node, frame, realm);
  return {};
}

}  // namespace sluice::sema
