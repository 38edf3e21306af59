// `sluice targets`: what each target says of each feature; `--markdown` is the README's matrix.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <vector>

#include "compiler/driver/commands.h"
#include "compiler/targets/target.h"

namespace sluice::driver {
namespace {

std::string_view word(Support support) {
  switch (support) {
    case Support::native:
      return "native";
    case Support::emulated:
      return "emulated";
    case Support::partial:
      return "partial";
    case Support::unsupported:
      return "—";
  }
  return {};
}

// `—` is one column wide and three bytes long.
std::string padded(std::string_view text, size_t width) {
  size_t shown = text == "—" ? 1 : text.size();
  return std::string(text) + std::string(width > shown ? width - shown : 0, ' ');
}

// A column a target, and one more for each of its words that changes what it can.
struct Column {
  std::string title;
  const Capabilities* capabilities;
};
std::vector<Column> columns() {
  std::vector<Column> result;
  for (const auto* target : targets::all_targets()) {
    result.push_back({std::string(target->facts.name), &target->facts.capabilities});
    for (const Variant& variant : target->facts.variants) {
      result.push_back(
          {fmt::format("{} {}", target->facts.name, variant.value), &variant.capabilities});
    }
  }
  return result;
}

void print_matrix(std::ostream& out) {
  const std::vector<Column> all = columns();
  size_t width = 0;
  for (const FeatureInfo& feature : features()) width = std::max(width, feature.doc.size());
  auto cell = [](const Column& column) { return std::max<size_t>(column.title.size(), 9); };
  out << padded("", width);
  for (const Column& column : all) out << "  " << padded(column.title, cell(column));
  out << "\n";
  for (size_t i = 0; i < features().size(); ++i) {
    out << padded(features()[i].doc, width);
    for (const Column& column : all) {
      out << "  "
          << padded(word((*column.capabilities)[static_cast<FeatureId>(i)].support), cell(column));
    }
    out << "\n";
  }
}

void print_markdown(std::ostream& out) {
  const std::vector<Column> all = columns();
  out << "| feature |";
  for (const Column& column : all) out << " " << column.title << " |";
  out << "\n|---|";
  for (size_t i = 0; i < all.size(); ++i) out << "---|";
  out << "\n";
  for (size_t i = 0; i < features().size(); ++i) {
    out << "| " << features()[i].doc << " |";
    for (const Column& column : all) {
      out << " " << word((*column.capabilities)[static_cast<FeatureId>(i)].support) << " |";
    }
    out << "\n";
  }
}

void print_notes(const Capabilities& capabilities, std::ostream& out) {
  for (size_t i = 0; i < features().size(); ++i) {
    const Capability& capability = capabilities[static_cast<FeatureId>(i)];
    out << fmt::format("{:<24} {}{}{}\n", features()[i].name, word(capability.support),
                       capability.note.empty() ? "" : ": ", capability.note);
  }
}

int print_one(const std::string& name, Terminal& terminal) {
  const targets::Target* target = targets::find_target(name);
  if (target == nullptr) {
    terminal.err << "sluice: no target `" << name << "`; `sluice targets` names them\n";
    return kUsage;
  }
  terminal.out << target->facts.name << ": " << target->facts.summary << "\n\n";
  print_notes(target->facts.capabilities, terminal.out);
  for (const Variant& variant : target->facts.variants) {
    terminal.out << "\nWith `" << variant.option << " " << variant.value << "`:\n";
    print_notes(variant.capabilities, terminal.out);
  }
  if (!target->facts.options.empty())
    terminal.out << "\nOptions in `target " << name << " { … }`:\n";
  for (const OptionRow& row : target->facts.options) {
    terminal.out << fmt::format("{:<24} {}\n", row.name, row.doc);
  }
  return kFine;
}

}  // namespace

Action setup_targets(CLI::App& app) {
  struct Words {
    std::string name;
    bool markdown = false;
  };
  auto words = std::make_shared<Words>();
  app.add_option("target", words->name, "One target, with its notes and options");
  app.add_flag("--markdown", words->markdown, "The matrix as Markdown");
  return [words](Terminal& terminal) {
    if (!words->name.empty()) return print_one(words->name, terminal);
    words->markdown ? print_markdown(terminal.out) : print_matrix(terminal.out);
    return static_cast<int>(kFine);
  };
}

}  // namespace sluice::driver
