"""The refresh as a schedule or a worker runs it: one flow that asks the publishers that are due, with tasks inside.

Parameters are paths and ids. A run that finds another one on its home ends as `Busy`, one that finds nothing due as
`Nothing due`; neither is a failure. Whoever starts it sets Prefect's environment first (`flows.run`, prefect.yaml).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows import due, log, runbook, sending
from flows import plan as planning
from flows.notices import Notice
from flows.plan import Plan
from flows.refresh import RUNNER, steps
from flows.report import NOTHING, OK, Report
from flows.run import work_folder
from flows.settings import Settings, load
from flows.sharing import address, share
from flows.watch import look, watching
from schemas.errors import Busy, IctdevError, Usage
from warehouse.home import Home
from warehouse.journal import guard_against_loss
from warehouse.lock import exclusive


@flow(name="scheduled refresh", task_runner=RUNNER)
def scheduled(home: str = "", sources: list[str] | None = None, everything: bool = False) -> State[None]:  # noqa: FBT001, FBT002 - Prefect's parameters
    """Refresh what is due.

    home: the folder of the installation; that of the settings where it is left empty.
    sources: ask only these publishers; all that can be asked where it is left out.
    everything: ask them whether or not they are due.
    """
    try:
        if "{{" in home:
            raise Usage("the home of the deployment is not set", next_step="set ICTDEV_HOME, then prefect deploy --all")
        settings = load(**({"home": home} if home else {}))
        log.configure(as_json=settings.json_log)
        return _refresh(settings, sources or [], everything=everything)
    except Busy as busy:
        log.say(str(busy), run=str(flow_run.id))
        return Completed(name="Busy", message=str(busy))
    except IctdevError as error:
        return Failed(message=str(error))


def _refresh(settings: Settings, sources: Sequence[str], *, everything: bool) -> State[None]:
    home, wanted = Home(settings.home.resolve()), planning.asked(sources)
    with exclusive(home):
        asking = wanted if everything else due.due(wanted, runbook.load(home).asked, datetime.now(UTC))
        if not asking:
            look(home, settings)
            log.say("nothing is due", run=str(flow_run.id))
            return Completed(name="Nothing due", message="no publisher is due to be asked")
        plan = planning.for_sources(settings, asking)
        with watching(home, settings, plan.sources, str(flow_run.id)) as watched, work_folder(home) as work:
            storage = address(settings)
            watched.report = _run(home, plan, work)
            watched.report.unshared = share(home, storage)
    return _state(watched.report)


def _run(home: Home, plan: Plan, work: Path) -> Report:
    guard_against_loss(home)
    plan_path = work / "plan.json"
    plan.save(plan_path)
    return Report.load(Path(steps(str(plan_path), list(plan.sources))))


def _state(report: Report) -> State[None]:
    fate = f"release {report.vintage} {'was published' if report.changed else 'stands'}"
    troubled = [f"{one.source} {one.state}" for one in report.sources if one.state != "good"]
    message = "; ".join([fate, *troubled, *report.refused.values(), *report.unshared.values()])
    if report.exit_status == NOTHING:
        return Failed(message=message)
    return Completed(message=message) if report.exit_status == OK else Completed(name="Partly", message=message)


@flow(name="tell by e-mail")
def tell(kind: str, subject: str, text: str, about: str, run: str = "", vintage: str = "") -> State[None]:
    """Send a notice by e-mail: what an automation of the server runs for each event of ours."""
    notice = Notice(kind, subject, text, about, run, vintage)  # type: ignore[arg-type]
    failure = sending.mail_patiently(load(), notice)
    return Failed(message=failure) if failure else Completed(message=f"told: {subject}")
