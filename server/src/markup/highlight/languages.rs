//! The languages whose words have colours. What matters is what readers look for: keywords, texts, comments.

/// How the words of a language are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Usual,
    /// A quotation mark before a word may be a lifetime.
    Lifetimes,
    /// What stands before a colon or an equals sign is a name.
    Keys,
    /// Text with tags.
    Tags,
    /// Lines that were added and taken out.
    Changes,
}

/// What is known of a language.
#[derive(Debug)]
pub(super) struct Language {
    /// What people write behind the fence.
    names: &'static [&'static str],
    pub(super) style: Style,
    pub(super) keywords: &'static str,
    pub(super) types: &'static str,
    pub(super) capitals_are_types: bool,
    pub(super) ignores_case: bool,
    pub(super) line_comments: &'static [&'static str],
    pub(super) comment: Option<(&'static str, &'static str)>,
    /// Marks around texts of one line (a backtick's may have several).
    pub(super) texts: &'static str,
    /// Marks around texts of several lines.
    pub(super) long_texts: &'static [&'static str],
    /// Marks before names.
    pub(super) marks: &'static str,
    /// What may stand in words besides letters, digits and `_`.
    pub(super) in_words: &'static str,
}

/// Words that are values nearly everywhere.
pub(super) const VALUES: &str =
    "true false null nil none None True False undefined NaN Infinity NULL TRUE FALSE nullptr";

/// A language by one of its names.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    LANGUAGES.iter().find(|language| language.names.contains(&name.as_str()))
}

const C_LIKE: Language = Language {
    names: &[],
    style: Style::Usual,
    keywords: "",
    types: "",
    capitals_are_types: true,
    ignores_case: false,
    line_comments: &["//"],
    comment: Some(("/*", "*/")),
    texts: "\"'",
    long_texts: &[],
    marks: "@",
    in_words: "",
};

const SCRIPT: Language = Language { line_comments: &["#"], comment: None, ..C_LIKE };

static LANGUAGES: [Language; 35] = [
    Language {
        names: &["rust", "rs"],
        style: Style::Lifetimes,
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait type union unsafe use where while yield",
        types: "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64",
        marks: "",
        ..C_LIKE
    },
    Language {
        names: &["c", "h"],
        keywords: "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof static struct switch typedef union volatile while include define ifdef ifndef endif pragma",
        types: "void char short int long float double signed unsigned bool size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t FILE",
        capitals_are_types: false,
        ..C_LIKE
    },
    Language {
        names: &["cpp", "c++", "cc", "cxx", "hpp"],
        keywords: "alignas alignof auto break case catch class co_await co_return co_yield concept const consteval constexpr continue decltype default delete do else enum explicit export extern final for friend goto if inline mutable namespace new noexcept operator override private protected public requires return sizeof static static_assert struct switch template this throw try typedef typename union using virtual volatile while include define ifdef ifndef endif pragma",
        types: "void char short int long float double signed unsigned bool size_t string vector map int32_t int64_t uint32_t uint64_t",
        ..C_LIKE
    },
    Language {
        names: &["csharp", "cs", "c#"],
        keywords: "abstract as async await base break case catch checked class const continue default delegate do else enum event explicit extern finally fixed for foreach get goto if implicit in init interface internal is lock namespace new operator out override params partial private protected public readonly record ref return sealed set sizeof stackalloc static struct switch this throw try typeof unchecked unsafe using var virtual volatile when where while with yield",
        types: "bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void",
        ..C_LIKE
    },
    Language {
        names: &["java"],
        keywords: "abstract assert break case catch class const continue default do else enum extends final finally for goto if implements import instanceof interface native new package permits private protected public record return sealed static strictfp super switch synchronized this throw throws transient try var volatile while yield",
        types: "boolean byte char double float int long short void",
        long_texts: &["\"\"\""],
        ..C_LIKE
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        keywords: "abstract as break by catch class companion const constructor continue data do else enum external final finally for fun get if import in infix init inline interface internal is lateinit object open operator out override package private protected public return sealed set super suspend this throw try typealias val var vararg when where while",
        long_texts: &["\"\"\""],
        ..C_LIKE
    },
    Language {
        names: &["swift"],
        keywords: "actor as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough fileprivate for func guard if import in init inout internal is lazy let mutating open operator override private protocol public repeat rethrows return self Self some static struct subscript super switch throw throws try typealias var weak where while",
        long_texts: &["\"\"\""],
        ..C_LIKE
    },
    Language {
        names: &["go", "golang"],
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
        types: "any bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr",
        texts: "\"'`",
        capitals_are_types: false,
        ..C_LIKE
    },
    Language {
        names: &["javascript", "js", "jsx", "mjs", "cjs", "node"],
        keywords: "as async await break case catch class const continue debugger default delete do else export extends finally for from function get if import in instanceof let new of return set static super switch this throw try typeof var void while with yield",
        texts: "\"'`",
        in_words: "$",
        ..C_LIKE
    },
    Language {
        names: &["typescript", "ts", "tsx"],
        keywords: "abstract as asserts async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface is keyof let namespace new of private protected public readonly return satisfies set static super switch this throw try type typeof var void while with yield",
        types: "any bigint boolean never number object string symbol unknown",
        texts: "\"'`",
        in_words: "$",
        ..C_LIKE
    },
    Language {
        names: &["python", "py", "python3"],
        keywords: "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield",
        types: "bool bytes dict float int list object set str tuple",
        long_texts: &["\"\"\"", "'''"],
        ..SCRIPT
    },
    Language {
        names: &["ruby", "rb"],
        keywords: "alias and begin break case class def defined? do else elsif end ensure for if in module next not or redo rescue retry return self super then undef unless until when while yield require attr_accessor attr_reader",
        marks: "@:$",
        ..SCRIPT
    },
    Language {
        names: &["php"],
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum extends final finally fn for foreach function global goto if implements include instanceof interface isset list match namespace new or print private protected public readonly require return static switch throw trait try unset use var while xor yield",
        types: "bool float int iterable mixed never object string void",
        line_comments: &["//", "#"],
        marks: "$",
        ..C_LIKE
    },
    Language {
        names: &["perl", "pl"],
        keywords: "and cmp die do else elsif eq for foreach ge gt if last le local lt my ne next no not or our package print qw redo return sub unless until use while xor",
        marks: "$@%",
        ..SCRIPT
    },
    Language {
        names: &["lua"],
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        line_comments: &["--"],
        comment: Some(("--[[", "]]")),
        ..C_LIKE
    },
    Language {
        names: &["bash", "sh", "shell", "zsh", "fish", "console"],
        keywords: "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local read readonly return set shift source sudo test then trap unset until while",
        capitals_are_types: false,
        texts: "\"'`",
        marks: "$",
        in_words: "-",
        ..SCRIPT
    },
    Language {
        names: &["powershell", "ps1", "pwsh"],
        keywords: "begin break catch class continue do else elseif end enum exit filter finally for foreach function if in param process return switch throw trap try until using while",
        ignores_case: true,
        capitals_are_types: false,
        comment: Some(("<#", "#>")),
        marks: "$",
        in_words: "-",
        ..SCRIPT
    },
    Language {
        names: &["sql", "sqlite", "postgresql", "postgres", "mysql", "plpgsql"],
        keywords: "add all alter and as asc begin between by case check column commit conflict constraint create cross database default delete desc distinct do drop else end except exists explain foreign from full function group having if in index inner insert intersect into is join key left like limit natural not nothing null offset on or order outer over partition pragma primary recursive references replace returning right rollback select set table then transaction trigger truncate union unique update using values view when where window with without",
        types: "bigint blob boolean bytea char date decimal double float int integer interval json jsonb numeric real serial smallint text time timestamp uuid varchar",
        ignores_case: true,
        capitals_are_types: false,
        line_comments: &["--"],
        marks: "$:@",
        ..C_LIKE
    },
    Language { names: &["html", "xml", "svg", "vue", "svelte", "xhtml"], style: Style::Tags, ..C_LIKE },
    Language {
        names: &["css", "scss", "sass", "less"],
        style: Style::Keys,
        keywords: "important from to and not only",
        capitals_are_types: false,
        marks: "@.#$",
        in_words: "-",
        ..C_LIKE
    },
    Language { names: &["json", "jsonc", "json5"], style: Style::Keys, capitals_are_types: false, ..C_LIKE },
    Language {
        names: &["yaml", "yml"],
        style: Style::Keys,
        capitals_are_types: false,
        keywords: "yes no on off",
        marks: "&*!",
        in_words: "-.",
        ..SCRIPT
    },
    Language {
        names: &["toml", "ini", "conf", "cfg", "properties", "env", "dotenv", "editorconfig"],
        style: Style::Keys,
        capitals_are_types: false,
        line_comments: &["#", ";"],
        long_texts: &["\"\"\"", "'''"],
        marks: "",
        in_words: "-.",
        ..SCRIPT
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        keywords: "add arg as cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell stopsignal user volume workdir",
        ignores_case: true,
        capitals_are_types: false,
        marks: "$",
        ..SCRIPT
    },
    Language {
        names: &["makefile", "make", "mk", "cmake"],
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath",
        capitals_are_types: false,
        marks: "$",
        in_words: "-",
        ..SCRIPT
    },
    Language { names: &["diff", "patch"], style: Style::Changes, ..C_LIKE },
    Language {
        names: &["haskell", "hs"],
        style: Style::Lifetimes,
        keywords: "case class data default deriving do else family forall foreign if import in infix infixl infixr instance let mdo module newtype of proc qualified rec then type where",
        line_comments: &["--"],
        comment: Some(("{-", "-}")),
        in_words: "'",
        ..C_LIKE
    },
    Language {
        names: &["elixir", "ex", "exs", "erlang", "erl"],
        keywords: "after alias and case catch cond def defmacro defmodule defp defstruct do else end fn for if import in not or quote raise receive require rescue try unless unquote use when with",
        long_texts: &["\"\"\""],
        marks: "@:",
        ..SCRIPT
    },
    Language {
        names: &["r"],
        keywords: "break else for function if in library next repeat return while",
        capitals_are_types: false,
        in_words: ".",
        ..SCRIPT
    },
    Language {
        names: &["dart"],
        keywords: "abstract as assert async await break case catch class const continue default do dynamic else enum export extends extension external factory final finally for get if implements import in interface is late library mixin new on operator part required rethrow return sealed set static super switch this throw try typedef var void while with yield",
        types: "bool double int num",
        long_texts: &["\"\"\"", "'''"],
        ..C_LIKE
    },
    Language {
        names: &["scala", "sc", "groovy", "gradle"],
        keywords: "abstract case catch class def do else enum extends final finally for given if implicit import lazy match new object override package private protected return sealed super then this throw trait try type val var while with yield",
        long_texts: &["\"\"\""],
        ..C_LIKE
    },
    Language {
        names: &["zig"],
        keywords: "align and anytype asm async await break catch comptime const continue defer else enum errdefer error export extern fn for if inline noalias or orelse packed pub resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while",
        types: "bool f16 f32 f64 i8 i16 i32 i64 isize u8 u16 u32 u64 usize void type",
        ..C_LIKE
    },
    Language {
        names: &["nix"],
        keywords: "assert else if import in inherit let or rec then with",
        capitals_are_types: false,
        comment: Some(("/*", "*/")),
        long_texts: &["''"],
        in_words: "-",
        ..SCRIPT
    },
    Language {
        names: &["graphql", "gql"],
        keywords: "directive enum extend fragment implements input interface mutation on query scalar schema subscription type union",
        line_comments: &["#"],
        comment: None,
        long_texts: &["\"\"\""],
        marks: "$@",
        ..C_LIKE
    },
    Language {
        names: &["protobuf", "proto"],
        keywords: "enum extend extensions import message oneof option optional package public repeated required reserved returns rpc service stream syntax to",
        types: "bool bytes double fixed32 fixed64 float int32 int64 sint32 sint64 string uint32 uint64",
        ..C_LIKE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_lower_case_and_means_one_language() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|language| language.names).copied().collect();
        assert!(names.iter().all(|name| find(name).is_some()));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
