"""What is said of an index, damaged, locked or missing, in English and in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["INDEX"]

INDEX: Mapping[str, str] = {
    "there is no index in {folder}: make one with `searchdb index` or create=True": (
        "không có chỉ mục trong {folder}: hãy lập bằng `searchdb index`"
    ),
    "there is no index in {folder}: run `searchdb index` first": (
        "không có chỉ mục trong {folder}: hãy chạy `searchdb index` trước"
    ),
    "the index in {folder} was made by another analysis ({found}) than this searchdb's ({wanted}):"
    " run `searchdb rebuild`": (
        "chỉ mục trong {folder} được lập theo cách phân tích khác ({found}) với searchdb này"
        " ({wanted}): hãy chạy `searchdb rebuild`"
    ),
    "the index has format {found}, this searchdb writes format {wanted}: run `searchdb rebuild`": (
        "chỉ mục có dạng {found}, searchdb này ghi dạng {wanted}: hãy chạy `searchdb rebuild`"
    ),
    "the index in {folder} cannot be read and {some} that are in none of the files named: name"
    " their files (`searchdb rebuild PATH...`), or give them up with `searchdb rebuild --discard`"
    " (in Python discard=True)": (
        "chỉ mục trong {folder} không đọc được và {some} không nằm trong các tệp đã ghi: hãy ghi"
        " các tệp đó (`searchdb rebuild PATH...`), hoặc bỏ chúng bằng `searchdb rebuild --discard`"
    ),
    "may hold documents": "có thể có tài liệu",
    "holds {count} documents": "có {count} tài liệu",
    "{folder} is a file: name a folder for the index": (
        "{folder} là tệp: hãy ghi một thư mục cho chỉ mục"
    ),
    "{folder} holds other files ({names}) and no index: name an empty or a new folder for the"
    " index": (
        "{folder} có tệp khác ({names}) chứ không phải chỉ mục: hãy ghi một thư mục trống hoặc mới"
    ),
    "another writer ({holder}) holds the index in {folder}: wait for it": (
        "nơi khác ({holder}) đang ghi chỉ mục trong {folder}: hãy đợi xong rồi chạy lại"
    ),
    "another writer holds the index in {folder}: wait for it": (
        "nơi khác đang ghi chỉ mục trong {folder}: hãy đợi xong rồi chạy lại"
    ),
    "process {number} on {host}": "tiến trình {number} trên máy {host}",
    "the index in {folder} cannot be read: {reason}": (
        "không đọc được chỉ mục trong {folder}: {reason}"
    ),
    "the index in {folder} cannot be written: {reason}; it is as it was": (
        "không ghi được chỉ mục trong {folder}: {reason}; nó vẫn như cũ"
    ),
    "the change of the index in {folder} is in place, but a power cut may undo it: {reason}": (
        "chỉ mục trong {folder} đã đổi, nhưng mất điện có thể làm mất thay đổi đó: {reason}"
    ),
    "the index in {folder} changes faster than it can be opened: try again": (
        "chỉ mục trong {folder} thay đổi quá nhanh để mở: hãy thử lại"
    ),
    "{name} of the index is damaged: run `searchdb check --repair` or `searchdb rebuild`": (
        "{name} của chỉ mục bị hỏng: hãy chạy `searchdb check --repair` hoặc `searchdb rebuild`"
    ),
    "{name} of the index is missing: run `searchdb check --repair` or `searchdb rebuild`": (
        "{name} của chỉ mục bị mất: hãy chạy `searchdb check --repair` hoặc `searchdb rebuild`"
    ),
    "{name} of the index is not as searchdb left it, another program has changed the index:"
    " run `searchdb rebuild`": (
        "{name} của chỉ mục không còn như searchdb đã ghi, chương trình khác đã sửa chỉ mục:"
        " hãy chạy `searchdb rebuild`"
    ),
    "the index in {folder} is damaged: {reason}; name their files (`searchdb rebuild PATH...`), or"
    " give them up with `searchdb rebuild --discard` (in Python discard=True)": (
        "chỉ mục trong {folder} bị hỏng: {reason}; hãy nêu các tệp của chúng"
        " (`searchdb rebuild ĐƯỜNG_DẪN...`), hoặc bỏ chúng bằng `searchdb rebuild --discard`"
    ),
    "kernels=\"numba\" needs numba: pip install 'searchdb[speed]'": (
        "kernels=\"numba\" cần numba: pip install 'searchdb[speed]'"
    ),
    "nothing of it can be read, and it may hold documents that are in no file": (
        "không đọc được gì của nó, và có thể nó chứa văn bản không có trong tệp nào"
    ),
    "what its newest commit changed cannot be read (nothing else is left)": (
        "không đọc được những gì lần ghi cuối đã thay đổi (không còn gì khác)"
    ),
    "what its newest commit changed cannot be read ({count} documents of the one before"
    " are left)": (
        "không đọc được những gì lần ghi cuối đã thay đổi (lần ghi trước đó có {count} văn bản)"
    ),
    "{count} documents cannot be read, not even their ids": (
        "không đọc được {count} văn bản, kể cả tên của chúng"
    ),
    "{count} documents cannot be read ({names})": "không đọc được {count} văn bản ({names})",
    "{name} is damaged: run `searchdb check --repair` or `searchdb rebuild`": (
        "{name} bị hỏng: hãy chạy `searchdb check --repair` hoặc `searchdb rebuild`"
    ),
    "this index is closed: open it again": "chỉ mục này đã đóng: hãy mở lại",
    "files vanished while they were written": "có tệp biến mất trong khi ghi",
}
