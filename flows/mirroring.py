"""Mirroring releases from the command line: which, how far it is, and what came of it."""

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from flows import options, screen
from schemas.errors import Unanswered, Usage
from warehouse import pointer, releases
from warehouse.home import Home
from warehouse.mirror import Copied, Mirror


def run(home: Home, target: str, release: str | None, *, everything: bool) -> None:
    """Copy the releases that are asked for, oldest first, and tell what was copied."""
    if release and everything:
        raise Usage("--release names one, --all means every one: give one of them")
    names = _chosen(home, release, everything=everything)
    mirror = Mirror(home, target)
    mirror.look()
    done = [_copied(mirror, name) for name in names]
    newest = mirror.point()
    if options.given.quiet:
        return
    for one in done:
        fate = f"{one.files} files copied, {one.size / 1e6:.1f} MB" if one.files else "was there already"
        screen.out.print(f"{one.release}   {fate}; {one.proven} files proven", markup=False)
    screen.out.print(f"{mirror.shown} leads readers to release {newest}", markup=False)


def _chosen(home: Home, release: str | None, *, everything: bool) -> list[str]:
    newest = pointer.newest(home).vintage
    there = [path.name for path in releases.folders(home) if releases.manifest(home, path.name) is not None]
    if everything:
        return there
    if release is not None and release not in there:
        raise Unanswered(f"there is no release {release}", why=f"there are: {', '.join(there)}")
    return [release or newest]


def _copied(mirror: Mirror, name: str) -> Copied:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    shown = screen.err.is_terminal and not options.given.quiet
    with Progress(*columns, console=screen.err, transient=True, disable=not shown) as progress:
        task = progress.add_task(name, total=mirror.size(name))
        return mirror.copy(name, lambda size: progress.advance(task, size))
