"""What changed since the report before, for the annex: revisions by cause, the largest, and targets that flipped."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboards.report.found import Answers
from warehouse import Session

LARGEST = 15
Row = dict[str, Any]


def tell(session: Session, answers: Answers, since: str | None) -> None:
    """Put the answers `changed_since`, `revisions`, `largest_revisions` and `flips` beside those of the queries."""
    start = since or _before(session)
    if start is None:
        answers.hold({"changed_since": [], "revisions": [], "largest_revisions": [], "flips": []})
        return
    found = session.revisions(start)
    names = {row["indicator"]: row for row in session.rows("SELECT indicator, name_en, name_zh FROM indicator")}
    areas = {row["ref_area"]: row for row in session.rows("SELECT ref_area, name_en, name_zh, iso2 FROM area")}
    answers.hold(
        {
            "changed_since": [{"since": session.moment(start), "figures": found.num_rows}],
            "revisions": _by_cause(found),
            "largest_revisions": [_named(row, names, areas) for row in _largest(found)],
            "flips": _flips(session, start),
        }
    )


def _before(session: Session) -> str | None:
    (row,) = session.rows("SELECT max(vintage) AS v FROM run WHERE vintage < (SELECT max(vintage) FROM run)")
    return row["v"].strftime("%Y%m%dT%H%M%SZ") if row["v"] else None


def _by_cause(found: pa.Table) -> list[Row]:
    """Count the changes by publisher, kind and cause, with the largest revision in per cent."""
    by = ["source", "kind", "cause"]
    sized = found.select(by).append_column("size", pc.abs(found["change_pct"]))
    table = sized.group_by(by).aggregate([([], "count_all"), ("size", "max")])
    sorted_table = table.sort_by([(name, "ascending") for name in by])
    return [
        {**{name: row[name] for name in by}, "figures": row["count_all"], "largest": row["size_max"]}
        for row in sorted_table.to_pylist()
    ]


def _largest(found: pa.Table) -> list[Row]:
    """Give the largest revisions of figures of all people; the read API gives the largest first."""
    wanted = pc.and_(pc.equal(found["kind"], "revised"), pc.equal(found["sex"], "_T"))
    rows: list[Row] = found.filter(wanted).slice(0, LARGEST).to_pylist()
    return rows


def _named(row: Row, names: dict[str, Row], areas: dict[str, Row]) -> Row:
    indicator, area = names.get(row["indicator"], {}), areas.get(row["ref_area"], {})
    return {
        **row,
        "year": int(row["time_period"][:4]),
        "indicator_name_en": indicator.get("name_en") or row["indicator"],
        "indicator_name_zh": indicator.get("name_zh"),
        "name_en": area.get("name_en") or row["ref_area"],
        "name_zh": area.get("name_zh"),
        "iso2": area.get("iso2"),
    }


def _flips(session: Session, start: str) -> list[Row]:
    questions = {
        (row["mandate"], row["id"]): row
        for row in session.rows("SELECT mandate, id, question_en, question_zh FROM target")
    }
    found = []
    for row in session.flips(start).to_pylist():
        question = questions.get((row["mandate"], row["target"]), {})
        found.append(
            {**row, "question_en": question.get("question_en") or row["target"],
             "question_zh": question.get("question_zh")}
        )  # fmt: skip
    return found
