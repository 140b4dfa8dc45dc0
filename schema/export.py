"""`python -m schema.export`: writes the contract to `frontend-contract/schema.graphql`."""

from pathlib import Path

from schema.root import build_schema

TARGET = Path(__file__).parent.parent / "frontend-contract" / "schema.graphql"


def sdl() -> str:
    """The contract in SDL, as it is kept in git."""
    return build_schema().as_str().strip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(sdl())
