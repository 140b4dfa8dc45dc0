"""Can events be archived, where that is wanted?"""

from collections.abc import Iterator

from cli.checks import Finding
from core.files import open_files
from core.settings import Settings
from domain.archive import MARK, is_left_over

# Named so that whoever archives next clears it away, should this end in the midst.
_TRIAL = "writing-trial"
assert is_left_over(_TRIAL)


def check_archive(settings: Settings) -> Iterator[Finding]:
    """Write a file to the archive and take it away; nothing is said where there is to be none."""
    if settings.archive is None:
        return
    try:
        files = open_files(settings)
        with files.create(_TRIAL) as stream:
            stream.write(b"?")
        files.remove(_TRIAL)
        is_begun = files.exists(MARK)
    except OSError as error:
        yield Finding("FAIL", "Archive", f"does not work, so no event is dropped: {error}")
        return
    yield Finding("ok", "Archive", f"{settings.archive} can be written to{'' if is_begun else ', and is empty'}")
