"""Searches that name each thing that can be named in one."""

from tests.support.tenants import Names


def searches_of_issues(names: Names) -> list[str]:
    """Searches of issues."""
    return [*_searches(names), names.short_id or names.word]


def searches_of_events(names: Names) -> list[str]:
    """Searches of events."""
    return _searches(names)


def suggestions(names: Names) -> list[dict[str, object]]:
    """Searches that are being written, where each thing that can be named may come next."""
    keys = ("service", "environment", "release", "type", "culprit", "assignee", "team")
    letters = ("", names.word, (names.email or "")[:4])
    tags = ("tag.", f"tag.{names.word}", f"tag.{names.word}tag:", "tag.region:", "has:tag.")
    written = [*(f"{key}:{begun}" for key in keys for begun in letters), *tags]
    return [{"search": search, "first": 50} for search in written]


def _searches(names: Names) -> list[str]:
    named = {
        "service": names.service,
        "environment": names.environment,
        "release": names.release,
        "type": names.error_type,
        "assignee": names.email,
        "team": f"{names.word}-team",
        "culprit": f"{names.word}*",
        "user": names.email,
        f"tag.{names.word}tag": names.word,
    }
    terms = [f'{key}:"{value}"' for key, value in named.items()]
    return [f"{names.word}*", f'"{names.error_type}"', *terms, " OR ".join(terms)]
