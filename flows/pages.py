"""The pages of a release: drawn from the finished release before it gets its name."""

from schemas.errors import Invalid
from warehouse.home import Home
from warehouse.pointer import Release, latest
from warehouse.query import Session

FOLDER = "site"


def write(release: Release) -> None:
    """Draw the site into the folder of a release that is being built."""
    from dashboards.site.build import build  # noqa: PLC0415 - loaded only where pages are drawn

    with Session(release) as session:
        build(session, release.folder / FOLDER)


def had(home: Home) -> bool:
    """Tell whether the newest release has pages, so that the next one that nobody plans has them too."""
    try:
        newest = latest(home)
    except Invalid:
        return False
    return newest is not None and f"{FOLDER}/index.html" in newest.manifest.get("files", {})


def leave_out(_: Release) -> None:
    """Draw nothing."""
