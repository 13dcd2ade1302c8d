"""`/metrics`: how a home stands, in the text format that Prometheus and its kin collect."""

from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from flows.health import Health, age_seconds, fresh_seconds

__all__ = ["CONTENT_TYPE", "text"]
STATES = ("good", "partial", "held", "unavailable")


def text(found: Health) -> bytes:
    """Give the metrics of a home as it stands."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Standing(found))
    return generate_latest(registry)


class _Standing(Collector):
    def __init__(self, found: Health) -> None:
        self.found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give every family; what is not known has no sample."""
        yield _one("ictdev_healthy", "1 when every source is within its cadence and the release is whole", self._well())
        yield from self._sources()
        yield from self._release()
        yield from self._run()
        yield _one("ictdev_notices_unsent", "Notices that no receiver took yet", len(self.found.book.unsent))

    def _well(self) -> int:
        return int(not list(self.found.reasons()))

    def _sources(self) -> Iterator[GaugeMetricFamily]:
        sources, asked = self.found.sources, self.found.book.asked
        good = {one.source: one.last_good.timestamp() for one in sources if one.last_good}
        yield _many("ictdev_source_last_good_timestamp_seconds", "When a source was last good", good)
        rhythm = {one.source: seconds for one in sources if (seconds := fresh_seconds(one)) is not None}
        yield _many("ictdev_source_cadence_seconds", "How long a source's figures stay fresh", rhythm)
        fresh = {one.source: int(not one.stale) for one in sources if one.fresh_days is not None}
        yield _many("ictdev_source_fresh", "1 while a source is within its cadence", fresh)
        yield _many(
            "ictdev_source_held",
            "1 while a check or a guard holds a source",
            {one.source: int(one.state == "held") for one in sources},
        )
        states = GaugeMetricFamily(
            "ictdev_source_state", "1 for the state in which the last run left a source", labels=["source", "state"]
        )
        for one in sources:
            for state in STATES:
                states.add_metric([one.source, state], int(one.state == state))
        yield states
        yield _many(
            "ictdev_source_last_asked_timestamp_seconds",
            "When a publisher was last asked",
            {source: one.at.timestamp() for source, one in asked.items()},
        )

    def _release(self) -> Iterator[GaugeMetricFamily]:
        release = self.found.release
        yield _one(
            "ictdev_release_whole", "1 when every file of the newest release is there", int(not self.found.broken)
        )
        if release is None:
            return
        moment = self.found.at.timestamp() - age_seconds(release.vintage, self.found.at)
        yield _one("ictdev_release_timestamp_seconds", "When the newest release was made", moment)
        rows = {name: note["rows"] for name, note in release.manifest["tables"].items()}
        yield _many("ictdev_release_rows", "Rows of each table of the newest release", rows, "table")

    def _run(self) -> Iterator[GaugeMetricFamily]:
        yield _one("ictdev_run_in_progress", "1 while a refresh is running", int(self.found.running))
        last = self.found.book.last
        if last is not None:
            yield _one("ictdev_last_run_timestamp_seconds", "When the last run began", last.started.timestamp())
            yield _one("ictdev_last_run_duration_seconds", "How long the last run took", last.seconds)
            yield _one("ictdev_last_run_exit_status", "0 good, 3 something held, 4 nothing published", last.exit_status)


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, f"{meaning}.", value=value)


def _many(name: str, meaning: str, values: Mapping[str, float], label: str = "source") -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, f"{meaning}.", labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
