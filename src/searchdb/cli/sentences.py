"""What the library, Typer and the system say in English, and what that is in Vietnamese.

Law: whole sentences, none with a place for a value that the other side lacks; the more particular
one stands before the one that would fit in its stead.
"""

from __future__ import annotations

from collections.abc import Mapping

from searchdb.cli.sentences_index import INDEX

__all__ = ["VIETNAMESE"]

_CALLS: Mapping[str, str] = {
    "Missing argument '{name}'.": "thiếu {name}",
    "Missing option {name}.": "thiếu {name}",
    "Missing command.": "thiếu tên lệnh",
    "No such command {name}. Did you mean {others}?": "không có lệnh {name}. Ý bạn là {others}?",
    "No such command {name}.": "không có lệnh {name}",
    "No such option: {name} (Possible options: {others})": (
        "không có tùy chọn {name} (có {others})"
    ),
    "No such option: {name} Did you mean {others}?": (
        "không có tùy chọn {name}. Ý bạn là {others}?"
    ),
    "No such option: {name}": "không có tùy chọn {name}",
    "Option '{name}' requires an argument.": "tùy chọn {name} cần một giá trị",
    "Option '{name}' does not take a value.": "tùy chọn {name} không nhận giá trị",
    "Got unexpected extra argument{s} ({words})": "thừa: {words}",
    "Invalid value for {name}: {reason}": "{name} không đúng: {reason}",
    "{value} is not a valid int.": "{value} không phải số nguyên",
    "{value} is not a valid integer.": "{value} không phải số nguyên",
    "{value} is not one of {others}.": "{value} không phải là một trong {others}",
    "{value} is not in the range {range}.": "{value} không nằm trong khoảng {range}",
    "write FIELD=VALUE, not {value}": "hãy viết FIELD=VALUE, chứ không phải {value}",
    "{name} is asked for twice: a field has one value": (
        "{name} được hỏi hai lần: mỗi trường chỉ có một giá trị"
    ),
    "the current folder is gone: change to another one": (
        "thư mục hiện tại không còn nữa: hãy chuyển sang thư mục khác"
    ),
}

_SETTINGS: Mapping[str, str] = {
    "expected {kind}, not {value}": "phải là {kind}, không phải {value}",
    "a list of texts, such as {example}": "một danh sách văn bản, như {example}",
    "a list of files and folders, such as {example}": "một danh sách tệp và thư mục, như {example}",
    "a folder, such as {example}": "một thư mục, như {example}",
    "a TOML file, such as {example}": "một tệp TOML, như {example}",
    '"auto" or the name of an encoding, such as {example}': (
        '"auto" hoặc tên một bảng mã, như {example}'
    ),
    "true or false": "true hoặc false",
    "a whole number from {least} to {most}": "một số nguyên từ {least} đến {most}",
    '{others} or "{last}"': '{others} hoặc "{last}"',
    "there is no setting {name}: {reason}": "không có mục {name}: {reason}",
    "did you mean {other}?": "ý bạn là {other}?",
    "the settings are {others}": "các mục là {others}",
    "not a file: move it out of the way": "không phải là tệp: hãy dời nó đi chỗ khác",
    "cannot read the settings ({reason})": "không đọc được cấu hình ({reason})",
    "longer than {size} bytes: these are no settings": "dài hơn {size} byte: không phải cấu hình",
    "not UTF-8: save the file as UTF-8": "không phải UTF-8: hãy lưu tệp dưới dạng UTF-8",
    "nested too deeply: these are no settings": "lồng nhau quá sâu: không phải cấu hình",
    "not valid TOML: {reason} (at line {line}, column {column})": (
        "không phải TOML đúng, xem dòng {line}, cột {column}: {reason}"
    ),
    "not valid TOML: {reason} (at end of document)": (
        "không phải TOML đúng, xem cuối tệp: {reason}"
    ),
    "not valid TOML: {reason}": "không phải TOML đúng: {reason}",
    "Invalid value": "giá trị sai",
    "Invalid statement": "dòng này không phải tên = giá trị",
    "Invalid initial character for a key part": "tên không được bắt đầu như thế",
    "Expected '=' after a key in a key/value pair": "thiếu dấu = sau tên",
    "Expected newline or end of document after a statement": "thừa sau giá trị",
    "Unclosed array": "danh sách thiếu dấu ]",
    "Unclosed inline table": "bảng thiếu dấu }}",
    "Unterminated string": "chuỗi không đóng ngoặc kép",
    "Cannot overwrite a value": "tên này đã có giá trị",
    "no such file: give the file of your abbreviations": (
        "không có tệp này: hãy ghi tên tệp chữ viết tắt của bạn"
    ),
    "cannot read the abbreviations ({reason})": "không đọc được chữ viết tắt ({reason})",
    "longer than {size} bytes: leave entries out": "dài hơn {size} byte: hãy bớt mục đi",
    "nested too deeply: write one [{name}] table": (
        "lồng nhau quá sâu: hãy viết một bảng [{name}]"
    ),
    "put every entry below one line [{name}], and nothing else": (
        "hãy ghi mọi mục dưới một dòng [{name}], ngoài ra không ghi gì"
    ),
    "{name}: write its readings as {example}": "{name}: hãy viết các cách đọc như {example}",
    "{name} is the same as {other}: keep one of them": "{name} trùng với {other}: hãy giữ một",
    "{name} is no abbreviation: write 1 to {most} letters or parts": (
        "{name} không phải chữ viết tắt: hãy viết 1 đến {most} chữ cái hoặc phần"
    ),
    "{name}: write readings of 1 to {most} syllables": (
        "{name}: hãy viết cách đọc dài 1 đến {most} âm tiết"
    ),
    "{name} has {count} readings: keep {most}": "{name} có {count} cách đọc: hãy giữ {most}",
    "{name} reads as a word: write it in capitals to tell them apart": (
        "{name} đọc như một từ: hãy viết hoa để phân biệt"
    ),
}

_FILES: Mapping[str, str] = {
    "no such file or folder: check the spelling": (
        "không có tệp hay thư mục này: hãy xem lại cách viết"
    ),
    "is a broken link: what it points to does not exist": (
        "là liên kết hỏng: đích của nó không tồn tại"
    ),
    "permission denied: make it readable for this user": (
        "không có quyền: hãy cho người dùng này quyền đọc"
    ),
    "cannot be read: {reason}": "không đọc được: {reason}",
    "its name is not valid UTF-8 or holds a control character: rename it": (
        "tên không phải UTF-8 hoặc có ký tự điều khiển: hãy đổi tên"
    ),
    "its name holds a zero byte: check the spelling": "tên có byte 0: hãy xem lại cách viết",
    "is a folder: name a file in it": "là thư mục: hãy ghi một tệp trong đó",
    "is a pipe, socket or device: copy what it gives into a file": (
        "là ống dẫn, socket hoặc thiết bị: hãy chép nội dung vào một tệp"
    ),
    "is too large ({size} MB, limit {limit} MB): split it": (
        "quá lớn ({size} MB, giới hạn {limit} MB): hãy chia nhỏ"
    ),
    "unknown kind of file: what can be read is {kinds}": "loại tệp không đọc được: chỉ đọc {kinds}",
    "is an empty name: name a file or a folder": "tên để trống: hãy ghi một tệp hoặc thư mục",
    "is empty: there is nothing to index": "trống: không có gì để lập chỉ mục",
    "looks like a binary file, not text; if it is text, name its encoding with --encoding": (
        "có vẻ là tệp nhị phân, không phải văn bản; nếu là văn bản, hãy ghi bảng mã bằng --encoding"
    ),
    "begins like {encoding} but is not: name its encoding with --encoding": (
        "mở đầu như {encoding} nhưng không phải: hãy ghi bảng mã bằng --encoding"
    ),
    "is not valid {encoding} (first at byte {place}): unreadable parts became �": (
        "không đúng {encoding} (từ byte {place}): chỗ không đọc được thành �"
    ),
    "read as {encoding} and converted to Unicode: --encoding names another": (
        "đọc theo {encoding} và đổi sang Unicode: nếu không phải, hãy ghi --encoding"
    ),
    "read as {encoding}, a guess: --encoding names another": (
        "đoán là {encoding}: nếu không phải, hãy ghi --encoding"
    ),
    "its front matter is no plain YAML (line {line}): it is taken for text": (
        "phần đầu không phải YAML đơn giản (dòng {line}): được coi là nội dung"
    ),
    "its front matter is no plain YAML: it is taken for text": (
        "phần đầu không phải YAML đơn giản: được coi là nội dung"
    ),
    "the date of its front matter was passed over: {reason}": ("bỏ qua ngày ở phần đầu: {reason}"),
    "its encoding is not recognized: name it with --encoding, or save it as UTF-8": (
        "không nhận ra bảng mã: hãy ghi --encoding, hoặc lưu dưới dạng UTF-8"
    ),
    "is not valid {encoding} at byte {place}: try --encoding auto": (
        "không đúng {encoding} ở byte {place}: hãy thử --encoding auto"
    ),
    "is not valid {encoding}: try --encoding auto": (
        "không đúng {encoding}: hãy thử --encoding auto"
    ),
    "holds half characters when read as {encoding}: try --encoding auto": (
        "có nửa ký tự khi đọc theo {encoding}: hãy thử --encoding auto"
    ),
    "cannot be read as {encoding}, an unknown encoding: try {others}": (
        "không đọc được theo {encoding}, bảng mã lạ: hãy thử {others}"
    ),
    "files of kinds that cannot be read, passed over: {count} ({kinds}no suffix)": (
        "số tệp thuộc loại không đọc được, đã bỏ qua: {count} ({kinds}không đuôi)"
    ),
    "files of kinds that cannot be read, passed over: {count}": (
        "số tệp thuộc loại không đọc được, đã bỏ qua: {count}"
    ),
    "documents of files that are excluded now are kept: {count}; `searchdb remove` takes them"
    " out": (
        "tài liệu của những tệp nay bị loại ra vẫn được giữ: {count}; `searchdb remove` sẽ xóa"
    ),
    "{value} is not a date: write 2015-09-05 or 05/09/2015": (
        "{value} không phải ngày: hãy viết 2015-09-05 hoặc 05/09/2015"
    ),
}

_LINES: Mapping[str, str] = {
    "is UTF-16: save it as UTF-8": "là UTF-16: hãy lưu dưới dạng UTF-8",
    "is not JSON Lines: write one JSON object on each line": (
        "không phải JSON Lines: hãy viết mỗi dòng một đối tượng JSON"
    ),
    "the gzip file is cut off here: fetch it again": "tệp gzip bị đứt ở đây: hãy tải lại",
    "the gzip file is damaged here ({detail}): fetch it again": (
        "tệp gzip bị hỏng ở đây ({detail}): hãy tải lại"
    ),
    "cannot be read on: {reason}": "không đọc tiếp được: {reason}",
    "is longer than {size} MB: split the document": "dài hơn {size} MB: hãy chia nhỏ tài liệu",
    "is not valid UTF-8 (byte {place} of the line): save it as UTF-8": (
        "không đúng UTF-8 (byte {place} của dòng): hãy lưu dưới dạng UTF-8"
    ),
    "is not valid UTF-8: save it as UTF-8": "không đúng UTF-8: hãy lưu dưới dạng UTF-8",
    "is not JSON: {reason} at character {place} of the line": (
        "không phải JSON: {reason}, ở ký tự {place} của dòng"
    ),
    "is not JSON: {reason} at character {place}": "không phải JSON: {reason}, ở ký tự {place}",
    "Expecting value": "thiếu giá trị",
    "Expecting {sign} delimiter": "thiếu dấu {sign}",
    "Expecting property name enclosed in double quotes": "thiếu tên trường trong ngoặc kép",
    "Unterminated string starting at": "chuỗi không đóng ngoặc kép",
    "Invalid control character at": "có ký tự điều khiển trong chuỗi",
    "Invalid {escape} escape": "dấu thoát {escape} sai",
    "Extra data": "thừa sau đối tượng",
    "Illegal trailing comma before end of {of}": "thừa dấu phẩy ở cuối",
    "is nested too deeply: keep meta flat": "lồng nhau quá sâu: hãy để meta phẳng",
    "holds a number with too many digits: write it as text": (
        "có số quá nhiều chữ số: hãy viết thành văn bản"
    ),
    "holds half a character (a lone escape like {escape}): remove it": (
        "có nửa ký tự (dấu thoát lẻ như {escape}): hãy bỏ đi"
    ),
    "is {kind}, not an object: write one object on each line": (
        "là {kind}, không phải đối tượng: hãy viết mỗi dòng một đối tượng"
    ),
    'has no id: give each line an "id" (or "_id")': (
        'không có id: mỗi dòng phải có một "id" (hoặc "_id")'
    ),
    "its id is {kind}: use text or a number": "id là {kind}: hãy dùng văn bản hoặc số",
    'has no text: give each line a "text"': 'không có text: mỗi dòng phải có một "text"',
    "its text is {kind}: use text": "text là {kind}: hãy dùng văn bản",
    "is empty: it has neither text nor title": "trống: không có text lẫn title",
    "its {key} is {kind}: use text or null": "{key} là {kind}: hãy dùng văn bản hoặc null",
    "its meta is {kind}: use an object of plain values": (
        "meta là {kind}: hãy dùng một đối tượng gồm các giá trị đơn"
    ),
    "its meta field {key} is {kind}: use text, numbers, true or null": (
        "trường meta {key} là {kind}: hãy dùng văn bản, số, true hoặc null"
    ),
    "text": "văn bản",
    "a number": "một số",
    "a number beyond all bounds": "một số vô hạn",
    "a list": "một danh sách",
    "an object": "một đối tượng",
    "a document needs a non-empty text as its id, not {value}": (
        "tài liệu cần một id không trống, không phải {value}"
    ),
    "the id {id} holds a control character or half a character": (
        "id {id} có ký tự điều khiển hoặc nửa ký tự"
    ),
    "the {name} of document {id} is a {type}": "{name} của tài liệu {id} là {type}",
    "meta field {name} of document {id} holds a {type}: use text, numbers, true, false or null": (
        "trường meta {name} của tài liệu {id} là {type}: hãy dùng văn bản, số, true, false hoặc"
        " null"
    ),
}

_CASES: Mapping[str, str] = {
    "is a second {name}: rename one": "là {name} thứ hai: hãy đổi tên một",
    "holds no case: write one JSON object on each line": (
        "không có tình huống nào: hãy viết mỗi dòng một đối tượng JSON"
    ),
    "is nested too deeply: a case is flat": "lồng nhau quá sâu: tình huống phải phẳng",
    "{of} is not a JSON object": "{of} không phải đối tượng JSON",
    "{of} has the unknown key {name}: known are {others}": (
        "{of} có khóa lạ {name}: chỉ có {others}"
    ),
    "{name} of {of} is {value}: known are {others}": "{name} của {of} là {value}: chỉ có {others}",
    "{name} of {of} must be {kind}": "{name} của {of} phải là {kind}",
    "{of} has no {name}": "{of} không có {name}",
    "the case": "tình huống",
    "a document": "tài liệu",
    "two documents have the same id: rename one": "hai tài liệu trùng id: hãy đổi tên một",
    "`expect` is empty: say what must come back": "`expect` trống: hãy ghi điều phải tìm thấy",
    "`expect` names {id}, which no document has as its id": (
        "`expect` nêu {id}, không phải id của tài liệu nào"
    ),
}

_COLLECTIONS: Mapping[str, str] = {
    "ir-measures is not installed: run {command}": "chưa cài ir-measures: hãy chạy {command}",
    "holds no {name}: a folder in BEIR's layout holds {others} and {last}": (
        "không có {name}: thư mục theo cách xếp của BEIR có {others} và {last}"
    ),
    "judges none of the queries: the two files are not of one collection": (
        "không chấm truy vấn nào: hai tệp không cùng một bộ dữ liệu"
    ),
    "has two queries {id}: rename one": "có hai truy vấn {id}: hãy đổi tên một",
    "has {count} fields: write query-id, corpus-id and score with tabs": (
        "có {count} cột: hãy viết query-id, corpus-id và score, cách nhau bằng tab"
    ),
    "has {count} fields: a run has `query Q0 document rank score tag`": (
        "có {count} cột: tệp run có `query Q0 document rank score tag`"
    ),
    "its score is {value}: write a whole number of few digits": (
        "score là {value}: hãy viết một số nguyên ngắn"
    ),
    "its score is {value}: write a number": "score là {value}: hãy viết một số",
    "judges a document a second time, and otherwise: keep one of the lines": (
        "chấm một tài liệu lần thứ hai, mà khác: hãy giữ một dòng"
    ),
    "finds {id} a second time: keep one": "có {id} lần thứ hai: hãy giữ một",
    "the id {id} holds white space, which a run cannot: rename it": (
        "id {id} có dấu cách, tệp run không ghi được: hãy đổi tên"
    ),
    "the index holds {count} documents that are not in {file}: name another folder": (
        "chỉ mục có {count} tài liệu không có trong {file}: hãy ghi một thư mục khác"
    ),
    "no query belongs to the half {half}: leave out --half": (
        "không có truy vấn nào thuộc nửa {half}: hãy bỏ --half"
    ),
    "answers none of these queries: name a run over this folder": (
        "không trả lời truy vấn nào ở đây: hãy ghi một tệp run của thư mục này"
    ),
    "cannot be written: name a file in a folder that is there": (
        "không ghi được: hãy ghi một tệp trong một thư mục đã có"
    ),
    "--accents {value} keeps some accents: leave one out": (
        "--accents {value} giữ lại dấu: hãy bỏ một trong hai"
    ),
}

_QUERIES: Mapping[str, str] = {
    "{name} is {value}: choose one of {others}": "{name} là {value}: hãy chọn một trong {others}",
    "{name} is {value}: give a whole number from {least} to {most}": (
        "{name} là {value}: hãy ghi một số nguyên từ {least} đến {most}"
    ),
    "{name} is a {type}: give a text": "{name} là {type}: hãy ghi một văn bản",
    "where is {value}: give field names with their values": (
        "where là {value}: hãy ghi tên trường và giá trị"
    ),
    "the query has {count} characters: shorten it to {most} or fewer": (
        "câu tìm có {count} ký tự: hãy rút còn không quá {most}"
    ),
    "the query has {count} phrases, fields and prefixes: use at most {most}": (
        "câu tìm có {count} cụm từ, trường và tiền tố: hãy dùng không quá {most}"
    ),
    "the query is nested more than {most} deep: take out some parentheses": (
        "câu tìm lồng nhau quá {most} lớp: hãy bớt dấu ngoặc"
    ),
}

_SYSTEM: Mapping[str, str] = {
    "Permission denied": "không có quyền",
    "Operation not permitted": "không được phép",
    "No such file or directory": "không có tệp hay thư mục này",
    "Not a directory": "không phải thư mục",
    "Is a directory": "là thư mục",
    "File exists": "tệp đã có",
    "No space left on device": "hết chỗ trên đĩa",
    "Disk quota exceeded": "vượt hạn mức đĩa",
    "File too large": "tệp quá lớn",
    "Read-only file system": "hệ thống tệp chỉ cho đọc",
    "Input/output error": "lỗi đọc ghi đĩa",
    "Bad file descriptor": "luồng ra đã đóng hoặc không ghi được",
    "File name too long": "tên tệp quá dài",
    "Too many open files": "quá nhiều tệp đang mở",
    "Too many levels of symbolic links": "liên kết chạy vòng",
    "Stale file handle": "tệp trên mạng không còn",
    "Device or resource busy": "thiết bị đang bận",
    "Cannot allocate memory": "hết bộ nhớ",
}

VIETNAMESE: Mapping[str, str] = {
    **_CALLS,
    **_SETTINGS,
    **_FILES,
    **_LINES,
    **_CASES,
    **_COLLECTIONS,
    **_QUERIES,
    **INDEX,
    **_SYSTEM,
    "{reason}; {then}": "{reason}; {then}",
}
"""Each sentence, with its places for values, and what it is in Vietnamese."""
