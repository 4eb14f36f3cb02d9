"""KEY and values in, a sentence in Vietnamese or English out.

Law: every sentence exists in both languages, with the same placeholders. Keys of JSON are English
always; what others say is translated by `catalog`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["LANGUAGES", "MESSAGES", "Language", "Voice", "language", "punctuated"]

Language = Literal["vi", "en"]

LANGUAGES: tuple[Language, ...] = ("vi", "en")

MESSAGES: Mapping[str, tuple[str, str]] = {
    # query
    "read_as": ("Đang hiểu là: {query}", "Read as: {query}"),
    "close": ("Gần giống:", "Close matches:"),
    "did_you_mean": ("Có phải bạn tìm: {query}?", "Did you mean: {query}?"),
    "total": ("{total:kết quả} ({took} ms)", "{total:result|results} ({took} ms)"),
    "total_page": (
        "{total:kết quả}, đang xem {first}–{last} ({took} ms)",
        "{total:result|results}, showing {first}–{last} ({took} ms)",
    ),
    "total_close": (
        "Không có kết quả khớp hẳn, chỉ có gần giống ({took} ms)",
        "No exact match, only close ones ({took} ms)",
    ),
    "past_end": (
        "Chỉ có {total:kết quả}: hãy giảm --offset",
        "There are only {total:result|results}: lower --offset",
    ),
    "none": ("Không tìm thấy: {query}", "Nothing found: {query}"),
    "none_tip": (
        "Hãy thử ít từ hơn, gõ không dấu, hoặc thêm --match any.",
        "Try fewer words, leave out the accents, or add --match any.",
    ),
    "none_filtered": (
        "Hãy thử bỏ bớt điều kiện: --after, --before, --where.",
        "Try it without some of the conditions: --after, --before, --where.",
    ),
    "no_words": (
        "Không có gì để tìm: hãy gõ ít nhất một chữ hoặc một số.",
        "Nothing to look for: type at least one letter or digit.",
    ),
    "empty": (
        "Chỉ mục {index} chưa có tài liệu nào: hãy chạy `searchdb index`.",
        "The index {index} holds no documents yet: run `searchdb index`.",
    ),
    # index, rebuild
    "indexing": ("Đang lập chỉ mục", "Indexing"),
    "rebuilding": ("Đang lập lại chỉ mục", "Rebuilding"),
    "documents_done": ("{count:tài liệu}", "{count:document|documents}"),
    "summary": (
        "{added} mới, {updated} sửa, {removed} xóa, {unchanged} giữ nguyên, {failed} lỗi",
        "{added} added, {updated} updated, {removed} removed, {unchanged} kept, {failed} failed",
    ),
    "written": ("{index}: {summary} ({seconds} giây)", "{index}: {summary} ({seconds} s)"),
    "dry_run": ("Chạy thử, không ghi gì: {summary}", "Dry run, nothing written: {summary}"),
    "rebuilt": (
        "Đã lập lại chỉ mục: {count:tài liệu} ({seconds} giây): {index}",
        "Rebuilt the index: {count:document|documents} ({seconds} s): {index}",
    ),
    "more_errors": ("… và {count:lỗi} khác", "… and {count:more error|more errors}"),
    "more_notes": ("… và {count:ghi chú} khác", "… and {count:more note|more notes}"),
    "duplicates": (
        "{count:tài liệu} trùng id với tài liệu sau trong cùng tệp: giữ tài liệu sau cùng",
        "{count:document|documents} had the id of a later one in the file: the last one is kept",
    ),
    "no_files": (
        "Không thấy tệp nào đọc được: chỉ đọc {kinds}",
        "No file that can be read: the kinds are {kinds}",
    ),
    "none_taken": (
        "Không có tệp nào lọt qua --include và --exclude: hãy xem lại mẫu",
        "No file gets past --include and --exclude: check the globs",
    ),
    "nothing_to_index": (
        "không có gì để lập chỉ mục: hãy ghi PATH hoặc --jsonl, hay sources vào searchdb.toml",
        "nothing to index: name a PATH or --jsonl, or put sources into searchdb.toml",
    ),
    # show, remove, check
    "no_document": (
        "Không có tài liệu nào có id {id}",
        "There is no document with the id {id}",
    ),
    "no_passage": (
        "{id} có {count:đoạn}, đánh số từ 0: không có đoạn {passage}",
        "{id} has {count:passage|passages}, numbered from 0: there is no {passage}",
    ),
    "title": ("tiêu đề", "title"),
    "date": ("ngày", "date"),
    "source": ("nguồn", "source"),
    "removed": ("Đã xóa {count:tài liệu}.", "Removed {count:document|documents}."),
    "sound": ("Chỉ mục nguyên vẹn: {index}", "The index is sound: {index}"),
    "damaged": (
        "{count:tệp} của chỉ mục bị hỏng hoặc thiếu: hãy chạy `searchdb check --repair`.",
        "{count:file|files} of the index damaged or missing: run `searchdb check --repair`.",
    ),
    "fallen_back": (
        "Tệp {file} bị hỏng, đây là lần ghi ngay trước đó: hãy chạy `searchdb check --repair`.",
        "Answers of the commit before, {file} is damaged: run `searchdb check --repair`.",
    ),
    # conformance
    "cases_passed": (
        "Đạt {passed} trên {count:tình huống}",
        "{passed} of {count:case|cases} passed",
    ),
    # eval
    "asking": ("Đang hỏi", "Asking"),
    "eval_queries": ("truy vấn", "queries"),
    "eval_without": ("không có kết quả", "without a hit"),
    "eval_skipped": (
        "Bỏ qua {count:dòng} của corpus, trước hết là {reason}",
        "Passed over {count:line|lines} of the corpus, the first being {reason}",
    ),
    "eval_unjudged": (
        "Không hỏi {count:truy vấn} mà qrels không cho biết tài liệu đúng",
        "Left out {count:query|queries} for which the qrels name no relevant document",
    ),
    "eval_textless": (
        "Không hỏi {count:truy vấn} của qrels mà queries.jsonl không có",
        "Left out {count:query|queries} of the qrels that queries.jsonl does not hold",
    ),
    "eval_missing": (
        "{count:tài liệu} đúng không có trong corpus, tính là không tìm thấy",
        "{count:relevant document|relevant documents} not in the corpus: counted as not found",
    ),
    "eval_refused": (
        "{count:truy vấn} không đọc được, tính là không có kết quả; trước hết là {query}",
        "{count:query|queries} could not be read, counted as without a hit; the first is {query}",
    ),
    "eval_against": (
        "So với {run}: nDCG@10 {difference} (p = {p})",
        "Against {run}: nDCG@10 {difference} (p = {p})",
    ),
    # stats
    "stats_index": ("thư mục chỉ mục", "index folder"),
    "stats_documents": ("tài liệu", "documents"),
    "stats_passages": ("đoạn", "passages"),
    "stats_files": ("tài liệu từ tệp", "documents from files"),
    "stats_syllables": ("âm tiết", "syllables"),
    "stats_bytes": ("byte trên đĩa", "bytes on disk"),
    "stats_generation": ("số lần ghi", "commits"),
    "stats_analysis": ("cách phân tích", "analysis"),
    "stats_base": ("gốc của id", "ids are relative to"),
    # everywhere
    "usage": (
        "Cách gọi: {usage}\nXem thêm: {help}",
        "Usage: {usage}\nMore: {help}",
    ),
    "stopped": ("Đã dừng; chỉ mục vẫn nguyên vẹn.", "Stopped; the index is unharmed."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things in one language: `say("removed", count=3)`."""

    lang: Language

    def __call__(self, key: str, **values: str | float) -> str:
        """The sentence with its values; whole numbers are grouped, others have one decimal."""
        sentence = MESSAGES[key][LANGUAGES.index(self.lang)]
        shown = {
            name: value if isinstance(value, str) else _Number(value, self.lang)
            for name, value in values.items()
        }
        return sentence.format(**shown)

    def number(self, value: float) -> str:
        """A number by itself."""
        return f"{_Number(value, self.lang)}"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that `{count:one|many}` writes with its noun."""

    value: float
    lang: Language

    def __format__(self, nouns: str) -> str:
        text = f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.1f}"
        text = punctuated(text, self.lang)
        one, _, many = nouns.partition("|")
        noun = many if many and self.value != 1 else one
        return f"{text} {noun}".rstrip()


def punctuated(number: str, lang: Language) -> str:
    """A number as Python groups it (1,234.5), as the language does."""
    return number.translate({ord(","): ".", ord("."): ","}) if lang == "vi" else number


def language(asked: str | None, environ: Mapping[str, str]) -> Language:
    """The language asked for, else that of the locale.

    Of a locale only English and other languages than Vietnamese ask for English; none at all, and
    C or POSIX, which is what machines have where nobody chose, leave Vietnamese.
    """
    for known in LANGUAGES:
        if asked == known:
            return known
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environ.get(name, "").replace("-", "_").replace(".", "_").split("_")[0].lower()
        if locale:
            return "vi" if locale in {"vi", "c", "posix"} else "en"
    return "vi"
