"""Anybody's files are read or named with a reason; no bytes crash the reader, and none keep it waiting."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from corpus.cutting import cut_text
from corpus.decoding import Undecodable, decode
from corpus.files import Limits, read
from corpus.html import read_html

ORIGINALS = Path(__file__).parents[2].parent / "shared" / "documents"
PROSE = "Keep the bar close to the legs and the hips high. It saves the back some work.\n"


def only(paths, **limits):
    """The single line about the only path that was skipped."""
    reading = read(paths, limits=Limits(**limits) if limits else None)
    assert reading.texts == ()
    (skipped,) = reading.skipped
    return skipped.reason


def pdf_with(text: str, *, title: str | None = None, password: str | None = None, pages: int = 1) -> bytes:
    """A small PDF made by hand, because pypdf writes no text: one font, a line a page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects += [
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(pages):
        stream = f"BT /F1 12 Tf 50 700 Td ({text} {page}.) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * page} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(data),
        )
    )
    if title is None and password is None:
        return data
    writer = PdfWriter(clone_from=io.BytesIO(data))
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_each_kind_is_read_with_title_headings_and_paragraphs(tmp_path):
    (tmp_path / "a.md").write_text(f"# The bar\n\n{PROSE}\n## Close to it\n\n{PROSE}")
    (tmp_path / "b.txt").write_text(f"The bar path\n\n{PROSE}")
    (tmp_path / "c.html").write_text(
        f"<title>Bar</title><nav>Menu</nav><h1>The bar</h1><p>{PROSE}</p><script>x()</script>"
    )
    (tmp_path / "d.pdf").write_bytes(pdf_with("Keep the bar close", title="The bar in print"))
    (tmp_path / "notes").write_text(PROSE + "More.")
    reading = read([tmp_path])
    shown = [(text.title, text.kind, [section.path for section in text.sections]) for text in reading.texts]
    assert shown == [
        ("The bar", "Markdown file", ["The bar", "The bar > Close to it"]),
        ("The bar path", "text file", ["The bar path"]),
        ("Bar", "web page", ["The bar"]),
        ("The bar in print", "PDF", [""]),
        ("notes", "text file", [""]),
    ]
    assert reading.skipped == ()
    assert reading.texts[0].source == f"{tmp_path.name}/a.md"
    assert "Keep the bar close 0." in reading.texts[3].sections[0].paragraphs[0]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "is empty"),
        ("a.txt", b"abc\0def", "is a binary file"),
        ("a.md", bytes(range(1, 32)) * 40, "is a binary file"),
        ("a.txt", b"\x81\x8d\x8f" * 20, "save it as UTF-8"),
        ("a.txt", b"\xff\xfeabc", "starts as utf-16 text but is broken"),
        ("a.docx", b"PK\x03\x04", "is not a kind that is read: Markdown (.md)"),
        ("a.html", b"<script>only(code)</script>", "holds no text to index"),
        ("a.txt", b"https://example.com/\n", "holds no text to index"),
        ("a.pdf", b"%PDF-1.7 nonsense", "broken or unsupported PDF"),
        ("a.pdf", b"not a pdf at all", "broken or unsupported PDF"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    assert reason in only([tmp_path / name])


def test_a_locked_pdf_says_that_it_needs_a_password(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_with("Secret", password="x"))
    assert only([tmp_path]) == "is a PDF that needs a password"


def test_a_pdf_without_text_says_so(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    assert "without text" in only([tmp_path])


def test_a_long_pdf_is_read_up_to_the_limit_with_a_warning(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_with("Page", pages=5))
    reading = read([tmp_path], limits=Limits(pages=2))
    assert reading.warnings == (f"{tmp_path.name}/a.pdf: has 5 pages: only the first 2 are read",)
    assert "Page 1." in str(reading.texts[0].sections)
    assert "Page 2." not in str(reading.texts[0].sections)


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_with("Page", pages=400))
    start = time.monotonic()
    assert "takes longer than 0.05 s" in only([tmp_path], seconds=0.05)
    assert time.monotonic() - start < 5


@pytest.mark.slow
def test_a_page_made_to_hang_the_parser_is_given_up(tmp_path):
    (tmp_path / "a.html").write_text("<a " * 60_000)
    start = time.monotonic()
    reading = read([tmp_path], limits=Limits(seconds=3))
    assert reading.texts == ()
    assert time.monotonic() - start < 10


def test_a_pdf_by_another_name_is_still_read_as_one(tmp_path):
    (tmp_path / "a.txt").write_bytes(pdf_with("Keep the bar close"))
    assert read([tmp_path]).texts[0].kind == "PDF"


def test_a_file_over_the_limit_is_left_out_with_both_figures(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE * 40_000)
    assert only([tmp_path], megabytes=1) == "is too big: 3.2 MB, and 1 MB is the limit"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark_are_read_without_a_warning(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(f"It bends to 45° – slowly. {PROSE}".encode(encoding))
    reading = read([tmp_path])
    assert "45° – slowly." in reading.texts[0].sections[0].paragraphs[0]
    assert reading.warnings == ()


def test_an_old_windows_file_is_read_with_a_warning(tmp_path):
    (tmp_path / "a.txt").write_bytes(f"It bends to 45° – slowly. {PROSE}".encode("cp1252"))
    reading = read([tmp_path])
    assert "45° – slowly." in reading.texts[0].sections[0].paragraphs[0]
    assert "a.txt: is not UTF-8: read as Windows-1252" in reading.warnings[0]


def test_the_same_bytes_twice_are_read_once(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(PROSE)
    reading = read([tmp_path])
    assert [text.source for text in reading.texts] == [f"{tmp_path.name}/a.txt"]
    assert [str(skipped) for skipped in reading.skipped] == [
        f"{tmp_path.name}/b.txt: is the same as {tmp_path.name}/a.txt"
    ]


def test_loops_of_links_end_and_hidden_files_stay_out(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.txt").write_text(PROSE)
    (inner / "loop").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(inner / "a.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / ".hidden.txt").write_text("Hidden. " + PROSE)
    reading = read([tmp_path, inner])
    assert len(reading.texts) == 1
    assert [skipped.reason for skipped in reading.skipped] == ["is a broken link"]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert only([tmp_path]) == "is neither a file nor a directory"


def test_a_path_that_is_not_there_and_a_closed_directory_are_said_so(tmp_path):
    assert only([tmp_path / "nowhere"]) == "does not exist"
    assert only(["a\0b"]).startswith("cannot be read")


def test_a_tree_deeper_than_recursion_goes_is_walked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):  # one by one, because makedirs gives up on so many
        Path("d").mkdir()
        os.chdir("d")
    Path("a.txt").write_text(PROSE)
    os.chdir(tmp_path)
    reading = read([Path("d")])
    subprocess.run(["rm", "-r", "d"], check=True)  # what clears up after tests gives up as well
    assert len(reading.texts) == 1


def test_two_directories_of_one_name_do_not_mix_up_their_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "docs").mkdir(parents=True)
        (tmp_path / name / "docs" / "a.txt").write_text(name + " says. " + PROSE)
    reading = read([tmp_path / "one" / "docs", tmp_path / "two" / "docs"])
    assert len({text.id for text in reading.texts}) == 2


def test_the_path_above_the_one_given_is_shown_to_nobody(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE)
    assert str(tmp_path.parent) not in str(read([tmp_path]).texts)


def test_a_name_that_is_no_text_is_made_printable(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n.txt")).write_text(PROSE)
    assert read([tmp_path]).texts[0].source == f"{tmp_path.name}/��.txt"


def test_progress_hears_of_each_file_before_it_is_read(tmp_path):
    (tmp_path / "a.txt").write_text(PROSE)
    (tmp_path / "b.bin").write_bytes(b"1")
    heard = []
    read([tmp_path], progress=heard.append)
    assert heard == [f"{tmp_path.name}/a.txt", f"{tmp_path.name}/b.bin"]


BOILERPLATE = """Low Back Pain

Keep the bar close to the legs and the hips high.

Questions? Email them to someone@example.com or visit our website example.com for free resources.

12 Glass Street #140

Dallas, Texas 75207

Tel: (555)626-7254

Opening Hours:

Mon Wed Fri: 7am - 5pm Tues Thurs: 10am - 8pm

https://example.com/page

September 28, 2023

Call Us

Start with 3 sets of 6-8 reps, see https://example.com for a video of all of them.
"""


def test_contact_details_and_links_are_stripped_and_sentences_stay(tmp_path):
    (tmp_path / "a.txt").write_text(BOILERPLATE)
    (section,) = read([tmp_path]).texts[0].sections
    assert [" ".join(paragraph.split()) for paragraph in section.paragraphs] == [
        "Keep the bar close to the legs and the hips high.",
        "Start with 3 sets of 6-8 reps, see for a video of all of them.",
    ]


def test_markdown_loses_its_marks_and_keeps_its_words(tmp_path):
    (tmp_path / "a.md").write_text(
        "---\ntitle: Bars\n---\n\nUnder\n=====\n\n![A picture](x.png)\n\nSee **the** [bar path](http://x.y) <b>now</b>.\n\n- one item\n- two items\n\n```\n# not a heading\n```\n"
    )
    (text,) = read([tmp_path]).texts
    assert text.title == "Bars"
    assert [(section.path, section.paragraphs) for section in text.sections] == [
        ("Under", ("See the bar path now.", "- one item", "- two items", "# not a heading"))
    ]


def test_a_web_page_keeps_its_paragraphs_apart_and_its_inline_words_together(tmp_path):
    (tmp_path / "a.html").write_text(
        "<body><div>Intro <b>bold</b> words.<p>First\n\n line.</p>Tail.</div><h2>On <i>bars</i></h2><ul><li>One</li><li>Two</li></ul>"
        "<figure><figcaption>Caption</figcaption></figure><!-- hidden --></body>"
    )
    (text,) = read([tmp_path]).texts
    assert [(section.path, section.paragraphs) for section in text.sections] == [
        ("", ("Intro bold words.", "First line.", "Tail.")),
        ("On bars", ("One", "Two")),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.binary(max_size=3000), name=st.sampled_from(["a.txt", "a.md", "a"]))
def test_no_bytes_crash_the_reader(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    reading = read([path])
    assert len(reading.texts) + len(reading.skipped) == 1
    for text in reading.texts:
        assert all(passage.text.strip() for passage in cut_text(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    text=st.text(alphabet="<>/!-abdivph1 \n#*[]()`=&;\"'", max_size=600),
    name=st.sampled_from(["a.md", "a.txt"]),
)
def test_no_markup_crashes_the_reader(tmp_path, text, name):
    path = tmp_path / name
    path.write_text(text)
    reading = read([path])
    assert len(reading.texts) + len(reading.skipped) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(cut=st.integers(1, 600), junk=st.binary(max_size=40))
def test_a_damaged_pdf_is_read_or_named(tmp_path, cut, junk):
    data = pdf_with("Keep the bar close")
    (tmp_path / "a.pdf").write_bytes(data[:cut] + junk + data[cut + len(junk) :])
    reading = read([tmp_path])
    assert len(reading.texts) + len(reading.skipped) == 1


@given(st.text(alphabet="<>/!-abdivph1 \n&;\"'", max_size=300))
def test_a_web_page_is_read_or_fails_in_one_of_the_ways_foreseen(text):
    with contextlib.suppress(RecursionError, ValueError, AssertionError):
        read_html(text)


@given(st.binary(max_size=500))
def test_decoding_gives_text_or_a_reason(data):
    try:
        text, warning = decode(data)
    except Undecodable as error:
        text, warning = str(error), None
    assert isinstance(text, str)
    assert warning is None or "Windows-1252" in warning


def test_the_originals_are_read_and_cut_whole():
    if not ORIGINALS.is_dir():
        pytest.skip("the original documents are not beside the repository")
    reading = read([ORIGINALS])
    assert len(reading.texts) == 5
    assert reading.skipped == ()
    everything = " ".join(passage.text for text in reading.texts for passage in cut_text(text))
    assert "@" not in everything
    assert "Opening Hours" not in everything
    assert "three sets of 6-8 reps" in everything
