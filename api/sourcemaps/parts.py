"""What files were posted in a form of parts (RFC 7578)?"""

import re
from collections.abc import Iterator

from domain.errors import InvalidInput

MOST_PARTS = 100
_BOUNDARY = re.compile(r"""boundary="?([^\s";,]{1,200})""", re.IGNORECASE)
_NAME = re.compile(rb"""(?<!file)name="?([^"\r\n;]{1,200})""", re.IGNORECASE)
_FILE = re.compile(rb"""filename="?([^"\r\n;]{1,200})""", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"


def files_in(body: bytes, content_type: str) -> Iterator[tuple[str, str, bytes]]:
    """The field, the name and the content of each file.

    Raises: InvalidInput where it is no such form.
    """
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or "multipart/form-data" not in content_type.lower():
        raise InvalidInput("The body must be multipart/form-data.", ("body",))
    border = b"--" + boundary[1].encode()
    parts = (b"\r\n" + body).split(b"\r\n" + border)[1:]
    if len(parts) < 2 or not parts[-1].startswith(b"--"):  # noqa: PLR2004 - one part, and the end
        raise InvalidInput("The form ends too early.", ("body",))
    if len(parts) - 1 > MOST_PARTS:
        raise InvalidInput(f"The form has more than {MOST_PARTS} parts.", ("body",))
    for part in parts[:-1]:
        head, _, content = part.partition(_END_OF_HEAD)
        name, file = _NAME.search(head), _FILE.search(head)
        if name is None or file is None:
            raise InvalidInput("Each part of the form must be a file.", ("body",))
        yield name[1].decode("latin-1"), file[1].decode("latin-1"), content
