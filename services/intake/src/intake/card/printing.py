"""A sheet as a PDF. Runs at a bench of the workshop: a page of it takes a processor for a while."""

from pathlib import Path

import msgspec
import typst
from cvttf_NotoSansCJK_Regular import get_TTF_path

from .sheet import Sheet


def print_sheet(sheet: Sheet) -> bytes:
    """What people wrote is handed over as data, which no template language reads."""
    data = msgspec.json.encode(sheet).decode()
    return typst.compile(
        str(Path(__file__).with_name("card.typ")),
        font_paths=[str(Path(get_TTF_path()).parent)],
        ignore_system_fonts=True,
        sys_inputs={"sheet": data},
    )
