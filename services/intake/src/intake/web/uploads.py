"""Files that came with a form: as many, as large and of such kinds as we take (IN-01)."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile

from aftercare_events.attachments import Attachment
from aftercare_events.media_type import media_type_of
from aftercare_http import digest

from ..mail.text import clean

FIELD = "files"
MOST_FILES = 5
MOST_BYTES = 8 << 20
MOST_BYTES_TOGETHER = 20 << 20
# Those beyond MOST_FILES are named to the sender, up to here.
READ_FILES = 20
# With text fields and the lines that multipart puts around each part: beyond it nothing is read,
# below it the form can say itself what is too large.
BODY_LIMIT = MOST_FILES * MOST_BYTES + (256 << 10)
# What the pages say of it.
FILES = {"most": MOST_FILES, "mb": MOST_BYTES >> 20, "together": MOST_BYTES_TOGETHER >> 20}
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Uploads:
    """`names` of what was chosen; its content, or the key of what is wrong, with `culprit`."""

    names: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    error: str | None = None
    culprit: str = ""

    @property
    def digest(self) -> str:
        """Of names and contents, in their order."""
        return digest([part for file in self.files for part in (file.name.encode(), file.content)])


async def read_uploads(sent: FormData) -> Uploads:
    """A field in which nothing was chosen comes as a file without a name."""
    parts = (part for part in sent.getlist(FIELD) if isinstance(part, UploadFile))
    return await take([part for part in parts if part.filename])


async def take(parts: Sequence[UploadFile]) -> Uploads:
    """Sizes are looked at before anything is read."""
    chosen = [(_name(part), part) for part in parts]
    names = tuple(name for name, _ in chosen)
    if len(chosen) > MOST_FILES:
        return Uploads(names, error="form.error.too_many_files")
    for name, part in chosen:
        if error := _size_error(part.size or 0):
            return Uploads(names, error=error, culprit=name)
    if sum(part.size or 0 for _, part in chosen) > MOST_BYTES_TOGETHER:
        return Uploads(names, error="form.error.files_too_large")
    files: list[Attachment] = []
    for name, part in chosen:
        content = await part.read()
        media_type = media_type_of(content)
        if media_type is None:
            return Uploads(names, error="form.error.file_type", culprit=name)
        files.append(Attachment(name, media_type, content))
    return Uploads(names, tuple(files))


def _name(part: UploadFile) -> str:
    """The end of a long name says what it is."""
    name = clean(part.filename or "").replace("\\", "/").rpartition("/")[2].strip()
    return name[-_LONGEST_NAME:] or "file"


def _size_error(size: int) -> str | None:
    if size > MOST_BYTES:
        return "form.error.file_too_large"
    return None if size else "form.error.file_empty"
