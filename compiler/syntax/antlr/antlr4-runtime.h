// What ANTLR's generated files include by this name, in place of the runtime's own header of that
// name, for two reasons. That one pulls in the whole runtime (three times the compile time, and
// clang 14 refuses one of its files). And the generated parser asks its base class for a context
// object a rule, virtual calls a token and bookkeeping for trees and adaptive prediction; with a
// pure LL(1) grammar and no tree all that is unused, and ParserBase hides the members that do it by
// lean ones: 45 ms become 18 for 350,000 tokens. Invariant: contexts live as long as their rule
// runs, so they are kept on a stack.
#pragma once

#include <ANTLRErrorStrategy.h>
#include <CharStream.h>
#include <FailedPredicateException.h>
#include <InputMismatchException.h>
#include <Lexer.h>
#include <NoViableAltException.h>
#include <Parser.h>
#include <ParserRuleContext.h>
#include <TokenStream.h>
#include <Vocabulary.h>
#include <atn/ATN.h>
#include <atn/ATNDeserializer.h>
#include <atn/LexerATNSimulator.h>
#include <atn/ParserATNSimulator.h>
#include <atn/PredictionContext.h>
#include <dfa/DFA.h>
#include <support/CPPUtils.h>
#include <tree/TerminalNode.h>

#include <memory>
#include <vector>

namespace sluice::syntax {

// The type of the next token is all that the generated parser looks at.
class NextType : public antlr4::TokenStream {
 public:
  size_t LA(ssize_t) final { return next_type_; }

 protected:
  size_t next_type_ = 0;
};

class ErrorStrategy : public antlr4::ANTLRErrorStrategy {
 public:
  void reset(antlr4::Parser*) final {}
  void reportMatch(antlr4::Parser*) final {}
  void reportError(antlr4::Parser*, const antlr4::RecognitionException&) final {}
  bool inErrorRecoveryMode(antlr4::Parser*) final { return active_; }
  void sync(antlr4::Parser* parser) final {
    if (active_) resync(parser);
  }

 protected:
  virtual void resync(antlr4::Parser* parser) = 0;
  bool active_ = false;  // between a mistake and the place from which the parse goes on
};

class ParserBase : public antlr4::Parser {
 public:
  explicit ParserBase(antlr4::TokenStream* input)
      : Parser(input), _input(static_cast<NextType*>(input)) {}
  void set_strategy(ErrorStrategy* strategy) { _errHandler = strategy; }

 protected:
  // The generated code says these names, which are the runtime's.
  struct Contexts {
    template <class Context, class... Args>
    Context* createInstance(Args&&... args) {
      static_assert(sizeof(Context) == sizeof(antlr4::ParserRuleContext));
      if (depth == slots.size()) slots.push_back(std::make_unique<Slot>());
      return new (slots[depth++].get()) Context(args...);
    }
    struct alignas(antlr4::ParserRuleContext) Slot {
      std::byte bytes[sizeof(antlr4::ParserRuleContext)];
    };
    std::vector<std::unique_ptr<Slot>> slots;
    size_t depth = 0;
  };

  void enterRule(antlr4::ParserRuleContext* context, size_t, size_t) final { _ctx = context; }
  void enterOuterAlt(antlr4::ParserRuleContext*, size_t) final {}
  void exitRule() {
    auto* context = _ctx;
    _ctx = static_cast<antlr4::ParserRuleContext*>(context->parent);
    context->~ParserRuleContext();
    --_tracker.depth;
  }
  void setState(size_t) {}
  antlr4::Token* consume() final {
    _input->consume();
    return nullptr;
  }
  antlr4::Token* match(size_t type) final {
    return _input->LA(1) == type ? consume() : _errHandler->recoverInline(this);
  }

  Contexts _tracker;
  NextType* _input;
  ErrorStrategy* _errHandler = nullptr;
};

}  // namespace sluice::syntax
