#include "compiler/sema/expectations.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/schema.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"
#include "compiler/sema/words.h"

namespace sluice::sema {
namespace {

using model::Node;

class Reader {
 public:
  Reader(SiteScope& scope, Node node, const std::vector<const plan::Plan*>& hops, diag::Sink& diags)
      : scope_(scope),
        model_(scope.model()),
        node_(node),
        hops_(hops),
        diags_(diags),
        words_(cursor()) {
    result_.at = model_[node].span;
  }

  std::optional<Expectation> run() {
    bool right = false;
    if (words_.done()) return shape();
    if (words_.skip("upstream"))
      right = upstream();
    else if (words_.skip("status"))
      right = status();
    else if (words_.skip("redirect"))
      right = redirect();
    else if (words_.skip("path"))
      right = text(ExpectKind::path, "a path");
    else if (words_.skip("header"))
      right = header(ExpectKind::header);
    else if (words_.skip("upstream_header"))
      right = header(ExpectKind::upstream_header);
    else if (words_.skip("certificate"))
      right = certificate();
    else if (words_.skip("middleware"))
      right = middleware(ExpectKind::middleware);
    else if (words_.skip("no") && words_.skip("middleware"))
      right = middleware(ExpectKind::no_middleware);
    else if (words_.skip("refused"))
      result_.kind = ExpectKind::refused, right = true;
    else
      return shape();
    if (!right) return {};
    if (!words_.done()) return shape();
    return std::move(result_);
  }

 private:
  Words cursor() {
    syntax::Range items = model_.ast(node_).groups[model_[node_].head.groups.begin].items;
    ++items.begin;
    return {scope_.values(), node_.file, items, nullptr};
  }
  std::optional<Expectation> shape() {
    Span at = words_.done() ? model_[node_].span : words_.peek().whole;
    diags_.emit(diag::WrongArguments{.word = "expect",
                                     .shape = find_row(model::Block::test, "expect")->shape},
                at);
    return {};
  }
  std::optional<Value> value() {
    if (words_.done()) return shape(), std::nullopt;
    auto read = words_.next();
    if (read && read->secret) return wrong_type(*read, "text", "", diags_), std::nullopt;
    return read;
  }
  bool text(ExpectKind kind, std::string_view what) {
    result_.kind = kind;
    auto read = value();
    if (!read) return false;
    if (!read->text.starts_with('/')) return wrong_type(*read, what, "", diags_), false;
    result_.text = read->text;
    return true;
  }
  bool status() {
    result_.kind = ExpectKind::status;
    auto read = value();
    auto code = read ? read_int(*read, 100, 599, diags_) : std::nullopt;
    result_.code = static_cast<uint16_t>(code.value_or(0));
    return code.has_value();
  }
  bool redirect() {
    result_.kind = ExpectKind::redirect;
    auto first = value();
    if (!first) return false;
    if (first->text.find_first_not_of("0123456789") == std::string::npos) {
      auto code = read_int(*first, 300, 399, diags_);
      if (!code) return false;
      result_.code = static_cast<uint16_t>(*code);
      first = value();
      if (!first) return false;
    }
    if (!first->text.starts_with('/') && !read_url(*first, diags_)) return false;
    result_.text = first->text;
    return true;
  }
  bool header(ExpectKind kind) {
    result_.kind = kind;
    auto name = value();
    auto read = name ? read_header_name(*name, diags_) : std::nullopt;
    if (!read) return false;
    result_.name = *read;
    if (words_.done()) return shape(), false;
    if (words_.skip("present"))
      result_.header = HeaderTest::present;
    else if (words_.skip("absent"))
      result_.header = HeaderTest::absent;
    else {
      auto said = value();
      if (!said) return false;
      result_.text = said->text;
    }
    return true;
  }
  bool middleware(ExpectKind kind) {
    result_.kind = kind;
    auto read = value();
    if (!read) return false;
    auto file = model_.file_of_source.find(read->at.source);
    uint32_t in = file == model_.file_of_source.end() ? node_.file : file->second;
    if (model_.lookup(in, model::Kind::middleware, read->text) == model::kNoDeclaration) {
      unknown_name(model_, in, model::Kind::middleware, read->text, read->use, diags_);
      return false;
    }
    result_.text = read->text;
    return true;
  }

  // The name of a `certificate` block, or of the object.
  bool certificate() {
    result_.kind = ExpectKind::certificate;
    auto read = value();
    if (!read) return false;
    result_.text = read->text;
    model::DeclarationId id = model_.lookup(node_.file, model::Kind::certificate, read->text);
    if (id != model::kNoDeclaration) {
      Node declared = model_.declarations[id].node;
      uint32_t secret = find_child(model_.ast(declared), declared.statement, "secret");
      if (secret != syntax::kNone) {
        const syntax::Range items =
            model_.ast(declared).groups[model_[{declared.file, secret}].head.groups.begin].items;
        auto name = scope_.values().one(declared.file, model_.ast(declared).items[items.end - 1]);
        if (!name) return false;
        result_.text = name->text;
      }
    }
    for (const plan::Plan* hop : hops_) {
      for (const plan::Certificate& other : hop->certificates) {
        if (other.object == result_.text) return true;
      }
    }
    diags_
        .emit(diag::TestShape{.why = fmt::format("its host is served with no certificate `{}`",
                                                 read->text)},
              read->use)
        .note(fmt::format("asked at the site `{}`", hops_.front()->site.name));
    return false;
  }

  bool upstream() {
    result_.kind = ExpectKind::upstream;
    if (words_.done()) return shape(), false;
    const plan::Plan& last = *hops_.back();
    const Span at = words_.peek().whole;
    std::string said;
    if (words_.skip("service")) {
      auto read = value();
      auto service = read ? read_service(*read, diags_) : std::nullopt;
      if (!service) return false;
      for (const plan::Upstream& other : last.upstreams) {
        bool same = other.service && other.service->name == service->name &&
                    other.service->port == service->port &&
                    (!service->name_space || other.service->name_space == *service->name_space);
        if (same) result_.values.push_back(other.object);
      }
      said = "service " + read->text;
      if (!words_.done()) words_.skip("https");
    } else {
      auto read = value();
      if (!read) return false;
      said = read->text;
      bool address = said.find(':') != std::string::npos;
      auto endpoint = address ? read_endpoint(*read, diags_) : std::nullopt;
      if (address && !endpoint) return false;
      for (const plan::Upstream& other : last.upstreams) {
        const auto* members = std::get_if<std::vector<plan::Member>>(&other.reach.peek());
        bool same = address ? members != nullptr && members->size() == 1 && !other.service &&
                                  members->front().host == endpoint->member.host &&
                                  members->front().port == endpoint->member.port
                            : other.written == said;
        if (same) result_.values.push_back(other.object);
      }
    }
    result_.text = said;
    if (!result_.values.empty()) return true;
    // The same at several sites is one mistake, so the site stands in a note.
    diags_.emit(diag::TestShape{.why = fmt::format("no route goes to `{}`", said)}, at)
        .note(fmt::format("asked at the site `{}`", last.site.name));
    return false;
  }

  SiteScope& scope_;
  const model::Model& model_;
  Node node_;
  const std::vector<const plan::Plan*>& hops_;
  diag::Sink& diags_;
  Words words_;
  Expectation result_;
};

}  // namespace

std::optional<Expectation> read_expectation(SiteScope& scope, Node node,
                                            const std::vector<const plan::Plan*>& hops,
                                            diag::Sink& diags) {
  return Reader(scope, node, hops, diags).run();
}

}  // namespace sluice::sema
