// What a block does to requests: its guards and header edits, with those of the middleware it uses,
// resolved to values. The chain of a route is composed of the acts of the blocks around it
// (chains.h).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/sema/building.h"

namespace sluice::sema {

// A use of a middleware with certain arguments.
struct Group {
  model::DeclarationId middleware;
  std::string qualified;  // as used: "security.headers"
  std::string object;     // dashed, with a hash of the arguments where there are any
  std::string identity;   // declaration and arguments: the same twice acts once
  size_t policies = 0;    // how many policies its own block makes
};
using GroupRef = std::shared_ptr<Group>;

struct EditAct {
  bool response = false;
  plan::HeaderEdit edit;
};
struct Act {
  std::variant<plan::Action, EditAct> what;
  FeatureId feature;
  Span at;
  std::vector<GroupRef>
      groups;  // that brought it, outermost first; empty: written in the block itself
};

// The acts of one block, in written order, and what it takes off.
struct Layer {
  std::vector<Act> acts;
  std::vector<std::pair<model::DeclarationId, Span>> without;
  std::vector<std::pair<model::DeclarationId, Span>> uses;
};

class ActReader {
 public:
  explicit ActReader(Building& b) : b_(b) {}
  Layer read(model::Node block);                           // a zone, host, route
  Layer read(const std::vector<model::Node>& statements);  // a site's

 private:
  void statement(model::Node node, const Frame* frame, const std::vector<GroupRef>& groups,
                 Layer& out);
  void use(model::Node node, const Frame* frame, const std::vector<GroupRef>& groups, Layer& out);
  void expand(uint32_t file, const syntax::Item& item, const Frame* frame,
              const std::vector<GroupRef>& groups, Layer& out);
  bool bind(uint32_t file, const syntax::Item& call, const Frame* caller,
            const model::Declaration& middleware, Frame& frame, std::string& arguments);

  Building& b_;
};

// One guard statement: allow_ips, rate_limit, basic_auth…; nothing after an error, or for another
// word. `realm` is what basic_auth says when nothing is written.
std::optional<Act> read_guard(Building& b, model::Node node, const Frame* frame,
                              std::string_view realm);
// `request|response set|add|remove NAME ["value"]`.
std::optional<Act> read_edit(Building& b, model::Node node, const Frame* frame);

}  // namespace sluice::sema
