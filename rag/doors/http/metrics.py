"""What the service counts, as Prometheus text; the only file that imports prometheus_client."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from rag.types import Answer, Done, Event

MEDIA_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)


class Metrics:
    """Counters of one service; `text` is what GET /metrics sends."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._requests = Counter(
            "byline_requests", "Requests by route, method and status.", ["route", "method", "status"], registry=registry
        )
        self._step = Histogram(
            "byline_step_seconds",
            "Seconds from the question to each step.",
            ["step"],
            buckets=SECONDS,
            registry=registry,
        )
        self._tokens = Counter("byline_tokens", "Tokens read and written by the model.", ["kind"], registry=registry)
        self._answers = Counter("byline_answers", "Answers made, by status.", ["status"], registry=registry)
        self._declined = Counter("byline_declined", "Answers declined, by reason.", ["reason"], registry=registry)
        self._sentences = Counter("byline_sentences", "Sentences shown, by verdict.", ["verdict"], registry=registry)
        self._kept = Counter(
            "byline_cache", "Answers asked for, by whether one was kept.", ["result"], registry=registry
        )
        self._gauges: dict[str, Gauge] = {}
        for verdict in ("supported", "unsupported"):
            self._sentences.labels(verdict)
        for reason in ("nothing_found", "not_supported", "disputed"):
            self._declined.labels(reason)

    def watch(self, name: str, what: str, read: Callable[[], float]) -> None:
        """Show a number that is read whenever the metrics are."""
        self._gauges[name] = gauge = Gauge(name, what, registry=self._registry)
        gauge.set_function(read)

    def request(self, route: str, method: str, status: int) -> None:
        """Count one request, under its route's pattern and not its path."""
        self._requests.labels(route, method, str(status)).inc()

    def cache(self, *, hit: bool) -> None:
        """Count one answer asked for."""
        self._kept.labels("hit" if hit else "miss").inc()

    def event(self, event: Event) -> None:
        """Count what an answer that is done took and gave."""
        if isinstance(event, Done):
            self._answer(event.answer)

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self._registry)

    def _answer(self, answer: Answer) -> None:
        timings = answer.timings
        for step, milliseconds in (
            ("search", timings.search_ms),
            ("first_evidence", timings.first_evidence_ms),
            ("first_token", timings.first_token_ms),
            ("total", timings.total_ms),
        ):
            self._step.labels(step).observe(milliseconds / 1000)
        self._tokens.labels("prompt").inc(answer.usage.prompt_tokens)
        self._tokens.labels("completion").inc(answer.usage.completion_tokens)
        self._answers.labels(answer.status).inc()
        if answer.declined:
            self._declined.labels(answer.declined.reason).inc()
        for sentence in answer.sentences:
            self._sentences.labels(sentence.support.verdict).inc()
