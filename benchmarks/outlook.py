"""The calculations that stand on many evaluations: rank intervals of the index, and projections of all series.

Yardsticks: the same 2,000 indices worked out and ranked one after the other; one statsmodels fit with its prediction
for each series.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from benchmarks.cost import best

ECONOMIES = 170


def lines() -> Iterator[str]:
    """Give one line for each of the two."""
    yield rank_line()
    yield projection_line()


def _made_up() -> tuple[np.ndarray, np.ndarray]:
    """Make up inputs of as many economies as ITU ranks, spread over the scale, printed to a tenth."""
    from indicators import index_edition

    edition = index_edition.of(2024)
    rng = np.random.default_rng(1)
    full = np.array([one.full for one in edition.components for _ in one.inputs])
    start = np.array([one.threshold for one in edition.components for _ in one.inputs])
    values = start + (full - start) * rng.uniform(0.05, 1.1, (ECONOMIES, len(full)))
    return np.round(values, 1), np.full(values.shape, 0.05)


def rank_line() -> str:
    """Give the line of the rank intervals."""
    from indicators import idi, idi_ranks, index_edition

    edition, (values, half), plan = index_edition.of(2024), _made_up(), idi_ranks.USUAL
    weights = idi.edition_weights(edition)
    rng = np.random.default_rng(2)
    moved = [values + half * rng.uniform(-1, 1, values.shape) for _ in range(20)]

    def one_after_the_other() -> None:
        for draw in range(plan.draws):
            idi_ranks.ranks(idi.score_all(moved[draw % 20], edition, weights)[..., 0])

    own = best(lambda: idi_ranks.drawn_ranks(values, half, edition, plan))
    plain = best(one_after_the_other, rounds=3)
    return f"rank intervals, {plan.draws:,} draws × {ECONOMIES}  {own:6.2f} s   {own / plain:.2f} × one after the other ({plain:.2f} s)"


def points() -> pa.Table:
    """Give the bundled figures of every indicator that can be projected, groups and all sources included."""
    from flows.plan import bundled
    from indicators import projection
    from schemas import sdmx_csv

    parts = [sdmx_csv.read(one.raw, one.side).observations for one in sdmx_csv.bundle(bundled())]
    table = pa.concat_tables(parts)
    return table.filter(pa.compute.is_in(table["indicator"], pa.array(list(projection.methods()))))


def projection_line() -> str:
    """Give the line of the projections."""
    from indicators import projection
    from indicators.trend import fit

    table, chosen = points(), projection.methods()
    figures, _ = projection.figures_of(table)
    usable = fit(figures, chosen["internet_users"]).usable
    order = np.argsort(figures.series, kind="stable")
    cuts = np.flatnonzero(np.diff(figures.series[order])) + 1
    series = [(figures.year[part], figures.value[part]) for part in np.split(order, cuts)]
    fitted = [one for one, enough in zip(series, usable, strict=True) if enough]
    own = best(lambda: projection.projections(table, chosen))
    plain = best(lambda: [_statsmodels(*one) for one in fitted], rounds=3)
    return f"projections of {len(series):,} series    {own:6.2f} s   {own / plain:.2f} × {len(fitted):,} fits by statsmodels ({plain:.2f} s)"


def _statsmodels(year: np.ndarray, value: np.ndarray) -> object:
    """Fit and project one series for the same ten years, as a person would with statsmodels."""
    import statsmodels.api as sm

    recent = year > year.max() - 10
    x, z = year[recent].astype("float64"), np.log((value[recent] + 0.5) / (100.5 - value[recent]))
    ahead = sm.add_constant(x.max() + np.arange(1.0, 11.0), has_constant="add")
    return sm.OLS(z, sm.add_constant(x)).fit().get_prediction(ahead).conf_int(obs=True, alpha=0.2)


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
