"""The contract of our own figures: derived ones have a source, too."""

from schemas.source import AS_INPUTS, Source

OURS = "ictdev"
CONTRACT = Source(
    id=OURS,
    title="ictdev, worked out from the sources above",
    publisher="ictdev",
    address="",
    licence=AS_INPUTS,
    citation="ictdev, method {edition}",
    cadence="with every release",
    area_scheme="ref_area",
)
