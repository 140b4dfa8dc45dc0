"""Files in one place, a directory or a bucket of S3: there whole or not at all, and on disk before that is said.

Its library takes 50 MB of memory, so it is for commands that end, and never for the API or the worker.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

from pyarrow import NativeFile, fs

from core.disk import sync
from core.settings import Settings

_CONNECT_S, _ANSWER_S = 10.0, 60.0


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is there: its name below the place, and its size."""

    name: str
    bytes: int


class Files:
    """The files below one place. Whatever cannot be done raises OSError."""

    def __init__(self, system: fs.FileSystem, root: str, *, is_local: bool) -> None:
        self._system = system
        self._root = root
        self._is_local = is_local

    def list(self, under: str = "") -> list[Stored]:
        """The files below a folder, in the order of their names; none where there is no such folder."""
        base = self._path(under) if under else self._root
        found = self._system.get_file_info(fs.FileSelector(base, recursive=True, allow_not_found=True))
        files = [file for file in found if file.type is fs.FileType.File]
        return sorted((Stored(self._name(file.path), file.size) for file in files), key=lambda file: file.name)

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(self._system.get_file_info(self._path(name)).type is fs.FileType.File)

    def open(self, name: str) -> NativeFile:
        """A file, to be read from any point."""
        return self._system.open_input_file(self._path(name))

    def create(self, name: str) -> NativeFile:
        """A file to be written; what had the name is gone."""
        self._make_folder(name)
        return self._system.open_output_stream(self._path(name))

    def settle(self, temporary: str, name: str) -> None:
        """Leave what was written under one name under another, in place of what was there, and on disk."""
        self._make_folder(name)
        if self._is_local:
            sync(Path(self._path(temporary)))
        self._system.move(self._path(temporary), self._path(name))
        if self._is_local:
            for folder in PurePosixPath(name).parents:
                sync(Path(self._root, folder))

    def remove(self, name: str) -> None:
        """Leave no file of that name."""
        self._system.delete_file(self._path(name))

    def _make_folder(self, name: str) -> None:
        """Leave the folder of a file there; a bucket has none."""
        if self._is_local:
            Path(self._path(name)).parent.mkdir(parents=True, exist_ok=True)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _name(self, path: str) -> str:
        return path.removeprefix(f"{self._root}/")


def open_files(settings: Settings) -> Files:
    """The place that `TOCSIN_ARCHIVE` names, which must be set; nothing is asked of it yet."""
    assert settings.archive is not None
    if not settings.archive.startswith("s3://"):
        return Files(fs.LocalFileSystem(), settings.archive, is_local=True)
    url = urlsplit(settings.archive)
    asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
    endpoint = urlsplit(asked["endpoint"]) if "endpoint" in asked else None
    system = fs.S3FileSystem(
        access_key=settings.archive_access_key,
        secret_key=settings.archive_secret_key,
        region=asked.get("region"),
        connect_timeout=_CONNECT_S,
        request_timeout=_ANSWER_S,
        **({"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme} if endpoint else {}),
    )
    return Files(system, f"{url.hostname}{unquote(url.path)}".rstrip("/"), is_local=False)
