#include "compiler/sema/evaluate.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/nearest.h"
#include "compiler/sema/types.h"
#include "compiler/syntax/text.h"

namespace sluice::sema {

using model::DeclarationId;
using model::Kind;

Evaluator::Evaluator(const model::Model& model, diag::Sink& diags)
    : model_(model), diags_(diags), memo_(model.declarations.size()) {
  for (size_t i = 0; i < memo_.size(); ++i) memo_[i].from = model.declarations[i].node;
}

void Evaluator::set(DeclarationId value, model::Node statement) { memo_[value].from = statement; }

const Values* Evaluator::value(DeclarationId id, Span use) {
  Memo& memo = memo_[id];
  const model::Declaration& declared = model_.declarations[id];
  if (memo.progress == Progress::done) return &memo.values;
  if (memo.progress == Progress::failed) return nullptr;
  if (memo.progress == Progress::running) {
    diags_.emit(diag::ValueCycle{.name = declared.name}, declared.at).note("and read here", use);
    memo.progress = Progress::failed;
    return nullptr;
  }
  memo.progress = Progress::running;
  size_t before = diags_.errors();
  const syntax::Ast& ast = model_.ast(memo.from);
  const syntax::List& tail = model_[memo.from].tail;
  Values values;
  bool right = true;
  for (uint32_t g = tail.groups.begin; g < tail.groups.end; ++g) {
    const syntax::Range items = ast.groups[g].items;
    if (items.size() != 1) {
      diags_.emit(diag::WrongArguments{.word = "a value", .shape = "V, V"}, ast.groups[g].span)
          .help("put quotes around a value with blanks");
      continue;
    }
    right = append(memo.from.file, ast.items[items.begin], nullptr, values) && right;
  }
  for (const Value& one : values) {
    if (!declared.type.empty() && !check_type(declared.type, one, model_, diags_)) break;
  }
  if (!right || memo.progress == Progress::failed || diags_.errors() != before) {
    memo.progress = Progress::failed;
    return nullptr;
  }
  memo.values = std::move(values);
  memo.progress = Progress::done;
  return &memo.values;
}

const Values* Evaluator::find(uint32_t file, std::string_view name, const Frame* frame, Span use) {
  for (const Frame* at = frame; at != nullptr; at = at->outer) {
    for (const auto& [key, values] : at->values) {
      if (key == name) return &values;
    }
  }
  DeclarationId id = model_.lookup(file, Kind::value, name);
  if (id != model::kNoDeclaration) return value(id, use);
  model::Nearest nearest(name);
  for (const Frame* at = frame; at != nullptr; at = at->outer) {
    for (const auto& [key, values] : at->values) nearest.offer(key);
  }
  for (const auto& [key, other] :
       model_.scopes[model_.files[file].scope].names[static_cast<size_t>(Kind::value)]) {
    nearest.offer(key);
  }
  diags_.emit(diag::NoValue{.name = name, .suggestion = nearest.best()}, use);
  return nullptr;
}

namespace {

// `secret("name", key = k)`.
std::shared_ptr<const SecretRef> read_secret(Evaluator& evaluator, uint32_t file,
                                             const syntax::Item& item, const Frame* frame) {
  const syntax::Ast& ast = evaluator.model().files[file].ast;
  auto result = std::make_shared<SecretRef>();
  bool named = false;
  for (uint32_t i = item.arguments.begin; i < item.arguments.end; ++i) {
    const syntax::Argument& argument = ast.arguments[i];
    const syntax::Item& left = ast.items[argument.left];
    bool is_key = argument.right != syntax::kNone;
    if ((is_key && left.spelling != "key") || (!is_key && named)) {
      evaluator.diags().emit(
          diag::WrongArguments{.word = "secret", .shape = "secret(\"NAME\"[, key = KEY])"},
          argument.span);
      return nullptr;
    }
    auto value = evaluator.one(file, is_key ? ast.items[argument.right] : left, frame);
    if (!value) return nullptr;
    if (value->secret) return wrong_type(*value, "a name", "", evaluator.diags()), nullptr;
    if (is_key)
      result->key = value->text;
    else
      result->name = value->text, named = true;
  }
  if (!named || result->name.empty() || result->name.find_first_of("/ \n") != std::string::npos) {
    evaluator.diags().emit(
        diag::WrongArguments{.word = "secret", .shape = "secret(\"NAME\"[, key = KEY])"},
        item.whole);
    return nullptr;
  }
  return result;
}

}  // namespace

bool Evaluator::append(uint32_t file, const syntax::Item& item, const Frame* frame, Values& out) {
  if (item.has_call) {
    if (item.kind == syntax::ItemKind::word && item.spelling == "secret") {
      auto secret = read_secret(*this, file, item, frame);
      if (secret) out.push_back({"", item.whole, item.whole, secret});
      return secret != nullptr;
    }
    diags_.emit(
        diag::WrongType{.type = "a value", .found = model_.sources->text(item.whole), .hint = ""},
        item.whole);
    return false;
  }
  if (!item.label.empty()) {
    diags_
        .emit(
            diag::WrongType{
                .type = "a value", .found = model_.sources->text(item.whole), .hint = ""},
            item.whole)
        .help("`:` gives a type, in declarations only");
    return false;
  }
  if (auto plain = syntax::plain(item)) {
    out.push_back({std::string(*plain), item.span, item.span, nullptr});
    return true;
  }
  size_t before = diags_.errors();
  std::vector<syntax::Piece> pieces = syntax::read_pieces(item, diags_);
  if (diags_.errors() != before) return false;
  auto read = [&](const syntax::Piece& piece, Span use) {
    std::string name(piece.name);
    if (!piece.field.empty()) name.append(".").append(piece.field);
    return find(file, name, frame, use);
  };
  if (syntax::is_single_reference(item) && pieces.size() == 1) {
    const Values* values = read(pieces[0], item.span);
    if (values == nullptr) return false;
    for (const Value& value : *values) {
      out.push_back(value);
      out.back().use = item.span;
    }
    return true;
  }
  Value result{"", item.span, item.span, nullptr};
  for (const syntax::Piece& piece : pieces) {
    if (!piece.is_reference) {
      result.text += piece.literal;
      continue;
    }
    const Values* values = read(piece, piece.span);
    if (values == nullptr) return false;
    if (values->size() != 1) {
      diags_.emit(diag::NotOne{.count = std::to_string(values->size())}, piece.span);
      return false;
    }
    if (values->front().secret) {
      diags_.emit(diag::SecretAsText{.name = values->front().secret->name}, piece.span)
          .note("the secret is named here", values->front().at);
      return false;
    }
    result.text += values->front().text;
  }
  out.push_back(std::move(result));
  return true;
}

std::optional<Value> Evaluator::one(uint32_t file, const syntax::Item& item, const Frame* frame) {
  Values values;
  if (!append(file, item, frame, values)) return {};
  if (values.size() == 1) return std::move(values.front());
  diags_.emit(diag::NotOne{.count = std::to_string(values.size())}, item.whole);
  return {};
}

}  // namespace sluice::sema
