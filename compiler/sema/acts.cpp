#include "compiler/sema/acts.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/types.h"

namespace sluice::sema {

using model::DeclarationId;
using model::Kind;
using model::Node;

Layer ActReader::read(Node block) {
  Layer layer;
  for (uint32_t id : syntax::children(b_.model.ast(block), b_.model[block].first_child)) {
    statement({block.file, id}, nullptr, {}, layer);
  }
  return layer;
}

Layer ActReader::read(const std::vector<Node>& statements) {
  Layer layer;
  for (Node node : statements) statement(node, nullptr, {}, layer);
  return layer;
}

void ActReader::statement(Node node, const Frame* frame, const std::vector<GroupRef>& groups,
                          Layer& out) {
  const syntax::Statement& s = b_.model[node];
  if (s.sign != syntax::Sign::none || s.head.groups.empty()) return;
  std::string_view word = word_of(b_.model.ast(node), node.statement);
  if (word == "use") return use(node, frame, groups, out);
  if (word == "without") {
    for (const Value& value : b_.list(node, frame)) {
      DeclarationId id = b_.named(Kind::middleware, value);
      if (id != model::kNoDeclaration) out.without.emplace_back(id, value.use);
    }
    return;
  }
  bool edit = word == "request" || word == "response";
  std::string_view realm =
      groups.empty() ? std::string_view("restricted") : groups.back()->qualified;
  std::optional<Act> act = edit ? read_edit(b_, node, frame) : read_guard(b_, node, frame, realm);
  if (!act) return;
  act->groups = groups;
  out.acts.push_back(std::move(*act));
}

void ActReader::use(Node node, const Frame* frame, const std::vector<GroupRef>& groups,
                    Layer& out) {
  const syntax::Ast& ast = b_.model.ast(node);
  const syntax::List& head = b_.model[node].head;
  for (uint32_t g = head.groups.begin; g < head.groups.end; ++g) {
    const syntax::Range items = ast.groups[g].items;
    expand(node.file, ast.items[items.end - 1], frame, groups, out);
  }
}

void ActReader::expand(uint32_t file, const syntax::Item& item, const Frame* frame,
                       const std::vector<GroupRef>& groups, Layer& out) {
  Values names;
  if (item.has_call)
    names.push_back({std::string(item.spelling), item.span, item.span, nullptr});
  else
    b_.values.append(file, item, frame, names);
  for (const Value& name : names) {
    DeclarationId id = b_.named(Kind::middleware, name);
    if (id == model::kNoDeclaration) continue;
    const model::Declaration& middleware = b_.model.declarations[id];
    for (const GroupRef& group : groups) {
      if (group->middleware != id) continue;
      b_.diags.emit(diag::MiddlewareCycle{.name = name.text}, name.use)
          .note("declared here", middleware.at);
      return;
    }
    auto group = std::make_shared<Group>();
    group->middleware = id;
    group->qualified = name.text;
    Frame bound;
    std::string arguments;
    if (!bind(file, item, frame, middleware, bound, arguments)) continue;
    group->object = dashed(name.text);
    if (!arguments.empty()) group->object += '-' + hash8(arguments);
    group->identity = fmt::format("{}({})", id, arguments);
    std::vector<GroupRef> inner = groups;
    inner.push_back(group);
    if (groups.empty()) out.uses.emplace_back(id, name.use);
    size_t first = out.acts.size();
    const syntax::Ast& ast = b_.model.ast(middleware.node);
    for (uint32_t child : syntax::children(ast, b_.model[middleware.node].first_child)) {
      statement({middleware.node.file, child}, &bound, inner, out);
    }
    bool edits = false;
    for (size_t i = first; i < out.acts.size(); ++i) {
      if (out.acts[i].groups.back() != group) continue;
      if (std::holds_alternative<EditAct>(out.acts[i].what))
        edits = true;
      else
        ++group->policies;
    }
    group->policies += edits;
  }
}

bool ActReader::bind(uint32_t file, const syntax::Item& call, const Frame* caller,
                     const model::Declaration& middleware, Frame& frame, std::string& arguments) {
  const syntax::Ast& ast = b_.model.files[file].ast;
  const syntax::Ast& home = b_.model.ast(middleware.node);
  const syntax::Range items = home.groups[b_.model[middleware.node].head.groups.begin].items;
  const syntax::Range parameters = home.items[items.begin + 1].arguments;
  auto fail = [&](std::string why, Span at) {
    b_.diags.emit(diag::BadCall{.name = middleware.name, .why = std::move(why)}, at)
        .note("declared here", middleware.at);
    return false;
  };
  auto name_of = [&](uint32_t i) {
    const syntax::Item& left = home.items[home.arguments[i].left];
    return left.label.empty() ? left.spelling : left.label;
  };
  std::vector<std::optional<Values>> given(parameters.size());
  uint32_t position = 0;
  bool named = false;
  for (uint32_t i = call.arguments.begin; call.has_call && i < call.arguments.end; ++i) {
    const syntax::Argument& argument = ast.arguments[i];
    const syntax::Item& left = ast.items[argument.left];
    uint32_t index = position;
    if (argument.right != syntax::kNone) {
      named = true;
      index = 0;
      while (index < given.size() && name_of(parameters.begin + index) != left.spelling) ++index;
      if (index == given.size())
        return fail(fmt::format("it has no parameter `{}`", left.spelling), left.whole);
    } else if (named) {
      return fail("arguments without a name come first", argument.span);
    } else if (position++; index >= given.size()) {
      return fail(given.empty() ? std::string("it takes no arguments")
                                : fmt::format("it takes {} argument{}", given.size(),
                                              given.size() == 1 ? "" : "s"),
                  argument.span);
    }
    if (given[index])
      return fail(fmt::format("`{}` is given twice", name_of(parameters.begin + index)),
                  argument.span);
    Values values;
    if (!b_.values.append(
            file, ast.items[argument.right == syntax::kNone ? argument.left : argument.right],
            caller, values))
      return false;
    given[index] = std::move(values);
  }
  for (uint32_t i = 0; i < given.size(); ++i) {
    const syntax::Argument& parameter = home.arguments[parameters.begin + i];
    const syntax::Item& left = home.items[parameter.left];
    bool default_value = !given[i];
    if (default_value) {
      if (parameter.right == syntax::kNone)
        return fail(fmt::format("`{}` is missing", name_of(parameters.begin + i)), call.whole);
      if (!b_.values.append(middleware.node.file, home.items[parameter.right], nullptr,
                            given[i].emplace()))
        return false;
    }
    for (const Value& value : *given[i]) {
      if (!left.label.empty() && !check_type(left.spelling, value, b_.model, b_.diags))
        return false;
      if (!default_value)
        arguments += fmt::format("{}={},", name_of(parameters.begin + i),
                                 value.secret ? value.secret->name : value.text);
    }
    frame.values.emplace_back(name_of(parameters.begin + i), std::move(*given[i]));
  }
  return true;
}

}  // namespace sluice::sema
