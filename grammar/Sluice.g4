// The whole syntax of Sluice. It knows shapes, not meanings: which word may stand where, what its
// arguments are and what they mean is the schema's business. No keyword, predicate, action or mode.
grammar Sluice;

file      : line* EOF ;
line      : statement? NL ;

statement : list ( ( IS | TO ) list )? block? ;
list      : group ( COMMA NL* group )* ;             // a comma is the only thing that continues a line
group     : item+ ;
item      : NAME_IS? ( WORD call? | TEXT | RAW ) ;

call      : LPAREN NL* ( argument ( COMMA NL* argument )* )? RPAREN ;
argument  : item NL* ( IS NL* item NL* )? ;          // rate: rate, burst: int = 50, burst = 200, 100/m

block     : LBRACE ( statement | NL line* )? RBRACE ; // {}  { one statement }  or a statement a line

NL      : '\r'? '\n' ;
COMMENT : '#' ~[\r\n]* -> channel(HIDDEN) ;
BLANK   : [ \t]+ -> skip ;

LBRACE : '{' ;  RBRACE : '}' ;
LPAREN : '(' ;  RPAREN : ')' ;
COMMA  : ',' ;
IS     : '=' ;
TO     : '->' ;

NAME_IS : NAME ':' ;                                  // a parameter and its type; only `( )` and `param` use it
TEXT    : '"' ( ~["\\\r\n] | '\\' ~[\r\n] )* '"' ;    // escapes and ${} are read by a second, small scanner
RAW     : '`' ~[`]* '`' ;                             // no escapes, no ${}; may hold line ends

// Everything else without blanks is one word: names, hosts, addresses, URLs, paths, durations, sizes, rates, CIDRs,
// percentages, `@`, `*.x`. Its place decides its type. `=`, `?` and `#` belong to a word once it has a `/`;
// a `-` does only when the word goes on after it, so that `bi->superset` is three tokens.
WORD    : PLAIN+ ( LATER ( PLAIN | LATER | MARK )* )?
        | LATER ( PLAIN | LATER | MARK )* ;
STRAY   : . ;                                         // `;`, a lone `$`, quotes of another kind: one lexical error each

fragment PLAIN : '-'* ( ~[\u0000- {}(),;"'`=<>|\\$#/?\u007f-] | REF ) ;
fragment LATER : '-'* [/?] ;
fragment MARK  : '-'* [=#] ;
fragment REF   : '${' NAME ( '.' NAME )* '}' ;
fragment NAME  : [A-Za-z_] [A-Za-z0-9_-]* ;
