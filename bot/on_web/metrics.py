"""`/metrics`: the process's figures in the words of Prometheus.

The program counts for itself (`bot.desk.figures`); the client library is loaded when somebody asks for the first time,
and each server has a registry of its own, so that nothing of another one in the same process is shown. No label holds
a name, an id or anything that somebody typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.desk.figures import Figures, Standing
from bot.on_web.asking import Asking
from bot.on_web.condition import MOST, Waiting
from cogs.kit.offline import offline
from storage.timings import Spread, Timings

if TYPE_CHECKING:
    from prometheus_client.core import Metric

#: State of each part by name, "ok" or a word for what is wrong (`bot.on_web.server`).
States = Mapping[str, str]


class Metrics:
    """Writes the page. One for a web server."""

    def __init__(
        self,
        figures: Figures,
        standing: Callable[[], Mapping[str, Standing]],
        states: Callable[[], Awaitable[States]],
        *,
        timings: Timings | None = None,
        backlog: Callable[[], Awaitable[Waiting | None]] | None = None,
    ) -> None:
        """timings: of the database. backlog: what waits there; None, also as its answer: nothing is shown."""
        self._figures = figures
        self._standing = standing
        self._states = states
        self._timings = timings
        self._backlog = Asking(backlog) if backlog is not None else None
        self._writer: tuple[Callable[[], bytes], str] | None = None
        #: What the last questions to the parts and to the database came to.
        self._found: States = {}
        self._waiting: Waiting | None = None

    async def page(self) -> tuple[bytes, str]:
        """The page and its content type."""
        if self._writer is None:
            self._writer = await offline(self._load)
        write, kind = self._writer
        self._found = await self._states()
        away = self._found.get("database") == "no answer"  # it would not count either, only take its time
        self._waiting = None if away or self._backlog is None else await self._backlog.answer()
        return write(), kind

    def _load(self) -> tuple[Callable[[], bytes], str]:
        """The library, a tenth of a second to load; off the loop."""
        from prometheus_client import CollectorRegistry, ProcessCollector
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        collector: Any = _Collector(self)  # the library asks for its own base class and needs no more than `collect`
        registry.register(collector)
        return lambda: generate_latest(registry), CONTENT_TYPE_LATEST

    def collect(self) -> Iterator[Metric]:
        """Every metric as it stands now."""
        yield from _requests(self._figures)
        yield from _courier(self._figures, self._standing())
        if self._waiting is not None:
            yield from _backlog(self._waiting)
        yield from _parts(self._found)
        if self._timings is not None:
            yield from _database(self._timings)
        yield _seconds(
            "firstcall_loop_lag_seconds", "How long the event loop did not turn.", [], [((), self._figures.lag)]
        )


class _Collector:
    """What a registry asks."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics.collect()

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead: the registry would otherwise ask for everything while it is being made."""
        return ()


def _requests(figures: Figures) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily

    asked = CounterMetricFamily(
        "firstcall_requests",
        "What people asked for, by command or button, and how it ended.",
        labels=["surface", "name", "outcome"],
    )
    for labels, count in figures.requests.items():
        asked.add_metric(list(labels), count)
    yield asked
    yield _seconds(
        "firstcall_request_seconds",
        "The desk's share of a request, from read to reply, by how it came.",
        ["sort"],
        [((sort,), spread) for sort, spread in figures.took.items()],
    )


def _courier(figures: Figures, standing: Mapping[str, Standing]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    sends = CounterMetricFamily(
        "firstcall_deliveries", "Messages sent for something due, by how that ended.", labels=["platform", "result"]
    )
    for labels, count in figures.sends.items():
        sends.add_metric(list(labels), count)
    yield sends
    retries = CounterMetricFamily("firstcall_retries", "Messages that have to be sent again.", labels=["platform"])
    for platform, count in figures.retries.items():
        retries.add_metric([platform], count)
    yield retries
    yield _seconds(
        "firstcall_lateness_seconds",
        "How long after the time that was meant a message arrived; quiet hours are meant.",
        ["platform"],
        [((platform,), spread) for platform, spread in figures.late.items()],
    )
    gauges: tuple[tuple[str, str, Callable[[Standing], float | None]], ...] = (
        ("present", "1 where this process sends, together with others.", lambda one: one.present),
        ("queue", "Messages drawn and waiting to be sent.", lambda one: one.queued),
        ("in_hand", "Messages sent and not yet recorded.", lambda one: one.in_hand),
        ("budget", "Messages that may go out at once; none is shown where there is no limit.", lambda one: one.budget),
        ("closed_seconds", "How long nothing may be sent, as the platform asked.", lambda one: one.closed),
        ("overdue_seconds", "How long the earliest known message has been due.", lambda one: one.overdue),
    )
    for name, meaning, value in gauges:
        gauge = GaugeMetricFamily(f"firstcall_courier_{name}", meaning, labels=["platform"])
        for platform, one in standing.items():
            if (found := value(one)) is not None:
                gauge.add_metric([platform], float(found))
        yield gauge


def _backlog(waiting: Waiting) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    due = GaugeMetricFamily(
        "firstcall_notices_due",
        f"Messages to be sent, or tried again, by then; counted up to {MOST}. In every process the same.",
        labels=["platform", "by"],
    )
    for labels, count in waiting.due.items():
        due.add_metric(labels, count)
    yield due
    yield GaugeMetricFamily(
        "firstcall_notices_open",
        f"Messages waiting for any time; above {MOST} as it was a quarter of an hour ago at most.",
        value=waiting.open,
    )


def _database(timings: Timings) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    line = GaugeMetricFamily(
        "firstcall_database_line", "Transactions that wait for a connection now.", labels=["transaction"]
    )
    for kind, count in timings.in_line.items():
        line.add_metric([kind], count)
    yield line
    for name, meaning, spreads in (
        ("wait", "How long a transaction waited for a connection.", timings.waited),
        ("transaction", "How long it then had it, until what it wrote was on disk.", timings.lasted),
        ("statement", "How long a single statement took, the way to the database included.", timings.asked),
    ):
        yield _seconds(
            f"firstcall_database_{name}_seconds",
            meaning,
            ["transaction"],
            [((kind,), spread) for kind, spread in spreads.items()],
        )


def _parts(found: States) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    up = GaugeMetricFamily(
        "firstcall_up", "1 for each part that answers: the database, the platforms.", labels=["part"]
    )
    for part, state in found.items():
        up.add_metric([part], float(state == "ok"))
    yield up


def _seconds(name: str, meaning: str, labels: list[str], spreads: Iterable[tuple[tuple[str, ...], Spread]]) -> Metric:
    """A histogram: counts that add up from step to step, as Prometheus wants them."""
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(name, meaning, labels=labels)
    for values, spread in spreads:
        so_far, steps = 0, []
        for bound, count in zip((*map(str, spread.bounds), "+Inf"), spread.counts, strict=True):
            so_far += count
            steps.append((bound, so_far))
        family.add_metric(list(values), steps, sum_value=spread.total)
    return family
