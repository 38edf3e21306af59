#include "compiler/sema/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/nearest.h"
#include "compiler/sema/std_modules.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/text.h"

namespace sluice::sema {
namespace {

class Loader {
 public:
  Loader(SourceMap& sources, const model::Files& files, model::Model& model, diag::Sink& diags)
      : sources_(sources), files_(files), model_(model), diags_(diags) {}

  void run(const std::string& entry) {
    std::vector<std::string> paths = project_files(entry);
    std::vector<uint32_t> project;
    for (const std::string& path : paths) {
      if (auto file = read(path, path.substr(root_.size()))) project.push_back(*file);
    }
    for (size_t i = 0; i < model_.files.size(); ++i) follow_imports(static_cast<uint32_t>(i));
    model_.scopes.resize(1);
    for (uint32_t i = 0; i < model_.files.size(); ++i) {
      if (!states_[i].module) continue;
      model_.files[i].scope = static_cast<uint32_t>(model_.scopes.size());
      model_.scopes.emplace_back();
    }
    for (uint32_t i = 0; i < model_.files.size(); ++i) {
      for (const Edge& edge : states_[i].edges) {
        model_.files[i].imports.push_back({edge.alias, edge.at, model_.files[edge.file].scope});
      }
    }
    for (uint32_t i = 0; i < model_.files.size(); ++i) find_cycle(i);
  }

 private:
  struct Edge {
    uint32_t file;
    std::string_view alias;
    Span at;
  };
  struct State {
    bool module = false;
    std::string within;  // the path inside the project, "std/…" for the library
    std::vector<Edge> edges;
    uint8_t visit = 0;  // 1 on the way, 2 done
  };

  std::vector<std::string> project_files(const std::string& entry) {
    if (!files_.is_folder(entry)) {
      size_t slash = entry.rfind('/');
      root_ = slash == std::string::npos ? "" : entry.substr(0, slash + 1);
      return {entry};
    }
    auto listed = files_.list(entry);
    if (!listed) {
      diags_.emit(diag::SourceNotRead{.path = entry, .why = listed.error().message}, {});
      return {};
    }
    std::sort(listed->begin(), listed->end());
    root_ = entry.ends_with('/') ? entry : entry + '/';
    if (listed->empty())
      diags_.emit(diag::SourceNotRead{.path = entry, .why = "it holds no .sluice file"}, {});
    return *listed;
  }

  std::optional<uint32_t> add(std::string path, std::string within, std::string text) {
    SourceId source = sources_.add(std::move(path), std::move(text));
    uint32_t id = static_cast<uint32_t>(model_.files.size());
    known_.emplace(within, id);
    model_.files.push_back({source, 0, syntax::parse(sources_, source, diags_), {}, {}});
    model_.file_of_source.emplace(source, id);
    states_.push_back({false, std::move(within), {}, 0});
    return id;
  }

  std::optional<uint32_t> read(const std::string& path, const std::string& within) {
    auto text = files_.read(path);
    if (text) return add(path, within, std::move(*text));
    diags_.emit(diag::SourceNotRead{.path = path, .why = text.error().message}, {});
    return {};
  }

  // The path inside the project that `path` names from the folder of `from`; nothing when it leads
  // outside.
  static std::optional<std::string> join(std::string_view from, std::string_view path) {
    std::vector<std::string_view> parts;
    auto walk = [&](std::string_view text) {
      for (size_t at = 0; at <= text.size();) {
        size_t end = std::min(text.find('/', at), text.size());
        std::string_view part = text.substr(at, end - at);
        if (part == ".." && parts.empty()) return false;
        if (part == "..")
          parts.pop_back();
        else if (!part.empty() && part != ".")
          parts.push_back(part);
        at = end + 1;
      }
      return true;
    };
    size_t slash = from.rfind('/');
    walk(slash == std::string_view::npos ? "" : from.substr(0, slash));
    if (path.starts_with('/') || !walk(path)) return {};
    return fmt::format("{}.sluice", fmt::join(parts, "/"));
  }

  void follow_imports(uint32_t file) {
    for (uint32_t id = model_.files[file].ast.first; id != syntax::kNone;
         id = model_.files[file].ast.statements[id].next) {
      const syntax::Ast& ast = model_.files[file].ast;
      const syntax::List& head = ast.statements[id].head;
      if (head.groups.size() != 1) continue;
      const syntax::Range items = ast.groups[head.groups.begin].items;
      if (items.size() < 2 || ast.items[items.begin].spelling != "import") continue;
      import(file, items);
    }
  }

  void import(uint32_t file, syntax::Range items) {
    const syntax::Item path_item = model_.files[file].ast.items[items.begin + 1];
    std::string_view alias;
    Span at = path_item.span;
    bool named =
        items.size() == 4 && model_.files[file].ast.items[items.begin + 2].spelling == "as";
    if (items.size() != 2 && !named) {
      diags_.emit(diag::WrongArguments{.word = "import",
                                       .shape = "import \"std/NAME\"|\"./PATH\" [as NAME]"},
                  at);
      return;
    }
    std::string path;
    for (const syntax::Piece& piece : syntax::read_pieces(path_item, diags_)) path += piece.literal;
    auto target = find_module(file, path, at);
    if (!target) return;
    if (*target == file) {
      diags_.emit(diag::ImportCycle{.path = sources_.path(model_.files[file].source)}, at);
      return;
    }
    if (named)
      alias = model_.files[file].ast.items[items.begin + 3].spelling;
    else {
      size_t slash = sources_.text(at).rfind('/');
      alias = sources_.text(at).substr(slash + 1);
      while (!alias.empty() && (alias.back() == '"' || alias.back() == '`')) alias.remove_suffix(1);
    }
    for (const Edge& edge : states_[file].edges) {
      if (edge.alias != alias) continue;
      diags_.emit(diag::DeclaredTwice{.kind = "import", .name = alias}, at)
          .note("it stands for this one already", edge.at)
          .help("write `as NAME` behind one of them");
      return;
    }
    states_[*target].module = true;
    states_[file].edges.push_back({*target, alias, at});
  }

  std::optional<uint32_t> find_module(uint32_t file, const std::string& path, Span at) {
    if (path.starts_with("std/")) {
      if (auto known = known_.find(path); known != known_.end()) return known->second;
      model::Nearest nearest(std::string_view(path).substr(4));
      for (const StdModule& module : std_modules()) {
        if (module.name == path.substr(4)) return add(path, path, std::string(module.text));
        nearest.offer(module.name);
      }
      std::string near = nearest.best().empty() ? "" : fmt::format("std/{}", nearest.best());
      diags_.emit(
          diag::ImportNotFound{
              .path = path, .why = "the library has no such module", .suggestion = near},
          at);
      return {};
    }
    if (!path.starts_with("./") && !path.starts_with("../")) {
      std::string near = path.empty() || path.starts_with('/') ? "" : "./" + path;
      if (path.starts_with('/'))
        diags_.emit(diag::ImportOutside{.path = path}, at);
      else
        diags_.emit(
            diag::ImportNotFound{
                .path = path, .why = "a module is \"std/NAME\" or \"./NAME\"", .suggestion = near},
            at);
      return {};
    }
    std::string stem = path.ends_with(".sluice") ? path.substr(0, path.size() - 7) : path;
    std::string_view within = states_[file].within;
    auto joined = within.starts_with("std/") ? std::nullopt : join(within, stem);
    if (!joined) {
      diags_.emit(diag::ImportOutside{.path = path}, at);
      return {};
    }
    if (auto known = known_.find(*joined); known != known_.end()) return known->second;
    auto text = files_.read(root_ + *joined);
    if (text) return add(root_ + *joined, *joined, std::move(*text));
    diags_.emit(diag::ImportNotFound{.path = path, .why = text.error().message, .suggestion = ""},
                at);
    return {};
  }

  void find_cycle(uint32_t file) {
    if (states_[file].visit == 2) return;
    states_[file].visit = 1;
    for (const Edge& edge : states_[file].edges) {
      if (states_[edge.file].visit == 1) {
        diags_.emit(diag::ImportCycle{.path = sources_.path(model_.files[edge.file].source)},
                    edge.at);
      } else {
        find_cycle(edge.file);
      }
    }
    states_[file].visit = 2;
  }

  SourceMap& sources_;
  const model::Files& files_;
  model::Model& model_;
  diag::Sink& diags_;
  std::string root_;
  std::map<std::string, uint32_t> known_;  // by path inside the project
  std::vector<State> states_;              // by file
};

}  // namespace

void load(SourceMap& sources, const model::Files& files, const std::string& entry,
          model::Model& model, diag::Sink& diags) {
  model.sources = &sources;
  Loader(sources, files, model, diags).run(entry);
}

}  // namespace sluice::sema
