"""Blocks become pages of a PDF."""

from pathlib import Path

from lupex.report.paper.document import Document, Heading, Paragraph
from lupex.report.paper.render import write_pdf


def pages(folder: Path, *paragraphs: int) -> int:
    """Pages of a document whose chapters, each meant to begin a page, have so many paragraphs of 120 words."""
    blocks = []
    for number, count in enumerate(paragraphs):
        blocks.append(Heading(f"Chapter {number}", 1, f"c{number}", new_page=True))
        blocks += [Paragraph("word " * 120)] * count
    content = write_pdf(Document("Title", "below it", "", tuple(blocks)), folder).read_bytes()
    return content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") + content.count(b"/Type/Page/")


def test_a_chapter_begins_a_page_unless_the_one_before_would_stay_nearly_empty(tmp_path):
    assert pages(tmp_path, 5, 5) == 2
    assert pages(tmp_path, 8, 1, 3) == 2
    assert pages(tmp_path, 8, 5, 3) == 3
