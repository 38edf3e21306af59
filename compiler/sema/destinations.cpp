#include "compiler/sema/destinations.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/answers.h"
#include "compiler/sema/types.h"
#include "compiler/sema/upstreams.h"

namespace sluice::sema {
namespace {

// The shares of a pool: all written and 100 % in all, or none and equal.
bool weigh(Building& b, plan::Pool& pool, const std::vector<std::optional<uint32_t>>& written,
           Span at) {
  size_t count = pool.shares.size(), said = 0;
  uint64_t sum = 0;
  for (const auto& weight : written) said += weight.has_value(), sum += weight.value_or(0);
  if (said != 0 && (said != count || sum != 10000)) {
    std::string text =
        sum % 100 == 0 ? std::to_string(sum / 100) : fmt::format("{}.{:02}", sum / 100, sum % 100);
    auto& d = b.diags.emit(diag::WeightSum{.sum = text}, at);
    if (said != count)
      d.note(fmt::format("{} of {} destinations have no share", count - said, count), at);
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    uint32_t equal = static_cast<uint32_t>(10000 / count + (i < 10000 % count ? 1 : 0));
    pool.shares[i].weight = {said != 0 ? *written[i] : equal, pool.shares[i].upstream.at};
  }
  return true;
}

}  // namespace

std::optional<plan::UpstreamId> read_upstream(Building& b, Words& words, uint32_t file,
                                              std::vector<std::pair<FeatureId, Span>>& needs) {
  const Span at = words.peek().whole;
  std::optional<plan::UpstreamId> id;
  if (words.is("service")) {
    words.take();
    if (words.done()) {
      b.wrong_arguments("service", "service [NAMESPACE/]NAME:PORT [https]", at);
      return {};
    }
    auto value = words.next();
    auto service = value ? read_service(*value, b.diags) : std::nullopt;
    if (!service) return {};
    plan::Protocol protocol =
        !words.done() && words.skip("https") ? plan::Protocol::https : plan::Protocol::http;
    id = service_upstream(b, *service, protocol, file, value->use);
  } else {
    if (words.peek().has_call && words.peek().spelling != "secret") {
      b.diags.emit(
          diag::WrongType{.type = "a destination", .found = b.model.sources->text(at), .hint = ""},
          at);
      return {};
    }
    auto value = words.next();
    if (!value) return {};
    if (value->secret) return wrong_type(*value, "a destination", "", b.diags), std::nullopt;
    if (value->text.find(':') == std::string::npos) {
      model::DeclarationId named = b.named(model::Kind::upstream, *value);
      if (named == model::kNoDeclaration) return {};
      id = named_upstream(b, named, value->text);
    } else {
      auto endpoint = read_endpoint(*value, b.diags);
      if (!endpoint) return {};
      id = address_upstream(b, *endpoint, value->use);
    }
  }
  if (!id) return {};
  bool service = std::holds_alternative<plan::Service>(b.plan[*id].reach.peek());
  needs.emplace_back(service ? FeatureId::upstream_service : FeatureId::upstream_address, at);
  return id;
}

std::optional<Destination> read_destination(Building& b, model::Node node) {
  const syntax::Ast& ast = b.model.ast(node);
  const syntax::List& tail = b.model[node].tail;
  if (tail.groups.empty()) return {};
  for (uint32_t g = tail.groups.begin; g < tail.groups.end; ++g) {
    Words words(b.values, node.file, ast.groups[g].items, nullptr);
    bool respond = words.is("respond");
    if (!respond && !words.is("redirect")) continue;
    if (tail.groups.size() > 1) {
      b.diags.emit(diag::MixedAnswer{.word = respond ? "respond" : "redirect"}, ast.groups[g].span);
      return {};
    }
    words.take();
    return respond ? read_respond(b, words, ast.groups[g].span)
                   : read_redirect(b, words, ast.groups[g].span);
  }
  Destination result;
  plan::Pool pool;
  std::vector<std::optional<uint32_t>> weights;
  for (uint32_t g = tail.groups.begin; g < tail.groups.end; ++g) {
    Words words(b.values, node.file, ast.groups[g].items, nullptr);
    auto upstream = read_upstream(b, words, node.file, result.needs);
    if (!upstream) return {};
    pool.shares.push_back({{*upstream, ast.groups[g].span}, {}});
    weights.emplace_back();
    if (!words.done()) {
      auto value = words.next();
      weights.back() = value ? read_percent(*value, b.diags) : std::nullopt;
      if (!weights.back()) return {};
    }
    if (!words.done()) {
      b.wrong_arguments("a destination", "NAME|service NAME:PORT|HOST:PORT [N%], …",
                        words.peek().whole);
      return {};
    }
  }
  if (!weigh(b, pool, weights, tail.span)) return {};
  if (pool.shares.size() > 1) result.needs.emplace_back(FeatureId::pool, tail.span);
  result.answer = std::move(pool);
  return result;
}

}  // namespace sluice::sema
