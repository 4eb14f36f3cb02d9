"""The tree of commands in, the same tree with its texts of help in Vietnamese out.

Law: every text of ours has a translation. Names of commands, options and values stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["VIETNAMESE", "framed", "translate"]

VIETNAMESE: Mapping[str, str] = {
    "Search Vietnamese text: accents typed or not, compounds kept together.": (
        "Tìm kiếm văn bản tiếng Việt: gõ dấu hay không đều được, từ ghép được giữ liền nhau."
    ),
    "Show the version.": "Cho biết phiên bản.",
    "Install completion for the current shell.": (
        "Cài đặt gợi ý lệnh cho shell đang dùng (phím Tab)."
    ),
    "Show completion for the current shell, to copy it or customize the installation.": (
        "In mã gợi ý lệnh của shell đang dùng, để chép hoặc tự cài đặt."
    ),
    # commands
    "Bring the index up to the files. New files come in, changed ones take the place of what they"
    " were, and documents whose files are gone go out. A file that cannot be read is reported and"
    " passed over. Exits with 2 if nothing could be read.": (
        "Cập nhật chỉ mục theo các tệp. Tệp mới được thêm, tệp đã sửa được thay, tài liệu của tệp"
        " không còn nữa bị xóa. Tệp không đọc được thì báo lỗi và bỏ qua. Mã thoát là 2 nếu không"
        " đọc được gì."
    ),
    "Find what answers a query, the best first. Accents may be left out: those that are typed are"
    " demanded. Exits with 0 if anything is found, 1 if nothing is.": (
        "Tìm kiếm, kết quả tốt nhất trước. Có thể gõ không dấu; dấu đã gõ thì phải đúng. Mã thoát"
        " là 0 nếu tìm thấy, 1 nếu không."
    ),
    "Show a document as it is stored, or one passage of it. Exits with 1 if there is none with"
    " that id.": (
        "Xem một tài liệu đã lưu, hoặc một đoạn của nó. Mã thoát là 1 nếu không có id đó."
    ),
    "Show how a text is read: its tokens, and the words they form.": (
        "Cho biết một văn bản được hiểu thế nào: các âm tiết, và các từ chúng tạo thành."
    ),
    "Offer ways to finish a half-typed query, the most usual first.": (
        "Gợi ý cách gõ tiếp một câu đang gõ dở, cách thường gặp nhất trước."
    ),
    "Tell what is in the index, and how large it is.": "Cho biết chỉ mục có gì, lớn bao nhiêu.",
    "Read every byte of the index and name the files that are damaged. Exits with 0 if it is sound"
    " or was repaired, 1 if it is damaged, 2 if there is none.": (
        "Đọc lại toàn bộ chỉ mục và nêu tên những tệp bị hỏng. Mã thoát là 0 nếu nguyên vẹn hoặc đã"
        " sửa xong, 1 nếu hỏng, 2 nếu không có chỉ mục."
    ),
    "Make the index anew. It is made from the texts it holds and from the files, as an update of"
    " searchdb may ask for. The old one answers until the new one is complete.": (
        "Lập lại chỉ mục từ đầu. Lấy văn bản đang lưu và các tệp, như khi searchdb lên phiên bản"
        " mới yêu cầu. Chỉ mục cũ vẫn dùng được cho đến khi xong."
    ),
    "Take documents out of the index. An ID that is none may be a glob, in which * stands for"
    " slashes too: 'drafts/*'. A document whose file is still there comes back with the next"
    " `searchdb index` unless --exclude keeps it out. Exits with 1 if there is none with one of the"
    " ids.": (
        "Xóa tài liệu khỏi chỉ mục. Nếu không có id nào như vậy thì ID là một mẫu, trong đó * thay"
        " cho cả dấu gạch chéo: 'nháp/*'. Tài liệu còn tệp sẽ trở lại khi chạy `searchdb index` lần"
        " sau, trừ khi bị --exclude loại ra. Mã thoát là 1 nếu không có một trong các id."
    ),
    "Try cases of behavior, each on an index of its own in memory. Shows which pass, and why the"
    " others fail. Exits with 0 if all pass, 1 if some fail, 2 if the file cannot be read.": (
        "Thử các tình huống, mỗi tình huống một chỉ mục riêng trong bộ nhớ. Cho biết tình huống nào"
        " đạt, và vì sao những tình huống khác không đạt. Mã thoát là 0 nếu đạt hết, 1 nếu không, 2"
        " nếu không đọc được tệp."
    ),
    # options of several commands
    "The folder of the index; `index` unless the settings say otherwise.": (
        "Thư mục của chỉ mục; là `index` nếu cấu hình không nói khác."
    ),
    "The language of messages.": "Ngôn ngữ của các thông báo.",
    "Tell nothing but what failed; no progress bar.": "Chỉ báo lỗi; không có thanh tiến độ.",
    "Text for people, or JSON.": "Chữ cho người đọc, hoặc JSON.",
    # index
    "Files, and folders with everything in them. Without any: `sources` of the settings.": (
        "Tệp, hoặc thư mục với mọi thứ bên trong. Nếu không ghi: `sources` trong cấu hình."
    ),
    "Take only files that match, such as '*.md' or 'news/**'. May be repeated.": (
        "Chỉ lấy tệp khớp mẫu, như '*.md' hay 'news/**'. Có thể lặp lại."
    ),
    "Pass over files and folders that match; goes before --include. May be repeated. Documents they"
    " have in the index stay: `searchdb remove` takes them out.": (
        "Bỏ qua tệp và thư mục khớp mẫu; được xét trước --include. Có thể lặp lại. Tài liệu của"
        " chúng đã có trong chỉ mục vẫn còn: `searchdb remove` sẽ xóa."
    ),
    "Add documents from JSON Lines, gzip or not, `-` for standard input: one"
    ' {"id", "text", "title", "date", "meta"} a line, or BEIR\'s corpus.jsonl.': (
        "Thêm tài liệu từ JSON Lines, nén gzip hay không, `-` là đầu vào chuẩn: mỗi dòng một"
        ' {"id", "text", "title", "date", "meta"}, hoặc corpus.jsonl của BEIR.'
    ),
    "The encoding of the files; `auto` finds out for each.": (
        "Bảng mã của các tệp; `auto` tự nhận ra cho từng tệp."
    ),
    "Rank menus, share buttons and repeated lines of a page like its text.": (
        "Xếp hạng trình đơn, nút chia sẻ và các dòng lặp của trang như nội dung."
    ),
    "Keep documents whose files are not there any more.": "Giữ tài liệu của các tệp không còn nữa.",
    "Only tell what would be done; write nothing.": "Chỉ cho biết sẽ làm gì; không ghi gì.",
    # query
    'What to look for: words, "a phrase" in quotes, -word for not this one, title:word, wor* for'
    " words that begin so, OR. Quote it all for the shell.": (
        'Điều cần tìm: các từ, "một cụm từ" trong ngoặc kép, -từ là không có từ ấy, title:từ, tuy*'
        " là từ bắt đầu như thế, OR. Hãy đặt cả câu trong dấu nháy của shell."
    ),
    "How many hits to show; 10 unless the settings say otherwise.": (
        "Số kết quả cần xem; là 10 nếu cấu hình không nói khác."
    ),
    "How many hits to pass over first.": "Số kết quả đầu tiên cần bỏ qua.",
    "Accents: `smart`, unless the settings say otherwise, demands those that are typed, `exact`"
    " every word as typed, `ignore` none.": (
        "Dấu: `smart`, nếu cấu hình không nói khác, đòi đúng những dấu đã gõ, `exact` đòi mọi từ"
        " đúng như đã gõ, `ignore` bỏ qua dấu."
    ),
    "`smart`, unless the settings say otherwise, wants all words, then shows what comes close;"
    " `all` wants all of them; `any` at least one.": (
        "`smart`, nếu cấu hình không nói khác, đòi đủ các từ rồi thêm kết quả gần giống; `all` đòi"
        " đủ các từ; `any` ít nhất một từ."
    ),
    "Dated this day (2015-09-05 or 05/09/2015) or later.": (
        "Từ ngày này (2015-09-05 hoặc 05/09/2015) trở đi."
    ),
    "Dated this day or earlier.": "Đến hết ngày này.",
    "Only documents whose meta field has this value. May be repeated.": (
        "Chỉ tài liệu có trường meta mang giá trị này. Có thể lặp lại."
    ),
    "Best first, or newest first.": "Tốt nhất trước, hoặc mới nhất trước.",
    "One hit a document, its best passage; or every passage by itself.": (
        "Mỗi tài liệu một kết quả, là đoạn tốt nhất; hoặc từng đoạn riêng."
    ),
    "Show how each score adds up.": "Cho biết điểm của từng kết quả từ đâu mà có.",
    "Read TEXT as words only: no quotes, no -, no OR.": (
        "Chỉ đọc TEXT như các từ: không xét ngoặc kép, dấu -, OR."
    ),
    "Text for people; JSON, one object or one hit a line; tab-separated values; sources.": (
        "Chữ cho người đọc; JSON, một khối hoặc mỗi dòng một kết quả; bảng cách nhau bằng tab;"
        " nguồn."
    ),
    "Colors; without them highlights are in [brackets].": (
        "Màu; nếu không có thì chỗ khớp nằm trong [ngoặc vuông]."
    ),
    # the others
    "Cases in JSON Lines, see docs/conformance.md. Without it: those of searchdb.": (
        "Tình huống dạng JSON Lines, xem docs/conformance.md. Nếu không ghi: bộ của searchdb."
    ),
    "As `searchdb query` shows it.": "Như `searchdb query` cho thấy.",
    "As `searchdb query` shows them, or a glob.": "Như `searchdb query` cho thấy, hoặc một mẫu.",
    "Any text.": "Văn bản bất kỳ.",
    "A query that is half typed.": "Một câu đang gõ dở.",
    "How many to offer at most.": "Số gợi ý nhiều nhất.",
    "If it is damaged, make it anew from `sources` of the settings and from what can still be"
    " read.": "Nếu hỏng thì lập lại từ `sources` trong cấu hình và những gì còn đọc được.",
    "Go on though documents that came from no file cannot be read any more and are lost.": (
        "Cứ làm dù những tài liệu không có tệp không còn đọc được và sẽ mất."
    ),
    # eval
    "Measure how well queries are answered whose answers are known. Indexes the documents of a"
    " folder in BEIR's layout, asks its queries and judges what is found. Needs `pip install"
    " 'searchdb[eval]'`.": (
        "Đo chất lượng trả lời trên các truy vấn đã biết đáp án. Lập chỉ mục các tài liệu của một"
        " thư mục theo cách xếp của BEIR, hỏi các truy vấn và chấm kết quả. Cần `pip install"
        " 'searchdb[eval]'`."
    ),
    "A folder with corpus.jsonl, queries.jsonl and qrels.tsv, see docs/evaluation.md.": (
        "Thư mục có corpus.jsonl, queries.jsonl và qrels.tsv, xem docs/evaluation.md."
    ),
    "Keep the index of the corpus in this folder; the next time it is taken from there. Without it"
    " the index is thrown away.": (
        "Giữ chỉ mục của corpus trong thư mục này để lần sau dùng lại. Nếu không ghi thì chỉ mục"
        " bị bỏ đi."
    ),
    "How queries are typed: as they are (the default), every second word without accents, or all"
    " of them without.": (
        "Truy vấn được gõ thế nào: nguyên như có (mặc định), cứ hai từ thì một từ không dấu, hoặc"
        " không dấu hết."
    ),
    "The same as --accents none.": "Như --accents none.",
    "As in `searchdb query`.": "Như của `searchdb query`.",
    "How many hits to ask for, at most 100; recall@100 needs them all.": (
        "Hỏi bao nhiêu kết quả, nhiều nhất là 100; recall@100 cần đủ 100."
    ),
    "Write what was found in TREC's format.": "Ghi những gì tìm được theo định dạng của TREC.",
    "Compare with such a file, also of another program: the difference in nDCG@10, and p by paired"
    " randomization.": (
        "So với một tệp như thế, của chương trình khác cũng được: chênh lệch nDCG@10, và p theo"
        " phép thử hoán vị từng cặp."
    ),
    "Ask only this half of the queries; a hash of the id says which it belongs to.": (
        "Chỉ hỏi một nửa số truy vấn này; mã băm của id cho biết thuộc nửa nào."
    ),
}
"""English text, on one line, to Vietnamese text."""

_FRAME = (
    ("Usage:", "Cách gọi:"),
    ("Arguments:", "Tham số:"),
    ("Options:", "Tùy chọn:"),
    ("Commands:", "Các lệnh:"),
    ("Show this message and exit.", "Xem trang này rồi thoát."),
    ("[default:", "[mặc định:"),
    ("[required]", "[bắt buộc]"),
)
"""The words that Typer puts around our texts."""


def framed(page: str) -> str:
    """A page of help with what stands around the texts in Vietnamese too."""
    for english, vietnamese in _FRAME:
        page = page.replace(english, vietnamese)
    return page


def translate(command: Any) -> None:  # noqa: ANN401 - Typer's own types moved between its releases
    """Put the Vietnamese texts into a command and all below it."""
    command.vietnamese = True
    command.help = _translated(command.help)
    for param in command.params:
        param.help = _translated(param.help)
    for inner in getattr(command, "commands", {}).values():
        translate(inner)


def _translated(text: str | None) -> str | None:
    return VIETNAMESE.get(" ".join((text or "").split()), text)
