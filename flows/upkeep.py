"""Verifying and rebuilding as a person sees it: progress, verdict, next step."""

from collections.abc import Iterator
from contextlib import contextmanager

from flows import options, screen
from flows.rebuild import Progress, Rebuilt, mend, rebuild
from schemas.errors import Unanswered
from warehouse import verify
from warehouse.home import Home
from warehouse.lock import exclusive


def verify_home(home: Home, *, repair: bool) -> None:
    """Check everything and say so. Raises Unanswered where something is damaged and stays so."""
    with screen.working("checking every hash", quiet=options.given.quiet), exclusive(home):
        verdict = verify.home(home)
    _tell(verdict)
    if verdict.damage and repair:
        with _progress("mending from snapshots") as told:
            made = mend(home, verdict.damage, told)
        _report(made)
        with exclusive(home):
            verdict = verify.home(home)
        _tell(verdict)
    if verdict.damage:
        raise _damaged(verdict)


def rebuild_home(home: Home, *, force: bool) -> None:
    """Rebuild and say what came of it. Raises Unanswered where the result differs from what stood."""
    with _progress("rebuilding from snapshots") as told:
        made = rebuild(home, force=force, progress=told)
    _report(made)
    if made.different:
        raise Unanswered(
            f"{len(made.different)} release(s) differ from what was rebuilt",
            why="; ".join(f"{name}: {', '.join(tables)}" for name, tables in made.different.items()),
            next_step="the history was replaced as you asked; its former file lies beside it, ending in .before",
        )


@contextmanager
def _progress(text: str) -> Iterator[Progress]:
    """Show on a terminal which run is being replayed."""
    with screen.working(text, quiet=options.given.quiet) as shown:
        yield lambda step: shown.update(f"{text} · {step}") if shown is not None else None


def _tell(verdict: verify.Verdict) -> None:
    if not options.given.quiet:
        screen.out.print(
            f"{verdict.snapshots:,} snapshots, {verdict.runs:,} runs in the journal, {verdict.releases:,} releases: "
            + ("all whole" if not verdict.damage else f"{len(verdict.damage)} damaged")
        )
    for one in verdict.damage:
        screen.err.print(f"  {one.place}: {one.what}", markup=False)


def _report(made: Rebuilt) -> None:
    if options.given.quiet:
        return
    screen.out.print(f"{made.runs:,} runs replayed; {len(made.same)} release(s) have the same content hashes")
    for name, tables in made.different.items():
        screen.out.print(f"  {name} differs in {', '.join(tables)}", markup=False)
    for name in made.other_rules:
        screen.out.print(f"  {name} was worked out by other rules than today's", markup=False)
    if made.history_replaced:
        screen.out.print("the history was made anew; its former file lies beside it, ending in .before")
    for name in made.mended:
        screen.out.print(f"release {name} was made anew")


def _damaged(verdict: verify.Verdict) -> Unanswered:
    mendable = all(one.mendable for one in verdict.damage)
    return Unanswered(
        f"{len(verdict.damage)} of what is kept is damaged",
        why="; ".join(f"{one.place} {one.what}" for one in verdict.damage[:3]),
        next_step="ictdev verify --repair   makes it anew from snapshots and journal"
        if mendable
        else "restore the snapshots folder from a backup; what was fetched and still stands can be fetched again",
    )
